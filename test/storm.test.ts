// Many incidents that share one cause, over the whole path: real Redis, the bot as its own processes, Slack and the
// cluster as doubles.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ANN, type Bot, OPS, startBot, TEAM } from './support/bot.ts';
import { clonesOf } from './support/clones.ts';
import { merge } from './support/cluster-double.ts';

const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-storm-'));
let bot: Bot;
afterEach(async () => {
  await bot.stop();
  rmSync(folder, { recursive: true, force: true });
});

const NAMESPACE = 'billing-ledger';
const nameOf = (number: number): string => `ledger-api${number || ''}`;
const alertsAbout = (numbers: number[]) =>
  numbers.map((number) => ({
    fingerprint: `${number}`,
    labels: { namespace: NAMESPACE, pod: `${nameOf(number)}-547cdf6dcf-mv7zc`, container: nameOf(number) },
  }));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);

test('a database is down and forty workloads crash: one card names it, they stand in its thread, one line ends it', async () => {
  const world = clonesOf('dependency-refused-postgres', 'ledger-api', 40, folder);
  bot = await startBot([world], { clockSpeed: 20 });
  expect(await bot.alert(alertsAbout(upTo(39)))).toBe(200);
  const storm = await bot.saying(/🔴 .*ledger-db.* 39 workloads/);
  const inThread = () => bot.all().filter((m) => m.threadTs === storm.ts && m.ts !== storm.ts);
  await bot.until(() => (inThread().length === 39 ? storm : undefined));
  expect(bot.cards().map(bot.text)).toHaveLength(1);

  // A late one.
  await bot.alert(alertsAbout([39]));
  await bot.saying(/🔴 .*ledger-db.* 40 workloads/);
  await bot.until(() => (inThread().length === 40 ? storm : undefined));
  expect(bot.cards()).toHaveLength(1);

  await bot.slack.send.command(ANN, TEAM, '/crashloop ledger-api7');
  await bot.saying(/There is an open incident for this/, TEAM);

  const database = `/apis/apps/v1/namespaces/${NAMESPACE}/statefulsets/ledger-db`;
  expect((await bot.kubectl('PATCH', database, { spec: { replicas: 1 } }, merge)).status).toBe(200);
  await bot.alert(alertsAbout(upTo(40)).map((one) => ({ ...one, status: 'resolved' })));
  const ended = () => bot.all().find((m) => /It is over after .*40 workloads run again/.test(bot.text(m)));
  await bot.until(ended, 240_000);
  await bot.saying(/🟢 40 workloads in billing-ledger run again or are gone\n.*\nIt was: ledger-db is down/);
  expect(inThread().filter((m) => /It is over/.test(bot.text(m)))).toHaveLength(1);
  expect(bot.cards(OPS).map(bot.text)).toHaveLength(1);
}, 480_000);
