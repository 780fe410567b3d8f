// The conversation as lines in the terminal, as it happens.

import pc from 'picocolors';
import type { SlackOptions } from './slack/server.ts';

type Entry = Parameters<NonNullable<SlackOptions['log']>>[0];

export function transcriptLine({ change, author, message, lines }: Entry): string {
  const time = new Date(Number(message.ts) * 1000).toISOString().slice(11, 19);
  const where = message.threadTs && message.threadTs !== message.ts ? '   ↳ ' : '';
  const verb = change === 'updated' ? ' (edited)' : '';
  const head = `${pc.dim(time)} ${where}${pc.bold(author)}${pc.dim(verb)}`;
  return [head, ...lines.map((line) => `${where ? '      ' : '  '}${line}`)].join('\n');
}
