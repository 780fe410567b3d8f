// Gateway, worker, watcher and redis-server are killed at random, with kill -9, while alerts pour in, workloads break,
// people ask and press: nothing that was acknowledged is lost and nothing is done twice. Processes, Redis (AOF, always) and
// wires are real; counted from what the doubles of Slack and the cluster saw. KILL_SECONDS=600 goes on for ten minutes.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { IncidentState } from '../src/core/incident/state.ts';
import { verifyJournal } from '../src/queue/journal.ts';
import { connect } from '../src/queue/redis.ts';
import { storedIncidents } from '../src/queue/stored.ts';
import { fillCluster, groupsOf } from './bench/burst-alerts.ts';
import { buttonOf } from './support/bot.ts';
import { freePort } from './support/ports.ts';
import { DURABLE, type RedisServer, redisServer } from './support/redis-server.ts';
import { type RunningBot, startRunningBot, writesOf } from './support/running-bot.ts';

const SECONDS = Number(process.env.KILL_SECONDS ?? 15);
const SIZE = { pods: 72, workloads: 36, alerts: 400, resolved: 60, namespaces: 6 };
const TOKEN = 'a-token-of-the-test-itself';
const CASES = ['bad-rollout-env-removed', 'liveness-wrong-port'];
const CHANNELS = Array.from({ length: SIZE.namespaces }, (_, i) => `C0BURST${i}`);
const VICTIMS = ['gateway', 'worker', 'watcher', 'redis'] as const;
/** What breaks is found by the watcher alone; fewer in a minute than would make an overview. */
const WATCHED = { channel: 'C0WATCH', workloads: 8, podsPerDeployment: 4 };
/** Some two hundred commands, however long it goes on. */
const ASK_EVERY_MS = Math.max(400, SECONDS * 5);

