// Whoever asked for a change and whoever approved it is told in person how it ended, wherever they are by then: over the
// whole path, with the scopes that the app is installed with, and where Slack takes no direct messages at all.

import { afterEach, expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { postsIn } from '../src/queue/posts.ts';
import { connect } from '../src/queue/redis.ts';
import { startGatewayRole } from '../src/roles/gateway.ts';
import { createLog } from '../src/roles/log.ts';
import { ANN, BOB, type Bot, buttonOf, OPS, startBot } from './support/bot.ts';
import { merge } from './support/cluster-double.ts';

let bot: Bot;
afterEach(() => bot?.stop());

const told = (user: string): string[] => bot.slack.messages(`D${user.slice(1)}`).map((message) => bot.text(message));
const inThread = (pattern: RegExp): Promise<Message> =>
  bot.until(() => bot.all().find((m) => m.threadTs && m.threadTs !== m.ts && pattern.test(bot.text(m))));

/** ann asks, bob approves, and it is written and watched to its end. */
async function rolledBack(): Promise<Message> {
  await bot.slack.send.command(ANN, OPS, '/crashloop users-avatars/avatars');
  const card = await bot.until(() => bot.all().find((m) => buttonOf(m, /^Roll back/)));
  await bot.press(ANN, card, /^Roll back/);
  await approved();
  await inThread(/recovered at/);
  return card;
}

async function approved(): Promise<void> {
  const plan = await bot.until(() => bot.all().findLast((m) => buttonOf(m, /^Approve$/)));
  await bot.press(BOB, plan, /^Approve$/);
}

test('recovered, and undone again: each end is told once to both, and leads to the card', async () => {
  bot = await startBot(['bad-rollout-env-removed']);
  const card = await rolledBack();
  await expect
    .poll(() => [told(ANN), told(BOB)], { timeout: 20_000 })
    .toEqual([
      [expect.stringMatching(/^🟢 avatars recovered at .*approval by @bob[\s\S]*Its card \(https:.*archives\/C0OPS/)],
      [expect.stringMatching(/^🟢 avatars recovered at/)],
    ]);
  // Bob wants it back as it was; ann, who had asked for it, hears of that too.
  await bot.press(BOB, await bot.until(() => bot.all().find((m) => m.ts === card.ts && buttonOf(m, /^Undo/))), /^Undo/);
  const plan = await bot.until(() => bot.all().findLast((m) => buttonOf(m, /^Approve$/)));
  await bot.press(ANN, plan, /^Approve$/);
  const undone = /^🔴 avatars does not run · undo \(.*approved by @ann/;
  await expect
    .poll(() => [told(ANN)[1], told(BOB)[1]], { timeout: 60_000 })
    .toEqual([expect.stringMatching(undone), expect.stringMatching(undone)]);
  expect([told(ANN).length, told(BOB).length]).toEqual([2, 2]);
}, 240_000);

test('approved for a workload that was changed meanwhile: both hear why, and it is planned anew for them to approve', async () => {
  bot = await startBot(['bad-rollout-env-removed']);
  await bot.slack.send.command(ANN, OPS, '/crashloop users-avatars/avatars');
  const card = await bot.until(() => bot.all().find((m) => buttonOf(m, /^Roll back/)));
  await bot.press(ANN, card, /^Roll back/);
  await bot.until(() => bot.all().find((m) => buttonOf(m, /^Approve$/)));
  const change = { spec: { template: { metadata: { annotations: { changed: 'by-somebody' } } } } };
  await bot.kubectl('PATCH', '/apis/apps/v1/namespaces/users-avatars/deployments/avatars', change, merge);
  await approved();
  const sentence = /^avatars in users-avatars: This plan is out of date: .*Nothing was written; I am planning again/;
  await expect
    .poll(() => [told(ANN)[0], told(BOB)[0]], { timeout: 20_000 })
    .toEqual([expect.stringMatching(sentence), expect.stringMatching(sentence)]);
  // It says that it takes their change away as well.
  const anew = await inThread(/^Roll back to revision 1[\s\S]*~ annotation changed removed/);
  await bot.press(BOB, anew, /^Approve$/);
  await inThread(/recovered at/);
});

test('where Slack takes no direct messages the log says so once, the thread has the outcome, and a replay sends them', async () => {
  bot = await startBot(['bad-rollout-env-removed']);
  await bot.gateway.stop();
  const said: { level: string; message: string }[] = [];
  const log = createLog('silent', 'gateway');
  for (const level of ['error', 'warn', 'debug'] as const)
    log[level] = ((_fields: object, message: string) => void said.push({ level, message })) as typeof log.error;
  const gateway = await startGatewayRole(readConfig('gateway', bot.env), log);
  bot.onStop(gateway.stop);
  const refused = { method: 'chat.postMessage', is: 'error', error: 'missing_scope' } as const;
  for (const user of [ANN, BOB]) bot.slack.mishaps.plan({ ...refused, channel: user, times: 1 });
  await rolledBack();

  const redis = await connect(bot.redis.url);
  bot.onStop(() => redis.close());
  const posts = postsIn(redis);
  await expect
    .poll(async () => (await posts.dead()).map((one) => one.channel).sort(), { timeout: 20_000 })
    .toEqual([ANN, BOB]);
  const words = /lacks a scope for direct messages\. Add im:write .* install it again/;
  expect(said.filter(({ level, message }) => level === 'error' && words.test(message))).toHaveLength(1);
  expect([told(ANN), told(BOB)]).toEqual([[], []]);

  for (const one of await posts.dead()) expect(await posts.replay(one)).toBe(true);
  await expect.poll(() => [told(ANN).length, told(BOB).length], { timeout: 20_000 }).toEqual([1, 1]);
}, 240_000);
