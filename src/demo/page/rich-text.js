// @ts-nocheck -- runs in the browser; the project's types know no DOM
// Draws rich_text and markdown blocks. Their text is shown as it is: no mention or link is read out of it.

import { el } from './dom.js';
import { parseInline } from './mrkdwn.js';
import { broadcast, channelName, characters, date, emoji, link, user } from './text.js';

export function richText(block) {
  return el('div.rich', {}, block.elements.map(group));
}

function group(element) {
  const inner = () => element.elements.map(run);
  switch (element.type) {
    case 'rich_text_list': {
      const tag = element.style === 'ordered' ? 'ol' : 'ul';
      const items = element.elements.map((item) => el('li', {}, item.elements.map(run)));
      return el(`${tag}.indent-${element.indent ?? 0}`, { start: (element.offset ?? 0) + 1 }, items);
    }
    case 'rich_text_preformatted':
      return el(
        'pre',
        { tabindex: 0 },
        element.elements.map((part) => part.text ?? part.url),
      );
    case 'rich_text_quote':
      return el('blockquote', {}, inner());
    default:
      return el('p', {}, inner());
  }
}

function run(part) {
  const content = bare(part);
  const style = part.style ?? {};
  const wraps = [
    style.code && 'code',
    style.bold && 'strong',
    style.italic && 'em',
    style.strike && 's',
    style.underline && 'u',
  ].filter(Boolean);
  return wraps.reduce((inner, tag) => el(tag, {}, inner), content);
}

function bare(part) {
  switch (part.type) {
    case 'link':
      return link(part.url, part.text);
    case 'emoji':
      return emoji(part.name);
    case 'user':
      return user(part.user_id);
    case 'channel':
      return el('span.mention', {}, `#${channelName(part.channel_id)}`);
    case 'usergroup':
      return el('span.mention', {}, `@${part.usergroup_id}`);
    case 'broadcast':
      return broadcast(part.range);
    case 'date':
      return date(part.timestamp, part.format, part.fallback);
    case 'color':
      return part.value;
    default:
      return part.text
        .split('\n')
        .flatMap((line, index) => (index ? [el('br'), characters(line)] : [characters(line)]));
  }
}

/** The markdown block, in its everyday forms: headings, lists, fences, emphasis, code and links. */
export function markdown(text) {
  const parts = text.split(/```[^\n]*\n?/);
  return el(
    'div.rich',
    {},
    parts.map((part, index) => (index % 2 ? el('pre', { tabindex: 0 }, part.replace(/\n$/, '')) : paragraphs(part))),
  );
}

function paragraphs(text) {
  return text
    .split(/\n{2,}/)
    .filter((part) => part.trim())
    .map((part) => {
      const rows = part.trim().split('\n');
      const heading = /^#{1,6} (.*)$/.exec(rows[0]);
      if (heading)
        return [
          el('p', {}, el('strong', {}, inline(heading[1]))),
          rows.length > 1 && paragraphs(rows.slice(1).join('\n')),
        ];
      const items = rows.map((row) => /^(?:[-*]|\d+\.) (.*)$/.exec(row)?.[1]);
      if (items.every(Boolean)) {
        return el(
          /^\d/.test(rows[0]) ? 'ol' : 'ul',
          {},
          items.map((item) => el('li', {}, inline(item))),
        );
      }
      return el(
        'p',
        {},
        rows.flatMap((row, index) => (index ? [el('br'), inline(row)] : [inline(row)])),
      );
    });
}

/** `**bold**` is Slack's `*bold*`, `[text](url)` is its `<url|text>`: the rest of the grammar is shared. */
function inline(text) {
  return text.split(/(\*\*[^*]+\*\*|\[[^\]]+\]\([^)\s]+\)|`[^`]+`)/).map((part) => {
    const bold = /^\*\*(.+)\*\*$/.exec(part);
    if (bold) return el('strong', {}, bold[1]);
    const anchor = /^\[(.+)\]\((\S+)\)$/.exec(part);
    if (anchor) return link(anchor[2], anchor[1]);
    const code = /^`(.+)`$/.exec(part);
    if (code) return el('code', {}, code[1]);
    return parseInline(part.replaceAll('<', '&lt;')).map((piece) =>
      piece.type === 'text' ? characters(piece.text) : bareInline(piece),
    );
  });
}

function bareInline(piece) {
  if (piece.type === 'link') return link(piece.url, piece.text);
  if (piece.type === 'emoji') return emoji(piece.name);
  if (piece.type === 'code') return el('code', {}, piece.text);
  const tag = { bold: 'em', italic: 'em', strike: 's' }[piece.type] ?? 'span';
  return el(
    tag,
    {},
    (piece.children ?? []).map((child) => (child.type === 'text' ? child.text : bareInline(child))),
  );
}
