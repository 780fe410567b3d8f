// The bot as its own processes between a Slack double, a cluster double and a real Redis: what tests that kill it and
// benchmarks of the whole path press buttons in.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoRole, startRole } from '../../src/demo/bot.ts';
import { type Cluster, startCluster } from '../../src/demo/cluster/cluster.ts';
import { demoAccess, watchAccess } from '../../src/demo/recordings.ts';
import { startSlack } from '../../src/demo/slack/server.ts';
import type { Message } from '../../src/demo/slack/types.ts';
import { botSettings, SLACK_SECRETS } from './bot-settings.ts';
import { RECORDINGS } from './recordings.ts';
import { freshRedis } from './redis.ts';

export interface Wanted {
  /** Recordings, each in a channel of its own: `C0OPS0`, `C0OPS1` … */
  recordings: string[];
  settings?: { [name: string]: string };
  latencyMs?: number;
  clockSpeed?: number;
  /** Default: one of its own. */
  redis?: { url: string; stop(): Promise<void> };
  /** What the cluster holds besides. */
  fill?: (store: Cluster['store']) => void;
  /** Channels without a recording. */
  moreChannels?: string[];
  /** The text of a policy file, in place of the settings that say who may read and approve. */
  policy?: string;
  /** Default: a worker and a gateway. */
  roles?: DemoRole[];
  /** Pods of a crowd, which break when they are told to. */
  crowd?: number;
}

export type RunningBot = Awaited<ReturnType<typeof startRunningBot>>;

/** Whatever was started is gone after `stop`, and also when something of it does not start. */
export async function startRunningBot(wanted: Wanted) {
  const cleanUps: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  };
  try {
    return await start(wanted, cleanUps, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(wanted: Wanted, cleanUps: (() => Promise<unknown>)[], stop: () => Promise<void>) {
  const { recordings, settings = {}, latencyMs = 0, clockSpeed = 4, moreChannels = [], policy, crowd = 0 } = wanted;
  const redis = wanted.redis ?? (await freshRedis());
  cleanUps.push(redis.stop);
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-bot-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const cluster = await startCluster({
    recordings: recordings.map((name) => `${RECORDINGS}${name}`),
    clockSpeed,
    latencyMs,
    crowd,
    access: { worker: demoAccess(), watcher: watchAccess() },
  });
  cleanUps.push(cluster.stop);
  wanted.fill?.(cluster.store);
  const channels = recordings.map((_, index) => `C0OPS${index}`);
  const slack = await startSlack({
    mode: 'socket',
    ...SLACK_SECRETS,
    commands: ['/crashloop'],
    users: ['ann', 'bob'].map((name) => ({ id: `U0${name.toUpperCase()}`, name })),
    channels: [...channels, ...moreChannels].map((id) => ({ id, name: id.toLowerCase() })),
    rateLimits: false,
  });
  cleanUps.push(slack.stop);
  const env = {
    ...(await botSettings({ folder, redisUrl: redis.url, cluster, slack, policy })),
    ...(policy
      ? {}
      : {
          LOOPBREAKER_READ: channels.map((id) => `${id}=prod/*`).join('; '),
          LOOPBREAKER_APPROVERS: 'U0ANN,U0BOB',
        }),
    ...settings,
  };
  const envOf = (role: DemoRole) =>
    role === 'watcher' ? { ...env, LOOPBREAKER_CLUSTERS: 'prod=context:watcher' } : env;
  const running = new Map<DemoRole, Awaited<ReturnType<typeof startRole>>>();
  cleanUps.push(() => Promise.all([...running.values()].map((role) => role.stop())));
  const begun = await Promise.allSettled(
    (wanted.roles ?? ['worker', 'gateway']).map(async (role) => running.set(role, await startRole(role, envOf(role)))),
  );
  for (const one of begun) if (one.status === 'rejected') throw one.reason;
  /** kill -9, and another one in its place, tried again as by a supervisor. */
  const kill = async (role: DemoRole, tries = 10): Promise<void> => {
    running.get(role)?.child.kill('SIGKILL');
    for (let left = tries; ; left--) {
      const started = await startRole(role, envOf(role)).catch((error: Error) => error);
      if (!(started instanceof Error)) {
        running.set(role, started);
        return;
      }
      if (left === 1) throw started;
    }
  };
  const text = (message: Message): string => slack.lines(message).join('\n');
  const seen = async <T>(find: () => T | undefined, patienceMs = 180_000): Promise<T> => {
    const end = Date.now() + patienceMs;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (Date.now() > end)
        throw new Error(
          `not seen; ${channels
            .flatMap((id) => slack.messages(id))
            .map(text)
            .join('\n---\n')}`,
        );
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  /** Asks for the workload of a recording as ann, presses the first remedy, and waits for its plan. */
  const planIn = async (channel: string): Promise<{ message: Message; approve: string }> => {
    const { namespace, workload } = cluster.recordings[channels.indexOf(channel)]!;
    await slack.send.command('U0ANN', channel, `/crashloop ${namespace}/${workload}`);
    const remedy = await seen(() => withButton(slack.messages(channel), /^plan-0$/));
    await slack.send.click('U0ANN', remedy.message, remedy.id);
    const plan = await seen(() => withButton(slack.messages(channel), /^approve$/));
    return { message: plan.message, approve: plan.id };
  };
  return { redis, cluster, slack, env, channels, stop, kill, text, seen, planIn };
}

function withButton(messages: Message[], action: RegExp): { message: Message; id: string } | undefined {
  for (const message of messages)
    for (const block of message.blocks)
      for (const { type, action_id: id = '' } of (block.elements ?? []) as { type?: string; action_id?: string }[])
        if (type === 'button' && action.test(id)) return { message, id };
  return undefined;
}

/** What the bot has changed in the cluster, dry runs and its notes left out. */
export function writesOf(cluster: Cluster) {
  return cluster
    .requests()
    .filter(({ method, user }) => ['PATCH', 'DELETE', 'POST'].includes(method) && user.endsWith(':worker'))
    .filter(({ path, query }) => !/selfsubject|\/events(?:$|\/)/.test(path) && query.dryRun === undefined);
}
