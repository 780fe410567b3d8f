// The conversation as lines in the terminal, as it happens. Of an edited message only what is new is shown.

import pc from 'picocolors';
import type { SlackOptions } from './slack/server.ts';

type Entry = Parameters<NonNullable<SlackOptions['log']>>[0];

const REMEMBERED = 200;

/** Remembers what each message said; "" when a change shows nothing new. */
export function createTranscript(now: () => Date = () => new Date()): (entry: Entry) => string {
  const said = new Map<string, Set<string>>();

  return ({ change, author, to, message, lines }) => {
    const before = said.get(message.ts);
    said.delete(message.ts);
    said.set(message.ts, new Set(lines));
    if (said.size > REMEMBERED) said.delete(said.keys().next().value ?? '');
    const edited = change === 'updated' && before !== undefined;
    const shown = edited ? lines.filter((line) => !before.has(line)) : lines;
    if (shown.length === 0) return '';
    const inThread = message.threadTs !== undefined && message.threadTs !== message.ts;
    const [lead, indent] = inThread ? ['   ↳ ', '      '] : ['', '  '];
    // An edited message keeps the time at which it was posted; here the time of the edit is what matters.
    const time = (edited ? now() : new Date(Number(message.ts) * 1000)).toISOString().slice(11, 19);
    const head = `${pc.dim(time)} ${lead}${pc.bold(author)}${to ? ` to ${to} alone` : ''}${edited ? pc.dim(' (edited)') : ''}`;
    return [head, ...shown.map((line) => indent + line)].join('\n');
  };
}
