// Gateway, worker and redis-server are killed at random, with kill -9, while alerts pour in and changes are approved:
// nothing that was acknowledged is lost and nothing is done twice. Processes, Redis (AOF, always) and wires are real;
// counted from what Slack's and the cluster's doubles were asked. KILL_SECONDS=600 goes on for ten minutes.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { IncidentState } from '../src/core/incident/state.ts';
import { verifyJournal } from '../src/queue/journal.ts';
import { connect } from '../src/queue/redis.ts';
import { storedIncidents } from '../src/queue/stored.ts';
import { fillCluster, groupsOf } from './bench/burst-alerts.ts';
import { freePort } from './support/ports.ts';
import { DURABLE, type RedisServer, redisServer } from './support/redis-server.ts';
import { type RunningBot, startRunningBot, writesOf } from './support/running-bot.ts';

const SECONDS = Number(process.env.KILL_SECONDS ?? 15);
const SIZE = { pods: 72, workloads: 36, alerts: 400, resolved: 60, namespaces: 6 };
const TOKEN = 'a-token-of-the-test-itself';
const CASES = ['bad-rollout-env-removed', 'liveness-wrong-port'];
const CHANNELS = Array.from({ length: SIZE.namespaces }, (_, i) => `C0BURST${i}`);
const VICTIMS = ['gateway', 'worker', 'redis'] as const;

let redis: RedisServer;
let bot: RunningBot;
let webhook: string;
beforeAll(async () => {
  redis = await redisServer({ config: DURABLE });
  const port = await freePort();
  webhook = `http://127.0.0.1:${port}/webhooks/alertmanager`;
  const all = [...CHANNELS, ...CASES.map((_, i) => `C0OPS${i}`)];
  bot = await startRunningBot({
    redis,
    recordings: CASES,
    fill: (store) => fillCluster(store, SIZE),
    moreChannels: CHANNELS,
    policy: stringify({
      version: 1,
      read: all.map((channel) => ({ channel, clusters: ['prod'], namespaces: ['*'] })),
      approve: [
        {
          name: 'ann or bob',
          clusters: ['prod'],
          namespaces: ['*'],
          actions: ['*'],
          risks: ['low', 'medium', 'high'],
          approvers: { users: ['U0ANN', 'U0BOB'] },
        },
      ],
      route: CHANNELS.map((channel, i) => ({ name: `burst-${i}`, namespaces: [`burst-${i}`], channel })),
    }),
    settings: {
      LOOPBREAKER_WEBHOOK_HOST: '127.0.0.1',
      LOOPBREAKER_WEBHOOK_PORT: String(port),
      LOOPBREAKER_WEBHOOK_TOKEN: TOKEN,
      LOOPBREAKER_ALERT_CHANNEL: CHANNELS[0]!,
      LOOPBREAKER_LOG_LEVEL: 'silent',
    },
  });
});
afterAll(() => bot?.stop());

/** Until it is taken, as every sender of alerts does. */
async function deliver(body: string): Promise<void> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  for (;;) {
    const answer = await fetch(webhook, { method: 'POST', body, headers }).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(200);
  }
}

async function deliverAll(endMs: number): Promise<void> {
  const bodies = groupsOf(SIZE);
  const gapMs = (endMs - Date.now()) / bodies.length;
  for (const body of bodies) {
    await deliver(body);
    await pause(Math.min(gapMs, 1_000));
  }
}

/** Presses again until the message shows it, as a person does: a press whose gateway dies leaves the button standing. */
async function approve({ message, approve: id }: Awaited<ReturnType<RunningBot['planIn']>>): Promise<void> {
  for (;;) {
    await bot.slack.send.click('U0BOB', message, id).catch(() => undefined);
    for (let looks = 0; looks < 20; looks++) {
      const now = bot.slack.messages(message.channel).find(({ ts }) => ts === message.ts);
      if (now && /Approved by/.test(bot.text(now))) return;
      await pause(100);
    }
  }
}

/** Each victim by itself, so that one dies while another comes back; each at least once. */
async function killAtRandom(endMs: number): Promise<string[]> {
  const killed: string[] = [];
  await Promise.all(
    VICTIMS.map(async (victim) => {
      do {
        await pause(500 + Math.random() * 3_500);
        killed.push(victim);
        if (victim === 'redis') await redis.kill().then(redis.start);
        else await bot.kill(victim);
      } while (Date.now() < endMs);
    }),
  );
  return killed;
}

const keyOf = (message: { metadata?: unknown }): string => {
  const { event_payload: about } = (message.metadata ?? {}) as { event_payload?: { owner?: string; name?: string } };
  return about ? `${about.owner}/${about.name}` : '';
};

test(
  'whatever is killed, each workload has one card, each message stands once, each change is written once',
  async () => {
    const plans = await Promise.all(bot.channels.map(bot.planIn));
    const endMs = Date.now() + SECONDS * 1_000;
    const [killed] = await Promise.all([
      killAtRandom(endMs),
      deliverAll(endMs),
      ...plans.map((plan, i) => pause((SECONDS * 1_000 * (i + 1)) / (plans.length + 1)).then(() => approve(plan))),
    ]);
    if (process.env.KILL_SECONDS) process.stderr.write(`killed: ${killed.join(' ')}\n`);

    const connection = await connect(redis.url);
    const stored = storedIncidents<IncidentState, never>(connection, { schemaVersion: 1 });
    const alone = async () => (await stored.recent(1_000)).filter(({ state }) => state.phase !== 'merged');
    const nameOf = ({ target, request }: IncidentState) => target?.workload?.name ?? request.wanted.name;
    const workloads = Array.from({ length: SIZE.workloads }, (_, i) => `app-${i}`);
    await expect
      .poll(
        async () => {
          const known = await alone();
          const carded = new Set(known.filter(({ state }) => state.messages.card).map(({ state }) => nameOf(state)));
          return workloads.filter((name) => !carded.has(name));
        },
        { timeout: 120_000, interval: 500 },
      )
      .toEqual([]);
    for (const channel of bot.channels)
      await bot.seen(
        () => bot.slack.messages(channel).find((m) => /recovered at|was not the cure/.test(bot.text(m))),
        90_000,
      );
    const incidents = await alone();
    for (const incident of incidents) {
      const { entries } = await stored.journal(incident.incident, { limit: 1_000 });
      const upTo = entries.slice(0, incident.version);
      expect(verifyJournal(upTo, { end: incident }), incident.incident).toEqual({ holds: true, entries: upTo.length });
    }
    await connection.close();

    const names = incidents.map(({ state }) => nameOf(state)).filter((name) => name.startsWith('app-'));
    expect(names.sort()).toEqual([...workloads].sort());
    const messages = [...CHANNELS, ...bot.channels].flatMap((channel) => bot.slack.messages(channel));
    const keys = messages.map(keyOf).filter(Boolean);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    expect(messages.filter((m) => bot.text(m).includes('may stand here twice'))).toEqual([]);
    const written = writesOf(bot.cluster).filter(({ status, method }) => status < 300 && method === 'PATCH');
    expect(written).toHaveLength(CASES.length);
    expect(new Set(written.map(({ path }) => path)).size).toBe(CASES.length);
  },
  (SECONDS + 400) * 1_000,
);
