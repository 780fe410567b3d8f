// Workers that are killed at random while a storm gathers, and two of them at work at once: one parent message, and every
// incident is told by it. The processes, Redis and the wire are real.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { startRole } from '../src/demo/bot.ts';
import { type Bot, startBot } from './support/bot.ts';
import { clonesOf } from './support/clones.ts';

const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-storm-killed-'));
let bot: Bot;
afterEach(async () => {
  await bot.stop();
  rmSync(folder, { recursive: true, force: true });
});

const COUNT = 12;
const KILLS = 5;
const MOST_PAUSE_MS = 1_200;

test('two workers of which one after another is killed: one parent, each incident in its thread once', async () => {
  bot = await startBot([clonesOf('dependency-refused-postgres', 'ledger-api', COUNT, folder)]);
  const workers = [bot.worker, await startRole('worker', bot.env)];
  bot.onStop(() => Promise.all(workers.map((worker) => worker.stop())));
  const names = Array.from({ length: COUNT }, (_, i) => `ledger-api${i || ''}`);
  await bot.alert(
    names.map((name) => ({
      fingerprint: name,
      labels: { namespace: 'billing-ledger', pod: `${name}-547cdf6dcf-mv7zc`, container: name },
    })),
  );
  for (let kill = 0; kill < KILLS; kill++) {
    await new Promise((done) => setTimeout(done, Math.random() * MOST_PAUSE_MS));
    workers[kill % 2]!.child.kill('SIGKILL');
    workers[kill % 2] = await startRole('worker', bot.env);
  }
  const storm = await bot.saying(/🔴 .*ledger-db.* 12 workloads/);
  const members = () => bot.all().filter((m) => m.threadTs === storm.ts && m.ts !== storm.ts);
  await bot.until(() => (members().length >= COUNT ? storm : undefined), 120_000);
  const told = members().map((m) => /🔴 (\S+) cannot start/.exec(bot.text(m))?.[1]);
  expect(told.sort()).toEqual(names.sort());
  const parents = () => bot.cards().map(bot.text);
  // Whatever was shown by itself before the others came leads to them.
  await expect.poll(() => parents().filter((text) => !/workloads|what they share/.test(text))).toEqual([]);
  expect(parents().filter((text) => /workloads/.test(text))).toHaveLength(1);
}, 480_000);
