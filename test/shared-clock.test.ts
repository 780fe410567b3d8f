// One time for all processes: what Redis says, as exactly as its answer allows.

import { afterEach, expect, test, vi } from 'vitest';
import { sharedClock } from '../src/queue/clock.ts';

afterEach(() => void vi.useRealTimers());

const DAY_MS = 86_400_000;
/** A Redis whose time is ahead of this process by so much, and whose answers are late by so much. */
const redis = { aheadMs: DAY_MS, lateMs: 0 };
const theirs = (): number => performance.now() + redis.aheadMs;
async function time(): Promise<[string, string]> {
  const micros = Math.floor(theirs() * 1_000);
  await new Promise((done) => setTimeout(done, redis.lateMs));
  return [String(Math.floor(micros / 1e6)), String(micros % 1e6)];
}

/** By how much it is ahead of Redis; whatever comes between the two readings can only add to it. */
const gainMs = (clock: { now(): number }): number => {
  const said = theirs();
  return clock.now() - said;
};

test('a slow answer does not set it back, and another time is followed', async () => {
  vi.useFakeTimers({ toFake: ['setInterval'] });
  const clock = await sharedClock(time);
  redis.lateMs = 400;
  await vi.advanceTimersByTimeAsync(30_000);
  await new Promise((done) => setTimeout(done, 800));
  expect(gainMs(clock)).toBeGreaterThan(-200);

  Object.assign(redis, { aheadMs: 2 * DAY_MS, lateMs: 0 });
  await vi.advanceTimersByTimeAsync(30_000);
  await expect.poll(() => gainMs(clock)).toBeGreaterThan(-DAY_MS / 2);
  clock.stop();
});
