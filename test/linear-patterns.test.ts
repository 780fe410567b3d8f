// No pattern of the engine can be made to hang by what a program prints: each one is thrown its own almost-matches, in a
// process that is killed when it stops answering, and may not take more than its share when a text grows.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Told } from './support/pattern-child.ts';
import type { Pattern } from './support/pattern-inputs.ts';

const LOADED_MS = 60_000;

interface Outcome {
  patterns: number;
  /** `rules/x.ts:12 grows too fast on "…": /…/`, or hangs on. */
  bad: string[];
}

/** Without patterns of its own: all of core and rules. */
function throwTexts(silenceMs: number, own: Pattern[] = []): Promise<Outcome> {
  const child = fork(
    fileURLToPath(new URL('support/pattern-child.ts', import.meta.url)),
    own.length ? [JSON.stringify(own)] : [],
    { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  return new Promise((resolve, reject) => {
    const bad: string[] = [];
    let at = 'the modules are loaded';
    let patterns = 0;
    const kill = (): void => {
      bad.push(`hangs: ${at}`);
      child.kill('SIGKILL');
    };
    let silence = setTimeout(kill, LOADED_MS);
    child.on('message', (told: Told) => {
      clearTimeout(silence);
      silence = setTimeout(kill, silenceMs);
      if (told.is === 'begins') at = nameOf(told.pattern);
      if (told.is === 'grows') bad.push(`grows too fast on ${JSON.stringify(told.text)}: ${nameOf(told.pattern)}`);
      if (told.is === 'done') patterns = told.patterns;
    });
    child.on('error', reject);
    child.on('exit', () => {
      clearTimeout(silence);
      resolve({ patterns, bad });
    });
  });
}

const nameOf = ({ where, source, flags }: Pattern & { where: string }): string => `${where} /${source}/${flags}`;

test('every pattern of core and rules takes time in proportion to the text', { timeout: 180_000 }, async () => {
  const { patterns, bad } = await throwTexts(30_000);
  expect(bad).toEqual([]);
  expect(patterns).toBeGreaterThan(1_000);
});

const given = (...sources: string[]): Pattern[] => sources.map((source) => ({ source, flags: '' }));

test('a pattern that is not so is found', { timeout: 120_000 }, async () => {
  const steep = given('(\\w+)\\s+failed', 'lookup .*:53', '[\\w.-]+: not found', '\\s+$');
  expect((await throwTexts(30_000, steep)).bad).toHaveLength(steep.length);
  const fine = given('(\\w{1,60})\\s{1,9}failed', '^lookup .*:53', '(?<![\\w.-])[\\w.-]{1,200}: not found');
  expect((await throwTexts(30_000, fine)).bad).toEqual([]);
});

test('a pattern that hangs is named', { timeout: 120_000 }, async () => {
  const { bad } = await throwTexts(3_000, given('^(?:\\w+\\s?)*$'));
  expect(bad).toEqual(['hangs: given /^(?:\\w+\\s?)*$/']);
});
