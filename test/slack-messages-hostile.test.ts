// Whatever a cluster says, Slack takes our messages, nobody is pinged by it, and it looks like text.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageName } from '../src/core/incident/messages.ts';
import { planMessage } from '../src/core/incident/plan-messages.ts';
import { parseMrkdwn } from '../src/demo/page/mrkdwn.js';
import { blockProblems, MESSAGE_TEXT_MAX, textLength } from '../src/demo/slack/block-check.ts';
import { pings } from '../src/demo/slack/pings.ts';
import type { Message } from '../src/slack/blocks.ts';
import { cardOf } from '../src/slack/card.ts';
import { detailsOf } from '../src/slack/details.ts';
import { clip, clipMiddle, code, mrkdwn, withCode } from '../src/slack/mrkdwn.ts';
import { lookOf } from '../src/slack/post.ts';
import { incident, PEOPLE, report, text } from './support/hostile.ts';
import { asMessage } from './support/slack-text.ts';

const SETTINGS = { someoneMayApprove: true, remediation: true };
const settings = fc.record({ someoneMayApprove: fc.boolean(), remediation: fc.boolean() });
const runs = { numRuns: 200 };

/** `chat.update` takes no longer text. */
const TEXT_MAX = 4_000;

function mrkdwnIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnIn);
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as { type?: unknown; text?: unknown };
  const own = fields.type === 'mrkdwn' && typeof fields.text === 'string' ? [fields.text] : [];
  return [...own, ...Object.values(value).flatMap(mrkdwnIn)];
}

type Piece = ReturnType<typeof parseMrkdwn>[number];

function flattened(pieces: Piece[]): Piece[] {
  return pieces.flatMap((piece) => ('children' in piece ? [piece, ...flattened(piece.children)] : [piece]));
}

/** All that Slack would make of a message, checked. */
function isHarmless(message: Message): void {
  expect(blockProblems(message.blocks)).toEqual([]);
  expect(textLength(message.blocks)).toBeLessThanOrEqual(MESSAGE_TEXT_MAX);
  expect(message.text.trim()).not.toBe('');
  expect(message.text.length).toBeLessThanOrEqual(TEXT_MAX);
  const pinged = pings(asMessage(message));
  expect(pinged.users.filter((user) => !PEOPLE.includes(user))).toEqual([]);
  expect([...pinged.groups, ...pinged.broadcasts]).toEqual([]);
  for (const markup of [message.text, ...mrkdwnIn(message.blocks)]) {
    expect(markup.replace(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
    expect(markup.replace(/<(?:@U0(?:ANN|BOB)|!date\^\d+\^[^<>|]+\|[^<>|]+)>/g, '')).not.toMatch(/[<>]/);
    for (const piece of flattened(parseMrkdwn(markup)))
      expect(['text', 'code', 'bold', 'italic', 'break', 'user', 'date', 'link']).toContain(piece.type);
  }
  expect(JSON.stringify(message)).not.toMatch(/\\u001b|\\u0000|\\ud[89a-f]/i);
  expect(JSON.stringify(message)).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u2028]/);
}

describe('whatever the cluster says', () => {
  test('the card is taken by Slack, pings only asker and approver, and has at most six lines', () => {
    fc.assert(
      fc.property(incident, settings, (state, how) => {
        const card = cardOf(state, how);
        isHarmless(card);
        expect(cardOf(structuredClone(state), how)).toEqual(card);
        const [first] = card.blocks;
        if (first?.type === 'section') expect(first.text?.text.split('\n').length).toBeLessThanOrEqual(6);
        const buttons = card.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
        expect(buttons.length).toBeLessThanOrEqual(3);
      }),
      runs,
    );
  });

  test('the thread is taken by Slack and pings nobody', () => {
    fc.assert(
      fc.property(report, (found) => {
        const details = detailsOf(found);
        isHarmless(details);
        expect(pings(asMessage(details)).users).toEqual([]);
        expect(detailsOf(structuredClone(found))).toEqual(details);
      }),
      runs,
    );
  });

  test('plans and outcomes are taken by Slack, and the decision is never crowded out, nor left on another plan', () => {
    fc.assert(
      fc.property(incident, (state) => {
        const marks = ['.1', '.2', '.3', ''];
        const names = ['plan', 'outcome'].flatMap((kind) => marks.map((mark) => `${kind}${mark}` as MessageName));
        for (const name of [...names, 'direct.1.U0ANN', 'direct.2.U0ANN'] as const) {
          const look = lookOf(state, name, SETTINGS);
          if (look) isHarmless(look);
          expect(lookOf(structuredClone(state), name, SETTINGS)).toEqual(look);
          const buttons = look?.blocks.at(-1)?.type === 'actions';
          expect(buttons, name).toBe(
            state.phase === 'planned' && state.plan !== null && name === planMessage(state.plan),
          );
        }
      }),
      runs,
    );
  });
});

describe('foreign text', () => {
  test('is never longer than it may be, and no entity, mark or character is cut in two', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 5, max: 400 }), (foreign, most) => {
        for (const made of [mrkdwn(foreign, most), code(foreign, most), withCode(foreign, ['abc', 'x/y'], most)]) {
          expect(made.length).toBeLessThanOrEqual(most + 2);
          expect(made.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
          expect((made.match(/`/g) ?? []).length % 2).toBe(0);
        }
        for (const made of [clip(foreign, most), clipMiddle(foreign, most)])
          expect(made.length).toBeLessThanOrEqual(most);
      }),
      runs,
    );
  });

  test('reads as it was written, except for marks that would format', () => {
    expect(mrkdwn('a <b> & "c"')).toBe('a &lt;b&gt; &amp; "c"');
    expect(mrkdwn('*bold* `code` _it_ ~no~ :tada: AVATAR_BUCKET 12:30:45')).toBe(
      '∗bold∗ ˋcodeˋ ＿it_ ∼no~ ∶tada: AVATAR_BUCKET 12:30:45',
    );
    expect(code('key: `x` *y* _z_')).toBe('`key: ˋxˋ *y* _z_`');
    expect(code(' \n ')).toBe('');
    expect(mrkdwn('\u001b[31mred\u001b[0m \u202etxt.exe')).toBe('red �txt.exe');
    expect(withCode('The variable DATABASE_HOST is not set', ['DATABASE_HOST'])).toBe(
      'The variable `DATABASE_HOST` is not set',
    );
    expect(withCode('Avoid `optional: true` <!channel>')).toBe('Avoid `optional: true` &lt;!channel&gt;');
    expect(withCode('db-host, not db-hosts', ['db-host'])).toBe('`db-host`, not db-hosts');
    expect(clipMiddle('the beginning of it and a very long middle part and the end', 30)).toBe(
      'the … part and the end',
    );
  });
});
