// Environment -> one frozen, validated Config; the only reader of process.env. Every problem is listed at once,
// each with where to get the value. Whatever is not allowed here is denied.

import { z } from 'zod';
import { type ClusterSetting, clustersSetting, type ReadRule, readSetting } from './config/formats.ts';
import { SETTINGS, type SettingName } from './config/settings.ts';
import { parseQuantity } from './core/quantity.ts';

export type Role = 'all' | 'gateway' | 'worker';

export interface Config {
  role: Role;
  redisUrl: string;
  slack: SlackConfig;
  clusters: ClusterSetting[];
  read: ReadRule[];
  /** Slack user ids that may approve a write; empty means nobody. */
  approvers: string[];
  approvalSeconds: number;
  remediation: boolean;
  limits: { memoryFactorMax: number; memoryBytesMax: number };
  /** Set: exactly so long must a fix be steady. Unset: from the time to crash, at least 60 s. */
  steadySeconds: number | undefined;
  webhook: { host: string; port: number; token: string; channel: string; cluster: string } | undefined;
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
  const gateway = role !== 'worker';
  const worker = role !== 'gateway';
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

  const mode = read('LOOPBREAKER_SLACK_MODE', z.enum(['socket', 'http'], 'must be socket or http'));
  const config: Config = {
    role,
    redisUrl: needed('REDIS_URL', true, /^rediss?:\/\//, 'it begins with redis:// or rediss://'),
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
    read: read('LOOPBREAKER_READ', readSetting),
    approvers: read('LOOPBREAKER_APPROVERS', userIds),
    approvalSeconds: read('LOOPBREAKER_APPROVAL_SECONDS', whole(60, 86_400)),
    remediation: read('LOOPBREAKER_REMEDIATION', z.enum(['on', 'off'], 'must be on or off')) === 'on',
    limits: {
      memoryFactorMax: read('LOOPBREAKER_MEMORY_FACTOR_MAX', z.coerce.number('must be a number').min(1.5).max(16)),
      memoryBytesMax: read('LOOPBREAKER_MEMORY_MAX', quantity),
    },
    steadySeconds:
      raw('LOOPBREAKER_STEADY_SECONDS') === '' ? undefined : read('LOOPBREAKER_STEADY_SECONDS', whole(1, 3_600)),
    webhook: undefined,
    kubeconfig: raw('KUBECONFIG'),
    secretKeyNames: read('LOOPBREAKER_SECRET_KEY_NAMES', commaList),
    logLevel: read('LOOPBREAKER_LOG_LEVEL', z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])),
  };
  if (gateway && raw('LOOPBREAKER_WEBHOOK_PORT') !== '') {
    config.webhook = {
      host: raw('LOOPBREAKER_WEBHOOK_HOST'),
      port: read('LOOPBREAKER_WEBHOOK_PORT', PORT),
      token: needed('LOOPBREAKER_WEBHOOK_TOKEN', true, /^\S{16,}$/, 'it is a word of at least 16 characters'),
      channel: needed('LOOPBREAKER_ALERT_CHANNEL', true, /^[CG][A-Z0-9]{2,}$/, 'a channel id begins with C or G'),
      cluster: raw('LOOPBREAKER_ALERT_CLUSTER') || (config.clusters?.[0]?.alias ?? ''),
    };
  }
  if (worker && config.clusters?.length === 0)
    problems.push(`LOOPBREAKER_CLUSTERS is not set. ${SETTINGS.LOOPBREAKER_CLUSTERS.where}`);
  if (problems.length > 0) {
    throw new InvalidConfig(
      `${problems.length === 1 ? 'One setting needs' : `${problems.length} settings need`} your attention:\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
  }
  return Object.freeze(config);
}

const PORT = z.coerce.number('must be a port number').int('must be a port number').min(0).max(65_535);

const whole = (min: number, max: number): z.ZodType<number> =>
  z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);

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
