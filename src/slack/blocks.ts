// Block Kit pieces that keep Slack's limits by construction: nothing is sent that Slack would refuse. What would make a
// message too long is left out whole, from the end, and buttons are never among it.

import type {
  ActionsBlock,
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  ContextBlock,
  KnownBlock,
  PlainTextElement,
  PlainTextOption,
  RichTextBlock,
  SectionBlock,
} from '@slack/types';
import { clean, clip, flat } from './mrkdwn.ts';

/** Limits of Block Kit, from the comments of @slack/types and Slack's documentation. */
export const LIMITS = {
  blocks: 50,
  sectionText: 3_000,
  contextText: 2_000,
  buttonText: 75,
  actions: 25,
  options: 100,
  optionText: 75,
  confirmText: 300,
  /** Characters in all blocks together. Slack states no number; messages a little above 10,000 were refused. */
  message: 9_600,
} as const;

export interface Message {
  /** mrkdwn for notifications and screen readers; `chat.update` takes 4,000 characters, these are a sentence or two. */
  text: string;
  blocks: KnownBlock[];
}

/** `lines` are mrkdwn already; whole lines are dropped rather than an entity or a mark cut in two. */
export function section(lines: string[]): SectionBlock[] {
  const text = joined(lines, LIMITS.sectionText);
  return text === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }];
}

/** Small grey lines, mrkdwn already. */
export function context(...lines: string[]): ContextBlock[] {
  const text = joined(lines, LIMITS.contextText);
  return text === '' ? [] : [{ type: 'context', elements: [{ type: 'mrkdwn', text, verbatim: true }] }];
}

function joined(lines: string[], most: number): string {
  let text = '';
  for (const line of lines.filter((l) => l.trim() !== '')) {
    if (text.length + line.length + 1 > most) break;
    text += text === '' ? line : `\n${line}`;
  }
  return text;
}

/** A label: one line that is never empty, since Slack takes no empty one. */
function label(text: string, most: number): PlainTextElement {
  return { type: 'plain_text', text: clip(flat(text), most) || '…' };
}

export function button(
  actionId: string,
  title: string,
  value: string,
  { style, confirm }: { style?: 'primary' | 'danger' | undefined; confirm?: ConfirmationDialog } = {},
): Button {
  const optional = { ...(style ? { style } : {}), ...(confirm ? { confirm } : {}) };
  return { type: 'button', action_id: actionId, text: label(title, LIMITS.buttonText), value, ...optional };
}

/** The question before something risky. `text` is plain. */
export function confirmation(title: string, text: string, yes: string, no: string): ConfirmationDialog {
  return {
    title: label(title, 100),
    text: label(text, LIMITS.confirmText),
    confirm: label(yes, 30),
    deny: label(no, 30),
  };
}

export function menu(
  actionId: string,
  placeholder: string,
  options: { title: string; value: string }[],
): ActionsBlockElement[] {
  const listed: PlainTextOption[] = options
    .slice(0, LIMITS.options)
    .map(({ title, value }) => ({ text: label(title, LIMITS.optionText), value }));
  return listed.length
    ? [{ type: 'static_select', action_id: actionId, placeholder: label(placeholder, 75), options: listed }]
    : [];
}

export function actions(elements: ActionsBlockElement[]): ActionsBlock[] {
  return elements.length ? [{ type: 'actions', elements: elements.slice(0, LIMITS.actions) }] : [];
}

/**
 * Text as it is, in a fixed-width box: no markup is read in it, so nothing can be injected. Whole lines up to `most`
 * characters, those at the `from` end first, so that no command is cut in two.
 */
export function preformatted(lines: string[], most: number, from: 'start' | 'end' = 'start'): RichTextBlock[] {
  const cleaned = lines.flatMap((line) => clean(line).split('\n'));
  const wanted = from === 'end' ? cleaned.reverse() : cleaned;
  const whole = joined(wanted, most).split('\n');
  const kept = whole[0] ? whole : [clip(wanted.find((l) => l.trim() !== '') ?? '', most)];
  const text = (from === 'end' ? kept.reverse() : kept).join('\n');
  return text.trim() === ''
    ? []
    : [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }] }];
}

/** `text` is mrkdwn. */
export function message(text: string, blocks: KnownBlock[]): Message {
  const reserved = textLength(blocks.filter((b) => b.type === 'actions'));
  let left = LIMITS.message - reserved;
  const kept = blocks.filter((block) => {
    if (block.type === 'actions') return true;
    left -= textLength(block);
    return left >= 0;
  });
  return { text, blocks: kept.slice(0, LIMITS.blocks) };
}

/** Characters of text in these blocks, wherever they stand. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + textLength(entry), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [name, field]) => sum + (name === 'text' && typeof field === 'string' ? field.length : textLength(field)),
    0,
  );
}
