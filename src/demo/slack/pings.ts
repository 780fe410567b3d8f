// Whom a message notifies. Read strictly: a mention counts wherever Slack would parse markup (the notification text,
// mrkdwn, markdown, rich text), even between backticks; plain text and escaped text ping nobody.

import { type Fields, isObject } from './block-rules.ts';
import type { Message } from './types.ts';

/** Ids of people and user groups, and the broadcasts `here`, `channel`, `everyone`. */
export type Pings = { users: string[]; groups: string[]; broadcasts: string[] };

function collect(text: string, bareNames: boolean, found: Pings): void {
  for (const match of text.matchAll(/<@([UW][A-Z0-9]+)[^<>]*>/g)) found.users.push(match[1] ?? '');
  for (const match of text.matchAll(/<!subteam\^([A-Z0-9]+)[^<>]*>/g)) found.groups.push(match[1] ?? '');
  for (const match of text.matchAll(/<!(here|channel|everyone|group)[^<>]*>/g)) found.broadcasts.push(match[1] ?? '');
  if (!bareNames) return;
  for (const match of text.matchAll(/(?<![\w@])@(here|channel|everyone)\b/g)) found.broadcasts.push(match[1] ?? '');
}

function walk(value: unknown, found: Pings): void {
  if (Array.isArray(value)) {
    for (const entry of value) walk(entry, found);
    return;
  }
  if (!isObject(value)) return;
  if ((value.type === 'mrkdwn' || value.type === 'markdown') && typeof value.text === 'string') {
    collect(value.text, false, found);
  }
  if (value.type === 'user' && value.user_id) found.users.push(String(value.user_id));
  if (value.type === 'usergroup' && value.usergroup_id) found.groups.push(String(value.usergroup_id));
  if (value.type === 'broadcast' && value.range) found.broadcasts.push(String(value.range));
  for (const field of Object.values(value as Fields)) walk(field, found);
}

/** Whom this message pings; nobody, when only one person can see it. */
export function pings(message: Message): Pings {
  const found: Pings = { users: [], groups: [], broadcasts: [] };
  if (message.ephemeralFor) return found;
  collect(message.text, message.linkNames === true, found);
  walk(message.blocks, found);
  return {
    users: [...new Set(found.users)],
    groups: [...new Set(found.groups)],
    broadcasts: [...new Set(found.broadcasts)],
  };
}
