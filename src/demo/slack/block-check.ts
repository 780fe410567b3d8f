// Decides whether Slack would take these blocks, and says why not in Slack's words. It is at least as strict as Slack:
// limits from @slack/types, uniqueness of ids, one table a message, and the undocumented limit on a message's whole text.

import { accessory, actionElement, id, image, inputElement, plain, text } from './block-elements.ts';
import {
  also,
  boolean,
  byType,
  isObject,
  list,
  number,
  object,
  oneOf,
  type Report,
  type Rule,
  string,
} from './block-rules.ts';
import { richText } from './rich-text-rules.ts';

/**
 * Slack refuses a message whose blocks hold too much text (`msg_blocks_too_long`) without saying how it counts:
 * 13,297 characters of markdown passed, 11,341 of mixed blocks did not. This stays below every known refusal.
 */
export const MESSAGE_TEXT_MAX = 10_000;

const cell = byType({
  rich_text: richText,
  raw_text: object({ text: string(3000) }),
  raw_number: object({ value: number(-Number.MAX_VALUE, Number.MAX_VALUE), text: string(3000) }),
});

const table = object(
  { rows: list(list(cell, 20), 100) },
  {
    block_id: id,
    column_settings: list(object({}, { align: oneOf('left', 'center', 'right'), is_wrapped: boolean }), 20),
  },
);

const block: Rule = byType({
  section: also(
    object({}, { block_id: id, text: text(3000), fields: list(text(2000), 10), accessory, expand: boolean }),
    (value) => (value.text || value.fields ? undefined : 'must define either `text` or `fields`'),
  ),
  header: object({ text: plain(150) }, { block_id: id }),
  divider: object({}, { block_id: id }),
  context: object({ elements: list(byType({ ...textTypes(), image }), 10) }, { block_id: id }),
  actions: object({ elements: list(actionElement, 25) }, { block_id: id }),
  image: object({ alt_text: string(2000), image_url: string(3000) }, { block_id: id, title: plain(2000) }),
  input: object(
    { label: plain(2000), element: inputElement },
    { block_id: id, hint: plain(2000), optional: boolean, dispatch_action: boolean },
  ),
  markdown: object({ text: string(12_000) }, { block_id: id }),
  rich_text: richText,
  table,
});

function textTypes(): Record<string, Rule> {
  return {
    plain_text: object({ text: string(3000) }, { emoji: boolean }),
    mrkdwn: object({ text: string(3000) }, { verbatim: boolean }),
  };
}

/** The problems of a message's blocks as Slack lists them in `response_metadata.messages`; empty when they are good. */
export function blockProblems(blocks: unknown, at = '/blocks', max = 50): string[] {
  const problems: string[] = [];
  const report: Report = (problem, pointer) => problems.push(`[ERROR] ${problem} [json-pointer:${pointer}]`);
  list(block, max, 0)(blocks, at, report);
  if (Array.isArray(blocks)) reportRepeats(blocks, at, report);
  return problems;
}

/** `block_id` is unique in the whole message, `action_id` within its block; one table a message. */
function reportRepeats(blocks: unknown[], at: string, report: Report): void {
  const blockIds = new Set<unknown>();
  let tables = 0;
  blocks.forEach((entry, index) => {
    if (!isObject(entry)) return;
    if (entry.type === 'table' && ++tables > 1) report('only one table allowed', `${at}/${index}`);
    if (entry.block_id !== undefined && blockIds.has(entry.block_id)) {
      report(`\`block_id\` "${entry.block_id}" already exists`, `${at}/${index}/block_id`);
    }
    blockIds.add(entry.block_id);
    const actionIds = new Set<unknown>();
    const elements = Array.isArray(entry.elements) ? entry.elements : [];
    elements.forEach((element, position) => {
      if (!isObject(element) || element.action_id === undefined) return;
      if (actionIds.has(element.action_id)) {
        report(`\`action_id\` "${element.action_id}" already exists`, `${at}/${index}/elements/${position}/action_id`);
      }
      actionIds.add(element.action_id);
    });
  });
}

/** The problems of a modal, as `views.open`, `views.push` and `views.update` list them. */
export function viewProblems(view: unknown): string[] {
  const problems: string[] = [];
  const report: Report = (problem, pointer) => problems.push(`[ERROR] ${problem} [json-pointer:${pointer}]`);
  modal(view, '/view', report);
  if (isObject(view) && Array.isArray(view.blocks)) {
    problems.push(...blockProblems(view.blocks, '/view/blocks', 100));
    if (!view.submit && view.blocks.some((entry) => isObject(entry) && entry.type === 'input')) {
      report('missing required field: submit', '/view');
    }
  }
  return problems;
}

const modal = byType({
  modal: object(
    { title: plain(24), blocks: list(() => {}, 100, 0) },
    {
      submit: plain(24),
      close: plain(24),
      private_metadata: string(3000, 0),
      callback_id: string(255, 0),
      external_id: string(255, 0),
      clear_on_close: boolean,
      notify_on_close: boolean,
    },
  ),
});

/** Characters of text in these blocks, wherever they stand. */
export function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + textLength(entry), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [name, field]) => sum + (name === 'text' && typeof field === 'string' ? field.length : textLength(field)),
    0,
  );
}
