// Many incidents at once that have nothing in common, over the whole path; and what becomes of a card that stood in the
// channel before others turned out to share its cause.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Message } from '../src/demo/slack/types.ts';
import { ANN, BOB, type Bot, buttonOf, startBot } from './support/bot.ts';
import { clonesOf } from './support/clones.ts';

const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-overview-'));
let bot: Bot;
afterEach(async () => {
  await bot.stop();
  rmSync(folder, { recursive: true, force: true });
});

const alertsAbout = (namespace: string, name: string, pod: string, from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `${name}${from + i || ''}`).map((own) => ({
    fingerprint: own,
    labels: { namespace, pod: `${own}-${pod}`, container: own },
  }));
const threadOf = (parent: Message) => bot.all().filter((m) => m.threadTs === parent.ts && m.ts !== parent.ts);

const membersOf = (parent: Message) =>
  threadOf(parent).filter((m) => /avatars\d* (?:is crash|recovered)/.test(bot.text(m)));

test('fifteen incidents that have nothing in common are one overview, and a remedy is approved where its incident stands', async () => {
  const world = clonesOf('bad-rollout-env-removed', 'avatars', 15, folder);
  bot = await startBot([world], { clockSpeed: 20 });
  await bot.alert(alertsAbout('users-avatars', 'avatars', '5778979d57-9c9rc', 0, 15));
  const overview = await bot.saying(/🔴 15 workloads in users-avatars broke within minutes/);
  await bot.until(() => (threadOf(overview).length === 10 ? overview : undefined), 120_000);
  expect(bot.cards().map(bot.text)).toHaveLength(1);

  const withRollback = () => threadOf(overview).find((m) => buttonOf(m, /Roll back/));
  await bot.press(ANN, await bot.until(withRollback), /Roll back/);
  const plan = await bot.until(() => threadOf(overview).find((m) => buttonOf(m, /^Approve$/)));
  await bot.press(BOB, plan, /^Approve$/);
  await bot.until(() => threadOf(overview).find((m) => /🟢 avatars\d* recovered/.test(bot.text(m))), 120_000);
  await bot.saying(/🔴 15 workloads.*\n.*14 still broken · 1 over/);

  // When nothing new comes, the others are shown too.
  await bot.until(() => (membersOf(overview).length === 15 ? overview : undefined), 120_000);
  expect(bot.cards()).toHaveLength(1);
}, 480_000);

test('a card that was posted before others failed for the same reason leads to theirs, with its remedies there', async () => {
  const world = clonesOf('config-key-renamed-optional', 'product-feed', 4, folder);
  bot = await startBot([world], { settings: { LOOPBREAKER_STORM_WORKLOADS: '3' } });
  const alerts = alertsAbout('catalog-feed', 'product-feed', '64655f7b79-899kb', 0, 4);
  await bot.alert(alerts.slice(0, 1));
  const first = await bot.saying(/🔴 product-feed is crash looping/);
  await bot.alert(alerts.slice(1));
  const storm = await bot.saying(/🔴 ConfigMap product-feed-config breaks 4 workloads in catalog-feed/);
  await bot.until(() => (threadOf(storm).length === 4 ? storm : undefined), 120_000);
  await bot.until(() =>
    bot
      .all()
      .find(
        (m) => m.ts === first.ts && /one of several that fail for the same reason: what they share/.test(bot.text(m)),
      ),
  );
  expect(bot.cards()).toHaveLength(2);
  expect(buttonOf(bot.all().find((m) => m.ts === first.ts)!, /./)).toBeUndefined();
}, 480_000);
