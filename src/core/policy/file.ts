// The policy file's form: who may read, who may approve which change, where messages go. Strict: an unknown word is a
// mistake, and what is not written is denied. Fields are documented here once; the JSON Schema is generated from it.

import { z } from 'zod';
import { ACTION_IDS, RISKS } from '../action-id.ts';
import { parseQuantity } from '../quantity.ts';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const matching = (pattern: RegExp, message: string) => z.string().regex(pattern, message);
const user = matching(/^[UW][A-Z0-9]{2,}$/, 'must be a Slack user id such as U012AB3CD (profile → ⋮ → Copy member ID)');
const group = matching(
  /^S[A-Z0-9]{2,}$/,
  'must be a Slack user group id such as S012AB3CD (People → User groups → the group → ⋯ → Copy group ID)',
);
const channel = matching(
  /^[CGD][A-Z0-9]{2,}$/,
  'must be a Slack channel id such as C024BE91L (channel name → View channel details, at the bottom)',
);
const alias = matching(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a cluster alias of LOOPBREAKER_CLUSTERS');
const namespace = matching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'must be the name of a namespace');
const pattern = matching(/^(\*|[a-z0-9][-a-z0-9]{0,62}\*?)$/, 'must be a name, a beginning such as "shop-*", or "*"');
const namespaceOrAll = matching(/^(\*|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$/, 'must be the name of a namespace, or "*"');
const labels = z.record(z.string().max(317), z.string().max(63));
const some = <T extends z.ZodType>(one: T) => z.array(one).min(1, 'must name at least one').max(500);
const title = z.string().min(1, 'must not be empty').max(80);

const duration = matching(/^([1-9]\d{0,4})(s|m|h)$/, 'must be a duration such as 15m, 90s or 2h')
  .refine((text) => secondsOf(text) >= 60 && secondsOf(text) <= 86_400, 'must be from 1m to 24h')
  .meta({ description: 'A duration from 1m to 24h.' });
const quantity = z.string().refine((text) => (parseQuantity(text) ?? 0) > 0, 'must be a quantity such as 4Gi');
const clock = matching(
  /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/,
  'must be a time of day such as "16:00", in quotation marks',
);
const timeZone = z.string().refine(isTimeZone, 'must be a time zone such as Europe/Berlin');
const instant = z.iso.datetime({ offset: true, error: 'must be a time such as "2026-12-20T00:00:00Z"' });

const weekly = z.strictObject({
  days: some(z.enum(DAYS)).meta({ description: 'Days on which it begins.' }),
  from: clock,
  to: clock.meta({ description: 'Earlier than `from` means the next day.' }),
  timeZone: timeZone.default('UTC'),
  because: z.string().max(200).default(''),
});
const once = z.strictObject({ from: instant, to: instant, because: z.string().max(200).default('') });
const freezeWindow = z.union([weekly, once], {
  error: 'must be weekly {days, from, to, timeZone} or once {from, to} with full times',
});

const readRule = z.strictObject({
  channel,
  users: some(user)
    .optional()
    .meta({ description: 'Only these people; without users and groups everybody in the channel.' }),
  groups: some(group)
    .optional()
    .meta({ description: 'Only members of these user groups, as they are at that moment.' }),
  clusters: some(alias),
  namespaces: some(namespaceOrAll),
});

const ceilings = z.strictObject({
  memoryFactor: z
    .number()
    .min(1.5)
    .max(16)
    .optional()
    .meta({ description: 'Largest factor by which one plan may raise a memory limit.' }),
  memory: quantity.optional().meta({ description: 'Absolute ceiling of one container, such as 8Gi.' }),
  replicas: z.int().min(1).max(100_000).optional().meta({ description: 'Most replicas that one plan may touch.' }),
});

const approveRule = z.strictObject({
  name: title.meta({ description: 'Named in every approval and refusal.' }),
  clusters: some(pattern),
  namespaces: some(pattern).meta({ description: 'A wildcard never reaches a protected namespace.' }),
  labels: labels.default({}).meta({ description: 'Labels that the workload must have, all of them.' }),
  actions: some(z.enum([...ACTION_IDS, '*'])),
  risks: some(z.enum(RISKS)).default(['low', 'medium']),
  approvers: z
    .strictObject({ users: z.array(user).max(500).default([]), groups: z.array(group).max(50).default([]) })
    .refine(({ users, groups }) => users.length + groups.length > 0, 'must name at least one user or group'),
  minimum: z.int().min(1).max(10).default(1).meta({ description: 'How many different people must approve.' }),
  requesterCounts: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether whoever asked for the plan may approve it.' }),
  expiresAfter: duration.optional().meta({ description: 'How long a plan waits for its approvals; 15m.' }),
  typedConfirmation: z
    .boolean()
    .default(false)
    .meta({ description: 'Whoever approves types the name of the workload.' }),
  whenManaged: z
    .enum(['refuse', 'allow'])
    .default('refuse')
    .meta({ description: 'Whether a workload of Argo CD, Flux, Helm or an operator may be written to directly.' }),
  freeze: z.array(freezeWindow).max(100).default([]),
  ceilings: ceilings.prefault({}),
});

const routeRule = z.strictObject({
  name: title,
  clusters: some(pattern).default(['*']),
  namespaces: some(pattern).default(['*']),
  labels: labels.default({}),
  annotations: labels.default({}).meta({ description: 'Annotations of the owner, such as its team.' }),
  severities: some(z.enum(['critical', 'warning', 'info'])).optional(),
  channel,
  mention: group.optional().meta({ description: 'User group that a new incident mentions.' }),
  quietHours: z
    .array(weekly)
    .max(50)
    .default([])
    .meta({ description: 'No mention and no collecting message in these hours.' }),
  digest: z.enum(['hourly', 'daily']).optional().meta({ description: 'Collected instead of posted one by one.' }),
});

/** Neither a comma nor a space: several groups travel in one header until they are sent. */
const kubernetesName = matching(
  /^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,251}$/,
  'must be the name of a Kubernetes user or group, such as ann@example.com',
).refine((name) => !/^system:/i.test(name), 'must not begin with system:, which is for Kubernetes itself');

