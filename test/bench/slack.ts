// Slack as the user feels it: acknowledgement, first progress line, diagnosed card; and what the processes cost.

import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRole } from '../../src/demo/bot.ts';
import { startCluster } from '../../src/demo/cluster/cluster.ts';
import { demoAccess } from '../../src/demo/recordings.ts';
import { startSlack } from '../../src/demo/slack/server.ts';
import { startRedis } from '../../src/setup/redis.mjs';
import { botSettings, SLACK_SECRETS } from '../support/bot-settings.ts';
import { RECORDINGS } from '../support/recordings.ts';
import { atMost, type Bench, median, percentile, timed } from './result.ts';

const ROUNDS = 20;

export const slack: Bench = {
  names: [
    'slack.ack.p99.ms',
    'slack.first-progress.ms',
    'slack.card.p95.ms',
    'start.gateway.ms',
    'start.worker.ms',
    'idle.gateway.rss.mb',
    'idle.worker.rss.mb',
  ],
  run: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-bench-'));
    const redis = await startRedis({});
    const cluster = await startCluster({
      recordings: [`${RECORDINGS}bad-rollout-env-removed`],
      access: { worker: demoAccess() },
    });
    const double = await startSlack({
      mode: 'socket',
      ...SLACK_SECRETS,
      commands: ['/crashloop'],
      users: [{ id: 'U0ANN', name: 'ann' }],
      channels: [{ id: 'C0OPS', name: 'ops' }],
      rateLimits: false,
    });
    const env = {
      ...(await botSettings({ folder, redisUrl: redis.url, cluster, slack: double })),
      LOOPBREAKER_READ: 'C0OPS=prod/*',
    };
    let worker: Awaited<ReturnType<typeof startRole>> | undefined;
    let gateway: Awaited<ReturnType<typeof startRole>> | undefined;
    try {
      const workerMs = await timed(async () => {
        worker = await startRole('worker', env);
      });
      const gatewayMs = await timed(async () => {
        gateway = await startRole('gateway', env);
      });
      await new Promise((done) => setTimeout(done, 2_000));
      const rss = { gateway: rssMb(gateway?.child.pid), worker: rssMb(worker?.child.pid) };
      const { acks, firsts, cards } = await askOften(double);
      return [
        atMost('slack.ack.p99.ms', percentile(acks, 0.99), 'ms', 500),
        atMost('slack.first-progress.ms', median(firsts), 'ms', null),
        atMost('slack.card.p95.ms', percentile(cards, 0.95), 'ms', null),
        atMost('start.gateway.ms', gatewayMs, 'ms', null),
        atMost('start.worker.ms', workerMs, 'ms', null),
        atMost('idle.gateway.rss.mb', rss.gateway, 'MB', null),
        atMost('idle.worker.rss.mb', rss.worker, 'MB', null),
      ];
    } finally {
      await gateway?.stop();
      await worker?.stop();
      await double.stop();
      await cluster.stop();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function askOften(
  double: Awaited<ReturnType<typeof startSlack>>,
): Promise<{ acks: number[]; firsts: number[]; cards: number[] }> {
  const acks: number[] = [];
  const firsts: number[] = [];
  const cards: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const known = new Set(double.messages('C0OPS').map((m) => m.ts));
    const start = performance.now();
    acks.push(await timed(() => double.send.command('U0ANN', 'C0OPS', '/crashloop avatars')));
    const seen = async (wanted: (text: string) => boolean): Promise<number> => {
      for (;;) {
        const found = double
          .messages('C0OPS')
          .find((m) => !known.has(m.ts) && !m.threadTs && wanted(double.lines(m).join('\n')));
        if (found) return performance.now() - start;
        if (performance.now() - start > 20_000) throw new Error('no answer within 20 s');
        await new Promise((done) => setTimeout(done, 2));
      }
    };
    firsts.push(await seen(() => true));
    cards.push(await seen((text) => text.includes('AVATAR_BUCKET')));
  }
  return { acks, firsts, cards };
}

/** Resident memory of a process, from the kernel's own accounting. */
function rssMb(pid: number | undefined): number {
  return pid === undefined
    ? Number.NaN
    : Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim()) / 1024;
}
