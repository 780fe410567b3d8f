// A bad day: 10,000 alerts about 2,000 pods of 300 workloads within seconds, most of them repeats, some of them resolved.
// The bot's processes, the sender and the doubles of Slack and the cluster are apart, Redis is real and has each write on
// disk before it answers, as the manifests have it, and Slack's rate limits hold. Counted from what Redis and Slack have in
// the end. What the disk costs shows in how fast a Redis without a file takes the same alerts.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { IncidentState } from '../../src/core/incident/state.ts';
import { startRole } from '../../src/demo/bot.ts';
import { startCluster } from '../../src/demo/cluster/cluster.ts';
import { demoAccess } from '../../src/demo/recordings.ts';
import { startSlack } from '../../src/demo/slack/server.ts';
import type { Message } from '../../src/demo/slack/types.ts';
import { connect, type RedisConnections } from '../../src/queue/redis.ts';
import { storedIncidents } from '../../src/queue/stored.ts';
import { botSettings, SLACK_SECRETS } from '../support/bot-settings.ts';
import { freePort } from '../support/ports.ts';
import { DURABLE, FORGETFUL, type RedisServer, redisServer } from '../support/redis-server.ts';
import { BURST, fillCluster, groupsOf } from './burst-alerts.ts';
import { atMost, type Bench, percentile, type Result } from './result.ts';

const CHANNELS = Array.from({ length: 10 }, (_, i) => `C0BURST${i}`);
const TOKEN = 'a-token-of-the-bench-itself';
/** Long enough to see an overrun, too. */
const PATIENCE_MS = 240_000;

export const burst: Bench = {
  names: [
    'burst.lost',
    'burst.duplicate-parents',
    'burst.accepted.s',
    'burst.ack.p99.ms',
    'burst.rss.mb',
    'burst.worker.rss.mb',
    'burst.diagnosed.s',
    'burst.drained.s',
    'burst.without-aof.accepted.s',
    'burst.without-aof.ack.p99.ms',
  ],
  run: async () => {
    const all: Result[] = [];
    await burstOn(await redisServer({ config: DURABLE }), async (bench) => {
      all.push(...(await toTheEnd(bench)));
    });
    await burstOn(await redisServer({ config: FORGETFUL }), async ({ port }) => {
      const { tookMs, answersMs } = await load(port, groupsOf());
      all.push(
        atMost('burst.without-aof.accepted.s', tookMs / 1_000, 's', null),
        atMost('burst.without-aof.ack.p99.ms', percentile(answersMs, 0.99), 'ms', null),
      );
    });
    return all;
  },
};

interface Running {
  port: number;
  redis: RedisConnections;
  slack: Awaited<ReturnType<typeof startSlack>>;
  worker: number | undefined;
  gateway: number | undefined;
}

/** From the first alert until nothing waits any more. */
async function toTheEnd({ port, redis, slack, ...pids }: Running): Promise<Result[]> {
  const [worker, gateway] = [peakOf(pids.worker), peakOf(pids.gateway)];
  const started = Date.now();
  const sent = await load(port, groupsOf());
  const quiet = await untilQuiet(redis, started);
  const incidents = await incidentsOf(redis);
  const messages = CHANNELS.flatMap((id) => slack.messages(id));
  return [
    ...results(sent, incidents, messages),
    atMost('burst.rss.mb', gateway(), 'MB', 256),
    atMost('burst.worker.rss.mb', worker(), 'MB', 256),
    atMost('burst.diagnosed.s', quiet.diagnosedMs / 1_000, 's', null),
    atMost('burst.drained.s', quiet.drainedMs / 1_000, 's', 60),
  ];
}

/** Starts all of it, and ends all of it, the Redis too. */
async function burstOn(server: RedisServer, measure: (running: Running) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-burst-'));
  const cluster = await startCluster({ recordings: [], access: { worker: demoAccess() } });
  fillCluster(cluster.store);
  const slack = await startSlack({
    mode: 'socket',
    ...SLACK_SECRETS,
    commands: ['/crashloop'],
    users: [{ id: 'U0ANN', name: 'ann' }],
    channels: CHANNELS.map((id, i) => ({ id, name: `burst-${i}` })),
  });
  const port = await freePort();
  const env = {
    ...(await botSettings({ folder, redisUrl: server.url, cluster, slack, policy: stringify(policy()) })),
    LOOPBREAKER_WEBHOOK_HOST: '127.0.0.1',
    LOOPBREAKER_WEBHOOK_PORT: String(port),
    LOOPBREAKER_WEBHOOK_TOKEN: TOKEN,
    LOOPBREAKER_ALERT_CHANNEL: CHANNELS[0] ?? '',
  };
  const roles: Awaited<ReturnType<typeof startRole>>[] = [];
  const redis = await connect(server.url);
  try {
    for (const role of ['worker', 'gateway'] as const) roles.push(await startRole(role, env));
    const [worker, gateway] = roles.map(({ child }) => child.pid);
    await measure({ port, redis, slack, worker, gateway });
  } finally {
    for (const role of roles.reverse()) await role.stop();
    await redis.close();
    await slack.stop();
    await cluster.stop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function policy() {
  const read = CHANNELS.map((channel) => ({ channel, clusters: ['prod'], namespaces: ['*'] }));
  const route = CHANNELS.map((channel, i) => ({ name: `burst-${i}`, namespaces: [`burst-${i}`], channel }));
  return { version: 1, read, route };
}

interface Sent {
  tookMs: number;
  answersMs: number[];
  refused: number;
}

async function load(port: number, bodies: string[]): Promise<Sent> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('./burst-load.ts', import.meta.url))],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  child.stdin.end(JSON.stringify({ port, token: TOKEN, bodies, connections: 8 }));
  return JSON.parse(await text(child.stdout)) as Sent;
}

