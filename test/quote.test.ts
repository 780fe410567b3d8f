// What is quoted of a log line: as it stands there, and never without the words that decide.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quote } from '../src/core/quote.ts';

const trace = `"trace_id":"${'0'.repeat(300)}"`;

describe('a line', () => {
  test.each([
    [
      'that fits a screen is quoted whole',
      '  ERROR connect ECONNREFUSED 10.0.0.1:5432 ',
      'ECONNREFUSED',
      /^ERROR connect/,
    ],
    [
      'of JSON is quoted from the field that decides',
      `{${trace},"msg":"dial tcp: refused"}`,
      'refused',
      /^"msg":"dial/,
    ],
    ['of logfmt too', `ts=1 x=${'y'.repeat(300)} err="no such host" retry=1`, 'no such host', /^err="no such host"/],
    ['of one long word is quoted from the words on', `${'x'.repeat(400)}EADDRINUSE`, 'EADDRINUSE', /EADDRINUSE$/],
    ['that decides at its beginning is quoted from there', `panic: oh no ${'y'.repeat(900)}`, 'panic: oh no', /^panic/],
    [
      'of JSON with an escaped break is quoted at the place',
      `{${trace},"m":"a\\nb failed"}`,
      'a\nb failed',
      /^"m":"a\\nb/,
    ],
    ['whose words stand elsewhere is quoted from the start', `{${trace}}`, 'nowhere to be found', /^\{"trace_id/],
  ])('%s', (_name, raw, words, expected) => {
    expect(quote(raw, words)).toMatch(expected);
  });

  test('is quoted verbatim, and holds the words that decide', () => {
    const text = fc.string({ unit: 'grapheme-ascii', maxLength: 700 });
    fc.assert(
      fc.property(text, fc.string({ unit: 'grapheme-ascii', minLength: 3, maxLength: 60 }), text, (a, words, b) => {
        const raw = `${a}${words}${b}`;
        const quoted = quote(raw, words.trim());
        expect(raw).toContain(quoted);
        expect(quoted.length).toBeLessThanOrEqual(500);
        expect(quoted).toContain(words.trim());
      }),
    );
  });
});
