// The shape of a `rich_text` block. Text inside it is never parsed for markup: what a log says stays what it says.

import { id } from './block-elements.ts';
import { boolean, byType, list, number, object, oneOf, type Rule, string, url } from './block-rules.ts';

/** Slack names no limit for one run of rich text; the whole message's limit holds. */
const RUN_MAX = 12_000;
const RUNS_MAX = 1000;

const style = object({}, { bold: boolean, italic: boolean, strike: boolean, code: boolean, underline: boolean });

const run: Record<string, Rule> = {
  text: object({ text: string(RUN_MAX) }, { style }),
  link: object({ url: url(3000) }, { text: string(RUN_MAX), unsafe: boolean, style }),
};

const inline = byType({
  ...run,
  emoji: object({ name: string(100) }, { unicode: string(100), style, skin_tone: number(1, 6) }),
  user: object({ user_id: id }, { style }),
  usergroup: object({ usergroup_id: id }, { style }),
  channel: object({ channel_id: id }, { style }),
  team: object({ team_id: id }, { style }),
  broadcast: object({ range: oneOf('here', 'channel', 'everyone') }, { style }),
  color: object({ value: string(20) }, { style }),
  date: object({ timestamp: number(0, 1e12), format: string(300) }, { url: url(3000), fallback: string(300), style }),
});

const border = oneOf(0, 1);
const section = object({ elements: list(inline, RUNS_MAX) });

const element = byType({
  rich_text_section: section,
  rich_text_list: object(
    { style: oneOf('bullet', 'ordered'), elements: list(byType({ rich_text_section: section }), RUNS_MAX) },
    { indent: number(0, 8), offset: number(0, 1000), border },
  ),
  rich_text_preformatted: object({ elements: list(byType(run), RUNS_MAX) }, { border }),
  rich_text_quote: object({ elements: list(inline, RUNS_MAX) }, { border }),
});

export const richText: Rule = object({ elements: list(element, 100) }, { block_id: id });