type Incident = { state: IncidentState };

async function incidentsOf(redis: RedisConnections): Promise<Incident[]> {
  return storedIncidents<IncidentState, never>(redis, { schemaVersion: 1 }).recent(1_000);
}

/** A workload without an incident is lost, and so is one of whose incidents Slack shows nothing. */
function results(sent: Sent, incidents: Incident[], messages: Message[]): Result[] {
  const parents = messages.filter(({ ts, threadTs }) => !threadTs || threadTs === ts);
  const stem = ({ state: { request, target } }: Incident): string =>
    target?.workload?.name ?? request.wanted.name.replace(/-[^-]+-[^-]+$/, '');
  const open = incidents.filter(({ state }) => state.phase !== 'merged');
  const known = new Set(open.map(stem));
  const shown = new Map<string, number>();
  for (const parent of parents) {
    const { event_payload: about } = (parent.metadata ?? {}) as { event_payload?: { owner?: string; name?: string } };
    const incident = open.find(({ state }) => state.id === about?.owner);
    // What speaks for several: one a channel.
    const name = incident ? stem(incident) : `${about?.name} ${parent.channel}`;
    shown.set(name, (shown.get(name) ?? 0) + 1);
  }
  const all = JSON.stringify(messages);
  const names = Array.from({ length: BURST.workloads }, (_, i) => `app-${i}`);
  const unseen = names.filter((name) => !shown.has(name) && !new RegExp(`\\b${name}\\b`).test(all));
  const lost = names.filter((name) => !known.has(name)).length + unseen.length;
  const doubled = [...shown.values()].reduce((sum, count) => sum + count - 1, 0);
  process.stderr.write(
    `  ${BURST.pods} pods, ${BURST.workloads} workloads: ${open.length} incidents (${incidents.length - open.length} merged), ${parents.length} parent messages, ${unseen.length} workloads not seen in Slack, ${sent.refused} requests sent again\n`,
  );
  return [
    atMost('burst.lost', lost, 'workloads', 0),
    atMost('burst.duplicate-parents', doubled, 'messages', 0),
    atMost('burst.accepted.s', sent.tookMs / 1_000, 's', 10),
    atMost('burst.ack.p99.ms', percentile(sent.answersMs, 0.99), 'ms', 250),
  ];
}

/** When the last diagnosis was made, and when nothing waited for Slack any more. */
async function untilQuiet(
  redis: RedisConnections,
  started: number,
): Promise<{ diagnosedMs: number; drainedMs: number }> {
  const quiet = { diagnosedMs: Number.POSITIVE_INFINITY, drainedMs: Number.POSITIVE_INFINITY };
  let calm = 0;
  while (Date.now() - started < PATIENCE_MS) {
    await new Promise((done) => setTimeout(done, 500));
    const { keys } = redis;
    const [unposted, outbox, ...jobs] = await redis.ask((client) =>
      Promise.all([
        client.zcard(keys.posts.due),
        client.zcard(keys.outbox),
        ...['worker', 'gateway'].flatMap((queue) => [
          client.llen(`${keys.bull}:${queue}:wait`),
          client.llen(`${keys.bull}:${queue}:active`),
        ]),
      ]),
    );
    const asked = (await incidentsOf(redis)).filter(({ state }) => state.phase === 'asked').length;
    const nowMs = Date.now() - started;
    if (asked === 0 && quiet.diagnosedMs === Number.POSITIVE_INFINITY) quiet.diagnosedMs = nowMs;
    const busy = asked > 0 || (unposted ?? 0) > 0 || (outbox ?? 0) > 0 || jobs.some((count) => count > 0);
    if (!busy && calm === 0) quiet.drainedMs = nowMs;
    calm = busy ? 0 : calm + 1;
    // An alert's card may wait a few seconds for its neighbours.
    if (calm > 12) return quiet;
  }
  return { ...quiet, drainedMs: Number.POSITIVE_INFINITY };
}

/** Watches the resident memory of a process; answers its peak in MB. */
function peakOf(pid: number | undefined): () => number {
  let peak = 0;
  const look = (): void => {
    try {
      peak = Math.max(peak, Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]).toString()) / 1_024);
    } catch {
      clearInterval(timer);
    }
  };
  const timer = setInterval(look, 500).unref();
  return () => {
    look();
    clearInterval(timer);
    return peak;
  };
}
