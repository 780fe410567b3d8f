// Small incidents wait for their collecting message, over the whole path; the wait is Redis' own, so whoever dies
// meanwhile loses nothing. The hour is not waited for: its job is brought forward.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import { afterEach, expect, test } from 'vitest';
import type { StormState } from '../src/core/storm/state.ts';
import { startRole } from '../src/demo/bot.ts';
import { stormKeys } from '../src/queue/keys.ts';
import { connect } from '../src/queue/redis.ts';
import { storedIncidents } from '../src/queue/stored.ts';
import { type Bot, OPS, startBot } from './support/bot.ts';
import { clonesOf } from './support/clones.ts';

const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-digest-'));
let bot: Bot;
afterEach(async () => {
  await bot.stop();
  rmSync(folder, { recursive: true, force: true });
});

const policy = `
version: 1
read: [{ channel: ${OPS}, clusters: [prod], namespaces: ['*'] }]
route: [{ name: small things, severities: [info], channel: ${OPS}, digest: hourly }]
`;

test('three small incidents and a restart of everything: nothing until the hour, then one message with its members', async () => {
  bot = await startBot([clonesOf('bad-rollout-env-removed', 'avatars', 4, folder)], { policy });
  const alerts = ['avatars', 'avatars1', 'avatars2', 'avatars3'].map((name, i) => ({
    fingerprint: name,
    labels: {
      namespace: 'users-avatars',
      pod: `${name}-5778979d57-9c9rc`,
      container: name,
      severity: i < 3 ? 'info' : 'warning',
    },
  }));
  await bot.alert(alerts);
  await bot.saying(/avatars3 is crash looping/);

  const redis = await connect(bot.redis.url);
  const queue = new Queue('worker', { connection: redis.client, prefix: redis.keys.bull });
  bot.onStop(async () => {
    await queue.close();
    await redis.close();
  });
  const storms = storedIncidents<StormState, never>({ ...redis, keys: stormKeys(redis.keys) }, { schemaVersion: 1 });
  /** The job that the hour will begin, once all three wait for it. */
  const dueJob = async () => {
    const digest = (await storms.recent()).find(({ state }) => state.subject.is === 'digest');
    if (digest?.state.members.length !== 3) return undefined;
    const waiting = await queue.getDelayed();
    return waiting.find((job) => job.name === 'storm-due' && job.data.incident === digest.incident);
  };
  while (!(await dueJob())) await new Promise((done) => setTimeout(done, 100));

  for (const role of [bot.worker, bot.gateway]) role.child.kill('SIGKILL');
  for (const role of ['worker', 'gateway'] as const) bot.onStop((await startRole(role, bot.env)).stop);
  expect(bot.cards().map(bot.text)).toHaveLength(1);

  const job = (await dueJob())!;
  await job.updateData({ ...job.data, handedMs: 0 }); // as if it had been waiting for long
  await job.promote();
  const digest = await bot.saying(/⚪ 3 small incidents until .*: 3 still broken/);
  await bot.until(() =>
    bot.all().filter((m) => m.threadTs === digest.ts && m.ts !== digest.ts).length === 3 ? digest : undefined,
  );
  expect(bot.cards()).toHaveLength(2);
}, 480_000);
