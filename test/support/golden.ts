// Texts that are kept in test/golden: read the difference when one changes; UPDATE_GOLDEN=1 writes the new one.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Message } from '../../src/slack/blocks.ts';
import { linesOf } from './slack-text.ts';

export function isKept(name: string, text: string): void {
  const file = fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(fileURLToPath(new URL('../golden', import.meta.url)), { recursive: true });
    writeFileSync(file, text);
  }
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : '';
  expect(text, `test/golden/${name}; if the new text reads well: UPDATE_GOLDEN=1 npx vitest run`).toBe(kept);
}

/** A heading, what a notification says, and the message as it is read. */
export function part(title: string, message: Message): string {
  const notification = linesOf({ text: message.text, blocks: [] }).join('\n');
  return [`=== ${title}`, `(notification) ${notification}`, '', ...linesOf(message), ''].join('\n');
}
