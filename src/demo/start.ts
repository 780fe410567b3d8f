// Starts the demo: real Redis, the cluster double (or the user's own cluster), the Slack double with its page, and the
// bot itself as a process of its own, configured only through its settings.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { stringify } from 'yaml';
import { startRedis } from '../setup/redis.mjs';
import { startBot } from './bot.ts';
import { type Cluster, startCluster } from './cluster/cluster.ts';
import { demoAccess, demoRecordings, watchAccess } from './recordings.ts';
import { type Slack, startSlack } from './slack/server.ts';
import { createTranscript } from './transcript.ts';

export const ANN = 'U0ANN';
export const BOB = 'U0BOB';
export const CHANNEL = 'C0ONCALL';
/** What the demo sets so that nobody has to wait; the same setting as in production. */
export const STEADY_SECONDS = 5;

export interface Demo {
  pageUrl: string;
  slack: Slack;
  cluster: Cluster | undefined;
  suggestions: { text: string; note: string }[];
  notes: string[];
  onBotExit(callback: () => void): void;
  stop(): Promise<void>;
}

export interface DemoSettings {
  port: number;
  context: string | undefined;
  allowWrites: boolean;
  /** Whether the watcher runs too and tells what breaks without being asked. */
  watch: boolean;
}

/** Undefined when the user did not confirm that their own cluster may be written to. */
export async function startDemo({ port, context, allowWrites, watch }: DemoSettings): Promise<Demo | undefined> {
  if (context && allowWrites && !(await confirmed(context))) return undefined;
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-demo-'));
  const redis = await startRedis({ log: say });
  const cluster = context
    ? undefined
    : await startCluster({
        recordings: demoRecordings(),
        clockSpeed: 4,
        access: { worker: demoAccess(), watcher: watchAccess() },
      });
  const kubeconfig = cluster ? join(folder, 'kubeconfig.yaml') : (process.env.KUBECONFIG ?? '');
  if (cluster) await writeFile(kubeconfig, stringify(cluster.kubeconfigFile), { mode: 0o600 });

  const suggestions = cluster ? suggestionsFor(cluster) : [{ text: '/crashloop', note: 'what is crash looping now' }];
  const transcript = createTranscript();
  const tokens = { botToken: 'xoxb-demo', appToken: 'xapp-demo', signingSecret: 'demo-signing-secret' };
  const slack = await startSlack({
    mode: 'socket',
    ...tokens,
    commands: ['/crashloop'],
    users: [
      { id: ANN, name: 'ann', realName: 'Ann' },
      { id: BOB, name: 'bob', realName: 'Bob' },
    ],
    channels: [{ id: CHANNEL, name: 'on-call', topic: 'Pods that will not stay up' }],
    port,
    page: { suggestions, ...(context ? { canSwitch: false, banner: banner(context, allowWrites) } : {}) },
    log: (entry) => {
      const lines = transcript(entry);
      if (lines) say(lines);
    },
  });
  const alias = context ? 'mine' : 'demo';
  const settings = {
    REDIS_URL: redis.url,
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: tokens.botToken,
    SLACK_APP_TOKEN: tokens.appToken,
    LOOPBREAKER_CLUSTERS: `${alias}=context:${context ?? 'worker'}`,
    LOOPBREAKER_READ: `${CHANNEL}=${alias}/*`,
    LOOPBREAKER_APPROVERS: context && !allowWrites ? '' : `${ANN},${BOB}`,
    LOOPBREAKER_ALERT_CHANNEL: CHANNEL,
    LOOPBREAKER_REMEDIATION: context && !allowWrites ? 'off' : 'on',
    LOOPBREAKER_LOG_LEVEL: 'error',
    ...(context ? {} : { LOOPBREAKER_STEADY_SECONDS: String(STEADY_SECONDS) }),
    ...(kubeconfig ? { KUBECONFIG: kubeconfig } : {}),
  };
  const watcher = { ...settings, LOOPBREAKER_CLUSTERS: `${alias}=context:${context ?? 'watcher'}` };
  const bot = await startBot({ worker: settings, gateway: settings, ...(watch ? { watcher } : {}) });
  return {
    pageUrl: slack.pageUrl,
    slack,
    cluster,
    suggestions,
    notes: context
      ? [banner(context, allowWrites)]
      : [
          'The watch lists what is broken already, and makes a card of what breaks anew. To break something:',
          `  kubectl --kubeconfig ${kubeconfig} --context admin -n shop-geoip set image deployment/geoip geoip=busybox:1.36`,
          `A fix counts as recovered when it is steady for ${STEADY_SECONDS} s here (LOOPBREAKER_STEADY_SECONDS), or as long as earlier runs lived; in production at least 60 s.`,
        ],
    onBotExit: bot.onExit,
    stop: async () => {
      await bot.stop();
      await slack.stop();
      await cluster?.stop();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function suggestionsFor(cluster: Cluster): Demo['suggestions'] {
  return [
    { text: '/crashloop', note: 'what is crash looping now' },
    ...cluster.recordings.map((r) => ({ text: `/crashloop ${r.workload}`, note: r.about ?? r.name })),
  ];
}

function banner(context: string, allowWrites: boolean): string {
  return allowWrites
    ? `This is your own cluster, context ${context}. Approved changes are really written.`
    : `This is your own cluster, context ${context}. Nothing is written to it.`;
}

async function confirmed(context: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await terminal.question(
    `Approved changes will really be written to your cluster. Type the context's name (${context}) to allow that: `,
  );
  terminal.close();
  if (typed.trim() === context) return true;
  process.stderr.write('loopbreaker: That is not the name of the context, so nothing was started.\n');
  return false;
}