const impersonateRule = z.strictObject({
  user,
  as: kubernetesName.meta({
    description: 'The Kubernetes user in whose name the worker writes what this person approved.',
  }),
  groups: z.array(kubernetesName).max(50).default([]).meta({ description: 'Groups of that user.' }),
});

export const policyFile = z
  .strictObject({
    version: z.literal(1, 'must be 1'),
    remediation: z
      .enum(['on', 'off'], 'must be on or off')
      .default('on')
      .meta({ description: 'Kill switch: off refuses every write.' }),
    protect: z
      .array(namespace)
      .max(500)
      .default([])
      .meta({ description: 'More namespaces that only a rule with their very name reaches.' }),
    freeze: z.array(freezeWindow).max(100).default([]).meta({ description: 'Times at which nothing may be changed.' }),
    read: z.array(readRule).max(2_000).default([]),
    approve: z.array(approveRule).max(500).default([]).meta({ description: 'The first rule that fits decides.' }),
    route: z.array(routeRule).max(500).default([]),
    impersonate: z
      .array(impersonateRule)
      .max(500)
      .default([])
      .meta({ description: 'In whose name a change is written, by the Slack user id of whoever approved it.' }),
  })
  .meta({
    title: 'Loopbreaker policy',
    description: 'Who may read, who may approve which change, and where messages go.',
  });

export type PolicyFile = z.output<typeof policyFile>;
export type FreezeWindow = z.output<typeof freezeWindow>;
export type WeeklyWindow = z.output<typeof weekly>;
export type ApproveRule = Omit<z.output<typeof approveRule>, 'expiresAfter' | 'ceilings'>;
export type ReadRule = z.output<typeof readRule>;
export type ImpersonateRule = z.output<typeof impersonateRule>;
export type RouteRule = z.output<typeof routeRule>;

/** "15m" → 900. */
export function secondsOf(text: string): number {
  const unit = { s: 1, m: 60, h: 3_600 }[text.slice(-1)] ?? Number.NaN;
  return Number(text.slice(0, -1)) * unit;
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
