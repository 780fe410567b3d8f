// A message as lines of plain text, for a terminal, a log or a test. Shows what a person would read, in reading order.

import { EMOJI } from '../page/emoji.js';
import { parseMrkdwn } from '../page/mrkdwn.js';
import { type Fields, isObject } from './block-rules.ts';
import type { Block, Message } from './types.ts';
import type { Workspace } from './workspace.ts';

type Piece = ReturnType<typeof parseMrkdwn>[number];
type Names = (id: string) => string;

function pieceText(piece: Piece, names: Names): string {
  switch (piece.type) {
    case 'text':
    case 'code':
      return piece.text;
    case 'pre':
      return `\n${piece.text}\n`;
    case 'break':
      return '\n';
    case 'emoji':
      return EMOJI[piece.name] ?? `:${piece.name}:`;
    case 'link':
      return piece.text === piece.url ? piece.url : `${piece.text} (${piece.url})`;
    case 'user':
    case 'usergroup':
      return `@${piece.label || names(piece.id)}`;
    case 'channel':
      return `#${piece.label || names(piece.id)}`;
    case 'broadcast':
      return `@${piece.range}`;
    case 'date':
      return piece.fallback;
    case 'quote':
      return `\n> ${piece.children
        .map((child) => pieceText(child, names))
        .join('')
        .replaceAll('\n', '\n> ')}\n`;
    default:
      return piece.children.map((child) => pieceText(child, names)).join('');
  }
}

/** mrkdwn as a person reads it. */
export function mrkdwnText(text: string, names: Names): string {
  return parseMrkdwn(text)
    .map((piece) => pieceText(piece, names))
    .join('')
    .replace(/\n{2,}/g, '\n')
    .replace(/^\n|\n$/g, '');
}

function objectText(value: unknown, names: Names): string {
  if (!isObject(value)) return '';
  const text = String(value.text ?? '');
  return value.type === 'mrkdwn' || value.type === 'markdown' ? mrkdwnText(text, names) : text;
}

function richText(value: unknown, names: Names): string {
  if (!isObject(value)) return '';
  const inner = Array.isArray(value.elements) ? value.elements.map((element) => richText(element, names)) : [];
  if (value.type === 'rich_text_list') return inner.map((item) => `• ${item}`).join('\n');
  if (value.type === 'rich_text_quote') return `> ${inner.join('').replaceAll('\n', '\n> ')}`;
  if (value.type === 'user') return `@${names(String(value.user_id))}`;
  if (value.type === 'emoji') return EMOJI[String(value.name)] ?? `:${value.name}:`;
  if (inner.length) return inner.join(value.type === 'rich_text' ? '\n' : '');
  return String(value.text ?? value.url ?? value.fallback ?? '');
}

function elementText(element: Fields): string {
  if (element.type === 'image') return `[image: ${element.alt_text}]`;
  const label = objectText(element.text ?? element.placeholder, String) || String(element.type);
  return `[ ${label} ]`;
}

function blockText(block: Block, names: Names): string {
  const list = (value: unknown) => (Array.isArray(value) ? (value as Fields[]) : []);
  switch (block.type) {
    case 'divider':
      return '———';
    case 'actions':
      return list(block.elements).map(elementText).join(' ');
    case 'context':
      return list(block.elements)
        .map((element) => (element.type === 'image' ? elementText(element) : objectText(element, names)))
        .join(' · ');
    case 'rich_text':
      return richText(block, names);
    case 'markdown':
      return String(block.text);
    case 'input':
      return `${objectText(block.label, names)}: ${elementText(block.element as Fields)}`;
    case 'image':
      return elementText(block);
    case 'table':
      return (block.rows as Fields[][])
        .map((row) => row.map((cell) => (cell.type === 'rich_text' ? richText(cell, names) : cell.text)).join(' | '))
        .join('\n');
    default: {
      const parts = [objectText(block.text, names), ...list(block.fields).map((field) => objectText(field, names))];
      const accessory = block.accessory ? [elementText(block.accessory as Fields)] : [];
      return [...parts.filter(Boolean), ...accessory].join('\n');
    }
  }
}

/** The lines of a message, without its author. */
export function messageLines(workspace: Workspace, message: Message): string[] {
  const names = (id: string) => workspace.users.get(id)?.name ?? workspace.channels.get(id)?.name ?? id;
  const text = message.blocks.length
    ? message.blocks.map((block) => blockText(block, names)).join('\n')
    : mrkdwnText(message.text, names);
  return text.split('\n').map((line) => line.trimEnd());
}
