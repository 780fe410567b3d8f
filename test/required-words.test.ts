// A pattern is only asked where one of its words stands, so a word too many would hide a cause.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { requiredWords } from '../src/core/required-words.ts';
import { holdsAny, readForWords, wordOf } from '../src/core/words.ts';
import { allPatterns } from './support/patterns.ts';
import { allSaid } from './support/said.ts';

test.each([
  [/connection refused/, ['connection refused']],
  [/dial tcp (?<address>\S+): connect: (?:connection )?refused/, [': connect: ']],
  [/^panic: (?:runtime error|assignment to entry in nil map)/, ['runtime error', 'assignment to entry in nil map']],
  [/[Cc]ould not find/, ['could not find']],
  [/[Nn]o such file(?! or directory)/, ['no such file']],
  [/errors?: \d+/, ['error']],
  [/(?:out of memory)?/, ['']],
  [/(?:out of memory){0,2}/, ['']],
  [/(?:out of memory){1,2}/, ['out of memory']],
  [/a|out of memory/, ['']],
  [/\[FATAL\] \/etc\/app\.conf/, ['[fatal] /etc/app.conf']],
  [/(?<=key=)\w+ is m\u00e4\x6elich/, [' is mänlich']],
  [/(["'])value\1 not set/, [' not set']],
  [/(?<quote>["'])value\k<quote>/, ['value']],
  [/[^\]a-z]unset[|)]/, ['unset']],
])('%s needs one of %j', (pattern, words) => {
  expect(requiredWords(pattern.source)).toEqual(words);
});

test('whatever a pattern of the catalogue matches in the said cases holds one of its words', async () => {
  const lines = new Set(allSaid().flatMap((s) => JSON.stringify(s.evidence).split(/\\n|","/)));
  const patterns = (await allPatterns(['rules'], async () => {})).map((p) => ({
    ...p,
    pattern: new RegExp(p.source, p.flags.replace('g', '')),
    words: requiredWords(p.source),
  }));
  expect(patterns.length).toBeGreaterThan(600);
  const missed = [...lines].flatMap((text) => {
    const lower = text.toLowerCase();
    return patterns.filter((p) => p.pattern.test(text) && !p.words.some((word) => lower.includes(word)));
  });
  expect(missed.map((p) => p.where)).toEqual([]);
});

/** Sources of patterns with the forms that the reader knows, groups in groups among them. */
const plain = fc
  .tuple(
    fc.constantFrom('refused', 'error: ', '(?:No )', '[Mm]', '[a-z]', '\\d', '.', '\\.', '\\[', '\\x41', '\\u00e9'),
    fc.constantFrom('', '', '?', '+', '*', '{2}', '{0,2}', '{1,3}', '+?'),
  )
  .map(([part, often]) => part + often);
const inARow = (part: fc.Arbitrary<string>) =>
  fc.array(part, { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
const eitherOf = (way: fc.Arbitrary<string>) =>
  fc.array(way, { minLength: 1, maxLength: 3 }).map((all) => all.join('|'));
const grouped = (inner: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom('(?:', '('), inner, fc.constantFrom(')', ')?')).map((all) => all.join(''));
const inner = grouped(eitherOf(inARow(plain)));
const source = eitherOf(inARow(fc.oneof(plain, inner, grouped(eitherOf(inARow(fc.oneof(plain, inner)))))));

test('whatever a pattern matches holds one of its words, for patterns at random', () => {
  const cases = source.chain((s) => fc.tuple(fc.constant(s), fc.stringMatching(new RegExp(`^(?:${s})$`))));
  fc.assert(
    fc.property(cases, ([s, text]) => requiredWords(s).some((word) => text.toLowerCase().includes(word))),
    { numRuns: 120 },
  );
});

test('a text is found to hold a word exactly when it does', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é', ' ', 'B'), maxLength: 12 });
  fc.assert(
    fc.property(letters, letters, (text, word) => {
      expect(holdsAny(readForWords(text), [wordOf(word.toLowerCase())])).toBe(
        text.toLowerCase().includes(word.toLowerCase()),
      );
    }),
  );
});
