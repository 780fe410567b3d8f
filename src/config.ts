// Environment -> one frozen, validated Config; the only reader of process.env. Every problem is listed at once,
// each with where to get the value. Whatever is not allowed here is denied.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type ClusterSetting, clusterNamesSetting, clustersSetting, readSetting } from './config/formats.ts';
import { loadPolicy, namespaceOfPod, type PolicySource } from './config/policy.ts';
import { type RedisSettings, redisSettings } from './config/redis.ts';
import { loadSenders } from './config/senders.ts';
import { SETTINGS, type SettingName } from './config/settings.ts';
import type { ActionLimits } from './core/action.ts';
import type { Policy } from './core/policy/policy.ts';
import { parseQuantity } from './core/quantity.ts';
import { isLoopback, type Sender, sendersOfToken } from './core/sender.ts';
import type { StormLimits } from './core/storm/state.ts';

export type Role = 'all' | 'gateway' | 'worker' | 'watcher';

export interface Config {
  role: Role;
  redis: RedisSettings;
  slack: SlackConfig;
  clusters: ClusterSetting[];
  /** The policy at the start, and where to read it again. */
  policy: Policy;
  policySource: PolicySource;
  /** The first seals approvals, each proves them; [] where nothing may be approved. Never in Redis. */
  approvalKeys: string[];
  limits: ActionLimits;
  /** Set: at least so long must a fix be steady. Unset: from the time to crash, at least 60 s. */
  steadySeconds: number | undefined;
  webhook:
    | {
        host: string;
        port: number;
        senders: Sender[];
        channel: string;
        /** What an alert means that names no cluster; and what alerts call the clusters -> alias. */
        cluster: string;
        clusterNames: { [name: string]: string };
      }
    | undefined;
  /** Where the watcher's own finds go; undefined: nobody watches. */
  watch: { channel: string; restartsMin: number } | undefined;
  storms: StormLimits;
  /** Paths as in kubectl's KUBECONFIG; "" means ~/.kube/config. */
  kubeconfig: string;
  secretKeyNames: string[];
  logLevel: string;
}

export interface SlackConfig {
  mode: 'socket' | 'http';
  botToken: string;
  appToken: string;
  signingSecret: string;
  host: string;
  port: number;
  apiUrl: string;
}

/** Settings that are missing or malformed; the message lists them all. */
export class InvalidConfig extends Error {}

type Environment = { [name: string]: string | undefined };

