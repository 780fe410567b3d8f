// Workers that are killed at random while approved changes are written and watched: nothing is written twice, nothing is
// forgotten. The processes, Redis and the wire are real; writes are counted from the API server's own log.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startRunningBot, writesOf } from './support/running-bot.ts';

const CASES = [
  'bad-rollout-env-removed',
  'oom-startup-python',
  'liveness-wrong-port',
  'config-key-renamed-optional',
  'daemonset-bad-update',
  'readonly-rootfs-nginx',
];
const MOST_PAUSE_MS = 1_500;

/** Milliseconds between two kills. */
const pauses = fc.array(fc.integer({ min: 0, max: MOST_PAUSE_MS }), { minLength: 3, maxLength: 3 });

test('workers that are killed between any two effects leave each change written once and watched to its end', async () => {
  await fc.assert(
    fc.asyncProperty(pauses, async (kills) => {
      const bot = await startRunningBot({ recordings: CASES, latencyMs: 60 });
      try {
        const plans = await Promise.all(bot.channels.map(bot.planIn));
        expect(writesOf(bot.cluster)).toEqual([]);
        await Promise.all(plans.map(({ message, approve }) => bot.slack.send.click('U0BOB', message, approve)));
        for (const pause of kills) {
          await new Promise((done) => setTimeout(done, pause));
          await bot.kill('worker');
        }
        for (const channel of bot.channels)
          await bot.seen(() =>
            bot.slack.messages(channel).find((m) => /recovered at|was not the cure/.test(bot.text(m))),
          );
        const written = writesOf(bot.cluster).filter(({ status }) => status < 300);
        expect(new Set(written.map(({ method, path }) => `${method} ${path}`)).size).toBe(written.length);
        expect(written.filter(({ method }) => method === 'PATCH')).toHaveLength(CASES.length);
      } finally {
        await bot.stop();
      }
    }),
    { numRuns: 2, endOnFailure: true },
  );
}, 240_000);
