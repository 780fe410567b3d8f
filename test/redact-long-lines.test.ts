// A line of megabytes keeps its two ends, and nothing that stood at the cuts can be half of a secret.

import { describe, expect, test } from 'vitest';
import { redactText } from '../src/core/redact.ts';

const MIB = 1024 * 1024;
const token = ['gh', 'p_16C7e42F292c6912E7710c838347Ae178B4a'].join('');
const flood = (piece: string): string => piece.repeat(Math.ceil(MIB / piece.length));

describe('a line of a mebibyte', () => {
  test('keeps its beginning and its end', () => {
    const { text, removed } = redactText(`2026-11-21 ERROR begin ${flood('word ')} the end: disk is full`);
    expect(text).toMatch(/^2026-11-21 ERROR begin word/);
    expect(text).toMatch(/word {2}the end: disk is full$/);
    expect(text.length).toBeLessThan(200_000);
    expect(removed).toEqual([{ what: 'long-line', at: 'text', characters: expect.any(Number) }]);
  });

  test('is counted as one line, and its neighbours stay', () => {
    const lines = ['first', flood('"quote" '), 'password=hunter2', flood('a'), 'last'].join('\n');
    const { text, removed } = redactText(lines);
    expect(text.split('\n')).toHaveLength(5);
    expect(text.split('\n')[2]).toBe('password=‹hidden password›');
    expect(removed.filter((r) => r.what === 'long-line').map((r) => r.line)).toEqual([2, 4]);
    expect(removed.find((r) => r.what === 'password')?.line).toBe(3);
  });

  test.each([
    ['tokens', `${token} `],
    ['pairs', 'password=Tr0ub4dor&3 '],
    ['quoted pairs', '"password":"Tr0ub4dor&3",'],
    ['quoted pairs with blanks', 'password="Tr0ub4dor und 3" '],
    ['URLs', 'postgres://app:Tr0ub4dor&3@db:5432/shop '],
    ['headers', 'Authorization: Bearer Tr0ub4dor0123456789abc '],
    ['keys', `-----BEGIN PRIVATE KEY-----${'Tr0ub4dor'.repeat(20)}-----END PRIVATE KEY----- `],
  ])('made of %s shows none of them, wherever it is cut', (_kind, piece) => {
    for (let shift = 0; shift < piece.length; shift++) {
      const { text } = redactText(`${'x'.repeat(shift)} ${flood(piece)}`);
      expect(text).not.toMatch(/Tr0ub|16C7e42F|ub4dor/);
      expect(redactText(text)).toEqual({ text, removed: [] });
    }
  });
});

test('a line below a quarter of a megabyte is not cut', () => {
  const line = 'word '.repeat(50_000);
  expect(redactText(line)).toEqual({ text: line, removed: [] });
});

describe('a token among short words', () => {
  // The shortest that issuers give are of twenty characters; a search that steps over shorter runs must not miss them.
  const tokens = [['AKI', 'AIOSFODNN7EXAMPLE'].join(''), ['gh', 'p_16C7e42F292c6912E771'].join('')];
  const around = [
    '',
    'a',
    ' ',
    'a ',
    '\n',
    'aaaaaaaaaaaaaaaaaa ',
    'aaaaaaaaaaaaaaaaaaa ',
    'aaaaaaaaaaaaaaaaaaaa ',
    '1 2 3 4 5 6 7 8 9 ',
  ];

  test.each(tokens)('is found wherever it begins and ends: %#', (issued) => {
    for (const before of around.filter((text) => !/\w$/.test(text)))
      for (const after of around.filter((text) => !/^\w/.test(text)))
        for (const shift of Array(21).keys()) {
          const { text } = redactText(`${'b '.repeat(shift)}${before}${issued}${after}`);
          expect(text).not.toContain(issued.slice(4));
        }
  });
});