/** Reads the settings that `role` needs. Throws InvalidConfig with one line per problem. */
export function readConfig(role: Role, environment: Environment = process.env): Config {
  const problems: string[] = [];
  const gateway = role === 'gateway' || role === 'all';
  const readsClusters = role !== 'gateway';
  const raw = (name: SettingName): string => (environment[name] ?? '').trim() || SETTINGS[name].default;
  const read = <T>(name: SettingName, schema: z.ZodType<T>): T => {
    const parsed = schema.safeParse(raw(name));
    if (parsed.success) return parsed.data;
    problems.push(`${name}: ${parsed.error.issues[0]?.message ?? 'is not valid'}. ${SETTINGS[name].where}`);
    return undefined as T;
  };
  const needed = (name: SettingName, when: boolean, pattern: RegExp, shape: string): string => {
    const value = raw(name);
    if (!when) return value;
    if (value === '') problems.push(`${name} is not set. ${SETTINGS[name].where}`);
    else if (!pattern.test(value)) problems.push(`${name} does not look right: ${shape}. ${SETTINGS[name].where}`);
    return value;
  };

  const readSenders = (): Sender[] => {
    const path = raw('LOOPBREAKER_SENDERS');
    const loopback = isLoopback(raw('LOOPBREAKER_WEBHOOK_HOST'));
    // Only where nobody else reaches the port may it stand open.
    if (path === '') {
      const closed = !loopback || raw('LOOPBREAKER_WEBHOOK_TOKEN') !== '';
      return sendersOfToken(
        needed('LOOPBREAKER_WEBHOOK_TOKEN', closed, /^[\w-]{16,200}$/, 'it is 16 to 200 letters, digits and dashes'),
      );
    }
    if (raw('LOOPBREAKER_WEBHOOK_TOKEN') !== '')
      problems.push(
        'LOOPBREAKER_WEBHOOK_TOKEN is set beside LOOPBREAKER_SENDERS. Move it into the file, and take it away.',
      );
    const loaded = loadSenders(path, config.clusters?.map(({ alias }) => alias) ?? [], loopback);
    if (!loaded.ok) problems.push(...loaded.problems);
    return loaded.ok ? loaded.senders : [];
  };

  const redisPlace = redisSettings(environment);
  problems.push(...redisPlace.problems);
  const mode = read('LOOPBREAKER_SLACK_MODE', z.enum(['socket', 'http'], 'must be socket or http'));
  const config: Config = {
    role,
    redis: redisPlace.redis,
    slack: {
      mode,
      botToken: needed('SLACK_BOT_TOKEN', gateway, /^xoxb-/, 'a bot token begins with xoxb-'),
      appToken: needed(
        'SLACK_APP_TOKEN',
        gateway && mode === 'socket',
        /^xapp-/,
        'an app-level token begins with xapp-',
      ),
      signingSecret: needed(
        'SLACK_SIGNING_SECRET',
        gateway && mode === 'http',
        /^\S{8,}$/,
        'it is a word of at least 8 characters',
      ),
      host: raw('LOOPBREAKER_SLACK_HOST'),
      port: read('LOOPBREAKER_SLACK_PORT', PORT),
      apiUrl: read('SLACK_API_URL', z.string().regex(/^https?:\/\//, 'must be an http(s) address')),
    },
    clusters: read('LOOPBREAKER_CLUSTERS', clustersSetting),
    ...NO_POLICY,
    approvalKeys: read('LOOPBREAKER_APPROVAL_KEY', keys),
    limits: {
      memoryFactorMax: read('LOOPBREAKER_MEMORY_FACTOR_MAX', z.coerce.number('must be a number').min(1.5).max(16)),
      memoryBytesMax: read('LOOPBREAKER_MEMORY_MAX', quantity),
      debugImage: read('LOOPBREAKER_DEBUG_IMAGE', pinnedImage),
      joinsPods: read('LOOPBREAKER_EPHEMERAL_CONTAINERS', z.enum(['on', 'off'], 'must be on or off')) === 'on',
    },
    steadySeconds:
      raw('LOOPBREAKER_STEADY_SECONDS') === '' ? undefined : read('LOOPBREAKER_STEADY_SECONDS', whole(1, 3_600)),
    webhook: undefined,
    watch: undefined,
    storms: {
      workloads: read('LOOPBREAKER_STORM_WORKLOADS', whole(2, 100)),
      waitSeconds: read('LOOPBREAKER_STORM_SECONDS', whole(60, 86_400)),
      perMinute: read('LOOPBREAKER_OVERVIEW_ABOVE', whole(2, 1_000)),
    },
    kubeconfig: raw('KUBECONFIG'),
    secretKeyNames: read('LOOPBREAKER_SECRET_KEY_NAMES', commaList),
    logLevel: read('LOOPBREAKER_LOG_LEVEL', z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])),
  };
  const aliases = (config.clusters ?? []).map(({ alias }) => alias);
  if (gateway && raw('LOOPBREAKER_WEBHOOK_PORT') !== '') {
    config.webhook = {
      host: raw('LOOPBREAKER_WEBHOOK_HOST'),
      port: read('LOOPBREAKER_WEBHOOK_PORT', PORT),
      senders: readSenders(),
      channel: needed('LOOPBREAKER_ALERT_CHANNEL', true, CHANNEL, 'a channel id begins with C or G'),
      cluster: raw('LOOPBREAKER_ALERT_CLUSTER') || (config.clusters?.[0]?.alias ?? ''),
      clusterNames: read('LOOPBREAKER_ALERT_CLUSTER_NAMES', clusterNamesSetting(aliases)),
    };
  }
  const watches = read('LOOPBREAKER_WATCH', z.enum(['on', 'off'], 'must be on or off')) === 'on';
  if (role === 'watcher' || (role === 'all' && watches)) {
    config.watch = {
      channel: needed('LOOPBREAKER_ALERT_CHANNEL', true, CHANNEL, 'a channel id begins with C or G'),
      restartsMin: read('LOOPBREAKER_WATCH_RESTARTS', whole(1, 100)),
    };
  }
  config.policySource = {
    path: raw('LOOPBREAKER_POLICY'),
    read: read('LOOPBREAKER_READ', readSetting) ?? [],
    approvers: read('LOOPBREAKER_APPROVERS', userIds) ?? [],
    clusters: config.clusters?.map(({ alias }) => alias) ?? [],
    defaults: {
      remediation: read('LOOPBREAKER_REMEDIATION', z.enum(['on', 'off'], 'must be on or off')) === 'on',
      expiresAfterSeconds: read('LOOPBREAKER_APPROVAL_SECONDS', whole(60, 86_400)),
      memoryFactor: config.limits.memoryFactorMax,
      memoryBytes: config.limits.memoryBytesMax,
      own: ownNamespaces(config.redis),
    },
  };
  for (const name of ['LOOPBREAKER_READ', 'LOOPBREAKER_APPROVERS'] as const)
    if (config.policySource.path !== '' && raw(name) !== '')
      problems.push(`${name} is set beside LOOPBREAKER_POLICY. Move it into the policy file, and take it away.`);
  const loaded = loadPolicy(config.policySource);
  if (loaded.ok) config.policy = loaded.policy;
  else problems.push(...loaded.problems);
  if (config.policy.remediation === 'on' && config.policy.approve.length > 0 && config.approvalKeys?.length === 0) {
    if (role === 'all') config.approvalKeys = [randomBytes(32).toString('hex')];
    else
      problems.push(
        `LOOPBREAKER_APPROVAL_KEY is not set, and somebody may approve. ${SETTINGS.LOOPBREAKER_APPROVAL_KEY.where}`,
      );
  }
  if (readsClusters && config.clusters?.length === 0)
    problems.push(`LOOPBREAKER_CLUSTERS is not set. ${SETTINGS.LOOPBREAKER_CLUSTERS.where}`);
  if (problems.length > 0) {
    throw new InvalidConfig(
      `${problems.length === 1 ? 'One setting needs' : `${problems.length} settings need`} your attention:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
  }
  return Object.freeze(config);
}

/** What is in force until the policy is read: nobody may do anything. */
const NO_POLICY: Pick<Config, 'policy' | 'policySource'> = (() => {
  const defaults = { remediation: false, expiresAfterSeconds: 900, memoryFactor: 4, memoryBytes: 0, own: [] };
  const policySource = { path: '', read: [], approvers: [], clusters: [], defaults };
  const none = loadPolicy(policySource);
  if (!none.ok) throw new InvalidConfig(none.problems.join());
  return { policy: none.policy, policySource };
})();

/** The environment of a role that a process starts for itself: what it has, and the key that both must share. */
export function environmentOfRoles(config: Config, environment: Environment = process.env): Environment {
  return { ...environment, LOOPBREAKER_APPROVAL_KEY: config.approvalKeys.join(',') };
}

/** The namespace of our own pod, and those of Redis and its Sentinels where their addresses name one. */
function ownNamespaces({ url, sentinels }: RedisSettings): string[] {
  const hosts = [URL.canParse(url) ? new URL(url).hostname : '', ...sentinels.map(({ host }) => host)];
  const named = hosts.map((host) => /^[^.]+\.([a-z0-9-]+)(\.svc(\..*)?)?$/.exec(host)?.[1]);
  return [...new Set([namespaceOfPod(), ...named].filter((name): name is string => name !== undefined))];
}

const CHANNEL = /^[CG][A-Z0-9]{2,}$/;

const PORT = z.coerce.number('must be a port number').int('must be a port number').min(0).max(65_535);

const whole = (min: number, max: number): z.ZodType<number> =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);

const keys = z
  .string()
  .transform((text) => text.split(',').flatMap((key) => key.trim() || []))
  .refine((all) => all.every((key) => key.length >= 32), 'must have at least 32 characters');

const pinnedImage = z
  .string()
  .regex(/^$|^\S+@sha256:[0-9a-f]{64}$/, 'must name its digest, such as busybox:1.37.0-musl@sha256:…');

const commaList = z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean));

const userIds = commaList.refine(
  (ids) => ids.every((id) => /^[UW][A-Z0-9]{2,}$/.test(id)),
  'must be Slack user ids such as U012AB3CD, separated by commas',
);

const quantity = z.string().transform((text, context) => {
  const bytes = parseQuantity(text);
  if (bytes !== undefined && bytes > 0) return bytes;
  context.addIssue({ code: 'custom', message: 'must be a quantity such as 4Gi' });
  return z.NEVER;
});
