// Block Kit pieces that keep Slack's limits by construction, and mrkdwn every string that came from a cluster.

import type { ActionsBlock, Button, ContextBlock, KnownBlock, RichTextBlock, SectionBlock } from '@slack/types';

/** Limits of Block Kit, from the comments of @slack/types and Slack's documentation. */
export const LIMITS = {
  blocks: 50,
  sectionText: 3_000,
  buttonText: 75,
  actions: 25,
  contextElements: 10,
  options: 100,
  optionText: 75,
  text: 4_000,
} as const;

export interface Message {
  /** Plain fallback for notifications and screen readers. */
  text: string;
  blocks: KnownBlock[];
}

/** Cluster text as mrkdwn: `<!channel>` pings nobody, stars and backticks format nothing. */
export function mrkdwn(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\*/g, '∗')
    .replace(/`/g, 'ˋ')
    .replace(/[\r\n]+/g, ' ');
}

/** Our own sentences may name a Slack user; everything else in them is escaped. */
export function withMentions(sentence: string): string {
  return sentence
    .split(/(<@[UW][A-Z0-9]+>)/)
    .map((part, i) => (i % 2 ? part : mrkdwn(part)))
    .join('');
}

/** Cluster text as inline code. */
export function code(text: string, most = 300): string {
  const flat = clip(text.trim(), most);
  return flat ? `\`${mrkdwn(flat)}\`` : '';
}

export function bold(text: string): string {
  return `*${mrkdwn(text).trim()}*`;
}

/** At most `most` characters, never cutting a surrogate pair. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** A time in the reader's own time zone; the fallback is UTC. */
export function clock(rfc3339: string): string {
  const seconds = Math.floor(Date.parse(rfc3339) / 1000);
  return Number.isFinite(seconds) ? `<!date^${seconds}^{time}|${rfc3339.slice(11, 16)} UTC>` : mrkdwn(rfc3339);
}

/** `lines` are mrkdwn already; whole lines are dropped rather than an mrkdwn cut in two. */
export function section(lines: string[]): SectionBlock[] {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines.filter((l) => l !== '')) {
    if (length + line.length + 1 > LIMITS.sectionText) break;
    kept.push(line);
    length += line.length + 1;
  }
  return kept.length ? [{ type: 'section', text: { type: 'mrkdwn', text: kept.join('\n') } }] : [];
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: clip(text, 2_000) }] };
}

export function button(actionId: string, title: string, value: string, style?: 'primary' | 'danger'): Button {
  return {
    type: 'button',
    action_id: actionId,
    text: { type: 'plain_text', text: clip(title, LIMITS.buttonText) },
    value,
    ...(style ? { style } : {}),
  };
}

export function actions(buttons: Button[]): ActionsBlock[] {
  return buttons.length ? [{ type: 'actions', elements: buttons.slice(0, LIMITS.actions) }] : [];
}

/** Text as it is, in a fixed-width box: no markup is read in it, so nothing can be injected. */
export function preformatted(lines: string[], most = 2_800): RichTextBlock[] {
  const body = clip(lines.join('\n'), most);
  return body.trim() === ''
    ? []
    : [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text: body }] }] }];
}

export function message(text: string, blocks: KnownBlock[]): Message {
  return { text: clip(text, LIMITS.text), blocks: blocks.slice(0, LIMITS.blocks) };
}
