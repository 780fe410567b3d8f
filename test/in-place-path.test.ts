// A higher limit for a running pod over the whole path: asked for and approved in Slack, written as two guarded patches, and
// watched; and what is said where the account may change templates only.

import { afterEach, expect, test } from 'vitest';
import { demoAccess } from '../src/demo/recordings.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { ANN, BOB, type Bot, buttonOf, OPS, startBot } from './support/bot.ts';
import { held, heldRecording, livedFor } from './support/held.ts';

let bot: Bot;
afterEach(() => bot?.stop());

const said = (pattern: RegExp): Promise<Message> => bot.until(() => bot.all().find((m) => pattern.test(bot.text(m))));

/** The Deployment is paused, so that the remedy is for its running pod. */
async function asked(): Promise<void> {
  await bot.slack.send.command(ANN, OPS, '/crashloop events-stream/stream-processor');
  const card = await bot.until(() => bot.all().find((m) => buttonOf(m, /^Memory limit to 256Mi/)));
  await bot.press(ANN, card, /^Memory limit to 256Mi/);
}

test('the pod of a paused Deployment gets its limit while it runs, and has recovered', async () => {
  // What runs must prove itself for as long as earlier runs lived.
  bot = await startBot([heldRecording(held.memory, { pod: livedFor(45) })], { clockSpeed: 1 });
  await asked();
  const plan = await bot.until(() => bot.all().find((m) => buttonOf(m, /^Approve$/)));
  expect(bot.text(plan)).toMatch(/1 of 1 pod of Deployment stream-processor: \S+, which keeps running/);
  expect(bot.text(plan)).toContain('stays paused');
  await bot.press(BOB, plan, /^Approve$/);
  await said(/stream-processor.* recovered at/);
  const writes = bot.cluster.requests().filter((r) => r.method === 'PATCH' && !JSON.stringify(r).includes('dryRun'));
  expect(writes.map(({ path, status }) => [path.split('/').at(-1), status])).toEqual([
    ['stream-processor', 200],
    ['resize', 200],
  ]);
});

test('an account without the right to resize is told which Role gives it, before anybody is asked to approve', async () => {
  const access = demoAccess().map((rule) => ({
    ...rule,
    resources: rule.resources.filter((resource) => resource !== 'pods/resize'),
  }));
  bot = await startBot([heldRecording(held.memory, { pod: livedFor(600) })], { clockSpeed: 1, access });
  await asked();
  await said(/I may not change pods\/resize in events-stream: .*deploy\/kubernetes\/write\/resize/);
  expect(bot.all().some((m) => buttonOf(m, /^Approve$/))).toBe(false);
});