let redis: RedisServer;
let bot: RunningBot;
let webhook: string;
beforeAll(async () => {
  redis = await redisServer({ config: DURABLE });
  const port = await freePort();
  webhook = `http://127.0.0.1:${port}/webhooks/alertmanager`;
  const all = [...CHANNELS, WATCHED.channel, ...CASES.map((_, i) => `C0OPS${i}`)];
  bot = await startRunningBot({
    redis,
    recordings: CASES,
    fill: (store) => fillCluster(store, SIZE),
    moreChannels: [...CHANNELS, WATCHED.channel],
    roles: ['worker', 'gateway', 'watcher'],
    crowd: WATCHED.workloads * WATCHED.podsPerDeployment,
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
      route: [
        ...CHANNELS.map((channel, i) => ({ name: `burst-${i}`, namespaces: [`burst-${i}`], channel })),
        { name: 'watched', namespaces: ['crowd-0'], channel: WATCHED.channel },
      ],
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
afterAll(() => (bot ? bot.stop() : redis?.stop()));

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

const toldAlone = (user: string, channel: string): string[] =>
  bot.slack
    .messages(channel, user)
    .filter((m) => m.ephemeralFor === user)
    .map(bot.text);
/** What Slack saw acknowledged and nothing came of so far, nor was anybody told why. */
const late: { what: string; shows: () => Promise<boolean> }[] = [];

/**
 * Does what a person does until it shows: again when Slack says that the bot did not respond, or the bot that it could
 * not; never again after an acknowledgement without a word.
 */
async function until(
  what: string,
  {
    by,
    channel,
    does,
    shows,
  }: { by: string; channel: string; does: () => Promise<{ ok: boolean }>; shows: () => Promise<boolean> },
): Promise<void> {
  for (;;) {
    const before = toldAlone(by, channel).length;
    const { ok } = await does();
    const patience = Date.now() + (ok ? 90_000 : 1_000);
    while (Date.now() < patience) {
      if (await shows()) return;
      if (
        toldAlone(by, channel)
          .slice(before)
          .some((said) => !/^I have noted this/.test(said))
      )
        break;
      await pause(100);
    }
    if (ok && Date.now() >= patience) return void late.push({ what, shows });
  }
}

const now = ({ channel, ts }: { channel: string; ts: string }) =>
  bot.slack.messages(channel).find((message) => message.ts === ts)!;

const approve = ({ message, approve: id }: Awaited<ReturnType<RunningBot['planIn']>>): Promise<void> =>
  until(`approval in ${message.channel}`, {
    by: 'U0BOB',
    channel: message.channel,
    does: () => bot.slack.send.click('U0BOB', message, id),
    shows: async () => /Approved by/.test(bot.text(now(message))),
  });

/** Every card of these channels is taken care of by ann, one after another. */
async function takeAll(endMs: number): Promise<number> {
  const seen = new Set<string>();
  await Promise.all(
    CHANNELS.map(async (channel) => {
      // On a busy machine the first card comes late.
      while (Date.now() < endMs || seen.size === 0) {
        const card = bot.slack.messages(channel).find((m) => buttonOf(m, /^I take it$/) && !seen.has(m.ts));
        if (card) {
          seen.add(card.ts);
          await until(`${channel}: ${bot.text(card)}`, {
            by: 'U0ANN',
            channel,
            does: () => bot.slack.send.click('U0ANN', card, buttonOf(card, /^I take it$/)!),
            shows: async () => /takes care of it/.test(bot.text(now(card))),
          });
        }
        await pause(200);
      }
    }),
  );
  return seen.size;
}

/** What the acknowledgement of a command says that was not, or perhaps not, noted. */
const NOT_NOTED = /so nothing was started|may or may not have been noted/;

/**
 * Commands of which each asks for something of its own, in each channel one after another, so that what bob is told with
 * an acknowledgement is of this very command; answers those that Slack saw acknowledged as noted.
 */
async function askAll(endMs: number): Promise<{ sent: string[]; acknowledged: string[] }> {
  const [sent, acknowledged]: [string[], string[]] = [[], []];
  await Promise.all(
    CHANNELS.map(async (channel) => {
      while (Date.now() < endMs) {
        const name = `asked-${sent.length}`;
        sent.push(name);
        const before = toldAlone('U0BOB', channel).length;
        const { ok } = await bot.slack.send.command('U0BOB', channel, `/crashloop burst-0/${name}`);
        const said = toldAlone('U0BOB', channel).slice(before);
        if (ok && !said.some((words) => NOT_NOTED.test(words))) acknowledged.push(name);
        await pause(ASK_EVERY_MS * CHANNELS.length);
      }
    }),
  );
  return { sent, acknowledged };
}

/** One pod of each watched workload breaks, at its own time. */
async function breakAll(endMs: number): Promise<void> {
  const gapMs = (endMs - Date.now()) / WATCHED.workloads;
  for (let i = 0; i < WATCHED.workloads; i++) {
    await pause(Math.random() * gapMs);
    bot.cluster.crowd.crash(i * WATCHED.podsPerDeployment, 3);
    await pause(Math.random() * gapMs);
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
    // The watcher knows what was broken before: what breaks from now on is news.
    await bot.seen(() => bot.slack.messages(CHANNELS[0]!).find((m) => /broken already/.test(bot.text(m))));
    const endMs = Date.now() + SECONDS * 1_000;
    const [killed, asked, pressed] = await Promise.all([
      killAtRandom(endMs),
      askAll(endMs),
      takeAll(endMs),
      deliverAll(endMs),
      breakAll(endMs),
      ...plans.map((plan, i) => pause((SECONDS * 1_000 * (i + 1)) / (plans.length + 1)).then(() => approve(plan))),
    ]);
    if (process.env.KILL_SECONDS)
      process.stderr.write(
        `killed: ${killed.join(' ')}\nasked ${asked.sent.length}, acknowledged ${asked.acknowledged.length}; pressed ${pressed}\n`,
      );

    const connection = await connect(redis.url);
    const stored = storedIncidents<IncidentState, never>(connection, { schemaVersion: 1 });
    const alone = async () => (await stored.recent(1_000)).filter(({ state }) => state.phase !== 'merged');
    const nameOf = ({ target, request }: IncidentState) => target?.workload?.name ?? request.wanted.name;
    // The pods of a crowd have no Deployment above their ReplicaSets.
    const placed = (state: IncidentState) =>
      `${state.request.wanted.namespace}/${nameOf(state).replace(/^(app-\d+)-.*/, '$1')}`;
    const workloads = Array.from({ length: SIZE.workloads }, (_, i) => `burst-${i % SIZE.namespaces}/app-${i}`);
    workloads.push(...Array.from({ length: WATCHED.workloads }, (_, i) => `crowd-0/app-${i}`));
    await expect
      .poll(
        async () => {
          const known = await alone();
          const carded = new Set(known.filter(({ state }) => state.messages.card).map(({ state }) => placed(state)));
          return [...workloads, ...asked.acknowledged.map((name) => `burst-0/${name}`)].filter(
            (name) => !carded.has(name),
          );
        },
        { timeout: 240_000, interval: 500 },
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

    const lost = async (): Promise<string[]> => {
      const shown = await Promise.all(late.map(({ shows }) => shows()));
      return late.filter((_, i) => !shown[i]).map(({ what }) => what);
    };
    await expect.poll(lost, { timeout: 120_000, interval: 500 }).toEqual([]);
    expect(pressed).toBeGreaterThan(0);
    const names = incidents.map(({ state }) => placed(state));
    expect(names.filter((name) => /\/app-/.test(name)).sort()).toEqual([...workloads].sort());
    const answered = names.filter((name) => /\/asked-/.test(name)).map((name) => name.split('/')[1]!);
    expect(new Set(answered).size).toBe(answered.length);
    expect(asked.sent).toEqual(expect.arrayContaining(answered));
    const messages = [...CHANNELS, WATCHED.channel, ...bot.channels].flatMap((channel) => bot.slack.messages(channel));
    const keys = messages.map(keyOf).filter(Boolean);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    expect(messages.filter((m) => bot.text(m).includes('may stand here twice'))).toEqual([]);
    const written = writesOf(bot.cluster).filter(({ status, method }) => status < 300 && method === 'PATCH');
    expect(written).toHaveLength(CASES.length);
    expect(new Set(written.map(({ path }) => path)).size).toBe(CASES.length);
  },
  (SECONDS + 400) * 1_000,
);
