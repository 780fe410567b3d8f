// From the click on Approve to the patch on the wire, and how long a change stands still when its worker is killed. The
// processes and Redis are real; the API server answers after 20 ms.

import { type RunningBot, startRunningBot, writesOf } from '../support/running-bot.ts';
import { atMost, type Bench, percentile } from './result.ts';

const LATENCY_MS = 20;
/** One remedy each that patches its workload. */
const RECORDINGS = [
  'bad-rollout-env-removed',
  'bad-rollout-image',
  'config-key-missing-required',
  'config-key-renamed-optional',
  'cpu-throttled-probe',
  'daemonset-bad-update',
  'exec-probe-timeout',
  'jvm-heap-exit1',
  'jvm-heap-space',
  'liveness-delay-too-short',
  'liveness-scheme-http',
  'liveness-timeout',
  'liveness-wrong-port',
  'multi-container-one-oom',
  'nginx-nonroot-permission',
  'node-heap',
  'oom-child-process',
  'oom-leak-later',
  'oom-startup-python',
  'readonly-rootfs-nginx',
];

export const approve: Bench = {
  names: ['approve-to-patch.p95.ms', 'resume-after-kill.s'],
  run: async () => {
    const bot = await startRunningBot({ recordings: RECORDINGS, latencyMs: LATENCY_MS });
    try {
      const [first = '', second = '', ...rest] = bot.channels;
      const samples: number[] = [];
      for (const channel of rest) samples.push(await approveToPatch(bot, channel));
      const resumed = [await applyAfterKill(bot, first), await verifyAfterKill(bot, second)];
      return [
        atMost('approve-to-patch.p95.ms', percentile(samples, 0.95), 'ms', 500),
        atMost('resume-after-kill.s', Math.max(...resumed) / 1000, 's', 15),
      ];
    } finally {
      await bot.stop();
    }
  },
};

/** Milliseconds until the API server has the patch. */
async function approveToPatch(bot: RunningBot, channel: string): Promise<number> {
  const { message, approve } = await bot.planIn(channel);
  const before = writesOf(bot.cluster).length;
  const start = Date.now();
  await bot.slack.send.click('U0BOB', message, approve);
  const patch = await bot.seen(() => writesOf(bot.cluster)[before]);
  await ended(bot, channel);
  return Date.parse(patch.at) - start;
}

async function applyAfterKill(bot: RunningBot, channel: string): Promise<number> {
  const { message, approve } = await bot.planIn(channel);
  const [asked, before] = [bot.cluster.requests().length, writesOf(bot.cluster).length];
  await bot.slack.send.click('U0BOB', message, approve);
  // It has begun to read what it will patch.
  await bot.seen(() => bot.cluster.requests()[asked]);
  const killed = Date.now();
  await bot.kill('worker');
  const patch = await bot.seen(() => writesOf(bot.cluster)[before]);
  await ended(bot, channel);
  return Date.parse(patch.at) - killed;
}

async function verifyAfterKill(bot: RunningBot, channel: string): Promise<number> {
  const { message, approve } = await bot.planIn(channel);
  const before = writesOf(bot.cluster).length;
  await bot.slack.send.click('U0BOB', message, approve);
  const patch = await bot.seen(() => writesOf(bot.cluster)[before]);
  // It has begun to look at what became of it; the card may be edited later than that.
  await bot.seen(() => bot.cluster.requests().find(({ at }) => Date.parse(at) > Date.parse(patch.at) + 200));
  const killed = Date.now();
  await bot.kill('worker');
  const looked = await bot.seen(() => bot.cluster.requests().find(({ at }) => Date.parse(at) > killed + 50));
  await ended(bot, channel);
  return Date.parse(looked.at) - killed;
}

const cards = (bot: RunningBot, channel: string): string => bot.slack.messages(channel).map(bot.text).join('\n');

const ended = (bot: RunningBot, channel: string) =>
  bot.seen(() => (/recovered at|was not the cure/.test(cards(bot, channel)) ? true : undefined));
