// The bot as its own two processes, between a Slack double, a cluster double and a real Redis of its own: what tests of
// the whole path start, do and look at.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { startRole } from '../../src/demo/bot.ts';
import { startCluster } from '../../src/demo/cluster/cluster.ts';
import { demoAccess, watchAccess } from '../../src/demo/recordings.ts';
import { startSlack } from '../../src/demo/slack/server.ts';
import type { Message } from '../../src/demo/slack/types.ts';
import { botSettings, SLACK_SECRETS } from './bot-settings.ts';
import { caller } from './cluster-double.ts';
import { freePort } from './ports.ts';
import { freshRedis } from './redis.ts';

export const [ANN, BOB] = ['U0ANN', 'U0BOB'];
export const [OPS, TEAM] = ['C0OPS', 'C0TEAM'];
const TOKEN = 'a-token-of-the-test-itself';
const recordings = new URL('../recordings/', import.meta.url).pathname;

export type Bot = Awaited<ReturnType<typeof startBot>>;

/** `policy` is the text of a policy file, where the settings are not enough. */
export async function startBot(
  names: string[],
  {
    settings = {},
    policy = '',
    clockSpeed = 4,
    mode = 'socket',
    crowd = 0,
    kubeconfigs = [],
    access = demoAccess(),
  }: {
    settings?: Record<string, string>;
    policy?: string;
    clockSpeed?: number;
    mode?: 'socket' | 'http';
    crowd?: number;
    /** Files of clusters besides. */
    kubeconfigs?: string[];
    /** What the worker may do in the cluster. */
    access?: ReturnType<typeof demoAccess>;
  } = {},
) {
  const cleanUps: (() => Promise<unknown> | unknown)[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-bot-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const redis = await freshRedis();
  cleanUps.push(redis.stop);
  const cluster = await startCluster({
    recordings: names.map((name) => resolve(recordings, name)),
    clockSpeed,
    crowd,
    access: { worker: access, watcher: watchAccess() },
  });
  cleanUps.push(cluster.stop);
  const kubectl = caller(cluster, cluster.tokens.admin ?? '');
  cleanUps.push(() => kubectl.close());
  const webhookPort = await freePort();
  const slackPort = await freePort();
  const slack = await startSlack({
    mode,
    ...SLACK_SECRETS,
    ...(mode === 'http' ? { appUrl: eventsOf(slackPort) } : {}),
    commands: ['/crashloop'],
    users: [
      { id: ANN, name: 'ann' },
      { id: BOB, name: 'bob' },
    ],
    channels: [
      { id: OPS, name: 'ops' },
      { id: TEAM, name: 'team' },
    ],
  });
  cleanUps.push(slack.stop);
  const common = await botSettings({ folder, redisUrl: redis.url, cluster, slack, policy });
  const env = {
    ...common,
    KUBECONFIG: [common.KUBECONFIG, ...kubeconfigs].join(delimiter),
    SLACK_SIGNING_SECRET: SLACK_SECRETS.signingSecret,
    LOOPBREAKER_SLACK_MODE: mode,
    LOOPBREAKER_SLACK_HOST: '127.0.0.1',
    LOOPBREAKER_SLACK_PORT: String(slackPort),
    ...(policy ? {} : { LOOPBREAKER_READ: `${OPS}=prod/*; ${TEAM}=prod/*`, LOOPBREAKER_APPROVERS: `${ANN},${BOB}` }),
    LOOPBREAKER_WEBHOOK_PORT: String(webhookPort),
    LOOPBREAKER_WEBHOOK_HOST: '127.0.0.1',
    LOOPBREAKER_WEBHOOK_TOKEN: TOKEN,
    LOOPBREAKER_ALERT_CHANNEL: OPS,
    ...settings,
  };
  const worker = await startRole('worker', env);
  cleanUps.push(worker.stop);
  const gateway = await startRole('gateway', env);
  cleanUps.push(gateway.stop);

  const text = (message: Message): string => slack.lines(message).join('\n');
  const all = (channel = OPS): Message[] => slack.messages(channel);
  const cards = (channel = OPS): Message[] => all(channel).filter((m) => !m.threadTs || m.threadTs === m.ts);
  const until = async (find: () => Message | undefined, patienceMs = 120_000): Promise<Message> => {
    const end = Date.now() + patienceMs;
    while (Date.now() < end) {
      const found = find();
      if (found) return found;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`not seen; the channels say:\n${[...all(), ...all(TEAM)].map(text).join('\n---\n')}`);
  };
  /** Posts alerts as Alertmanager does; labels of pods and workloads as kube-state-metrics gives them. */
  const alert = async (
    alerts: { status?: string; fingerprint: string; labels: Record<string, string> }[],
    toPort = webhookPort,
  ) => {
    const full = alerts.map(({ status = 'firing', fingerprint, labels }) => ({
      status,
      labels: { alertname: 'KubePodCrashLooping', severity: 'warning', ...labels },
      annotations: {},
      startsAt: '2026-11-21T02:30:00Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: '',
      fingerprint,
    }));
    const body = {
      version: '4',
      status: 'firing',
      groupKey: 'g',
      receiver: 'r',
      groupLabels: {},
      commonLabels: {},
      commonAnnotations: {},
      externalURL: '',
      truncatedAlerts: 0,
      alerts: full,
    };
    const answer = await fetch(`http://127.0.0.1:${toPort}/webhooks/alertmanager`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    });
    return answer.status;
  };
  return {
    slack,
    cluster,
    kubectl,
    env,
    folder,
    redis,
    worker,
    gateway,
    text,
    all,
    cards,
    until,
    alert,
    saying: (pattern: RegExp, channel = OPS) => until(() => all(channel).find((m) => pattern.test(text(m)))),
    press: (user: string, message: Message, title: RegExp) =>
      slack.send.click(
        user,
        all(message.channel).find((m) => m.ts === message.ts) ?? message,
        buttonOf(message, title) ?? '',
      ),
    webhookPort,
    token: TOKEN,
    /** Another process that watches, with nothing but the rights of a watcher. */
    watch: async (more: Record<string, string> = {}) => {
      const watcher = await startRole('watcher', { ...env, LOOPBREAKER_CLUSTERS: 'prod=context:watcher', ...more });
      cleanUps.push(watcher.stop);
      return watcher;
    },
    onStop: (cleanUp: () => Promise<unknown> | unknown) => void cleanUps.push(cleanUp),
    stop: async () => {
      for (const cleanUp of cleanUps.reverse()) await cleanUp();
    },
  };
}

/** Where a gateway in HTTP mode takes what Slack sends. */
export const eventsOf = (port: number): string => `http://127.0.0.1:${port}/slack/events`;

export function buttonOf(message: Message, title: RegExp): string | undefined {
  for (const block of message.blocks) {
    for (const element of (block.elements ?? []) as { type?: string; action_id?: string; text?: { text?: string } }[]) {
      if (element.type === 'button' && title.test(element.text?.text ?? '')) return element.action_id;
    }
  }
  return undefined;
}
