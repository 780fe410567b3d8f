// Where an incident's messages go and whom they mention: the first rule that fits, whose channel may read what the card
// would show. Quiet hours take away mentions and hold back collecting messages, never cards.

import { DAYS, type RouteRule, type WeeklyWindow } from './file.ts';
import { inWeek } from './freeze.ts';
import { matches } from './namespaces.ts';
import { type Policy, readableFrom } from './policy.ts';

export interface Routed {
  cluster: string;
  namespace: string;
  /** Of the alert and of the workload. */
  labels: { [name: string]: string };
  /** Of the topmost owner. */
  annotations: { [name: string]: string };
  /** As the sender says it, lower case; "" when nobody says. */
  severity: string;
}

export interface Route {
  /** Name of the rule; "" when none fits. */
  rule: string;
  channel: string;
  /** User group id; "" in quiet hours and where nobody is to be mentioned. */
  mention: string;
  /** RFC 3339 of the collecting message that it waits for; "" when it is posted at once. */
  digestAt: string;
}

/** `otherwise` is the channel for whatever no rule sends elsewhere. `now` is RFC 3339. */
export function routeFor(
  policy: Pick<Policy, 'route' | 'read'>,
  subject: Routed,
  otherwise: string,
  now: string,
): Route {
  const rule = policy.route.find((one) => fits(one, subject) && maySee(policy, one.channel, subject));
  if (!rule) return { rule: '', channel: otherwise, mention: '', digestAt: '' };
  return {
    rule: rule.name,
    channel: rule.channel,
    mention: mentionOf(rule, now),
    digestAt: rule.digest ? nextDigest(rule.digest, rule.quietHours, now) : '',
  };
}

/** User group id, or "" in its quiet hours. */
export function mentionOf(
  { mention = '', quietHours }: Pick<RouteRule, 'mention' | 'quietHours'>,
  now: string,
): string {
  return quietHours.some((window) => inWeek(window, now)) ? '' : mention;
}

/** Of all labels those that some route asks about. */
export function labelsRouted(policy: Pick<Policy, 'route'>, labels: { [name: string]: string }) {
  const asked = new Set(policy.route.flatMap((rule) => Object.keys(rule.labels)));
  return Object.fromEntries(Object.entries(labels).filter(([name]) => asked.has(name)));
}

const SEVERITIES: { [word: string]: NonNullable<RouteRule['severities']>[number] } = {
  critical: 'critical',
  page: 'critical',
  error: 'critical',
  high: 'critical',
  warning: 'warning',
  warn: 'warning',
  medium: 'warning',
  info: 'info',
  informational: 'info',
  none: 'info',
  low: 'info',
};

function fits(rule: RouteRule, { cluster, namespace, labels, annotations, severity }: Routed): boolean {
  const has = (wanted: { [name: string]: string }, found: { [name: string]: string }): boolean =>
    Object.entries(wanted).every(([name, value]) => Object.hasOwn(found, name) && found[name] === value);
  // What says nothing of its severity is a warning: neither hidden among the small things nor calling anybody up.
  const known = (Object.hasOwn(SEVERITIES, severity) && SEVERITIES[severity]) || 'warning';
  return (
    rule.clusters.some((pattern) => matches(pattern, cluster)) &&
    rule.namespaces.some((pattern) => matches(pattern, namespace)) &&
    has(rule.labels, labels) &&
    has(rule.annotations, annotations) &&
    (rule.severities?.includes(known) ?? true)
  );
}

/** A route is no permission: only the section `read` is. */
function maySee(policy: Pick<Policy, 'read'>, channel: string, { cluster, namespace }: Routed): boolean {
  const namespaces = readableFrom(policy, { channel, user: '' }).get(cluster) ?? [];
  return namespaces.includes('*') || namespaces.includes(namespace);
}

const HOUR_MS = 3_600_000;
const QUARTER_MS = HOUR_MS / 4;
const DIGEST_TIME = '09:00';
const SEARCHED_MS = 8 * 24 * HOUR_MS;

/** The next full hour, or the next 09:00 where the rule lives, outside of its quiet hours. */
function nextDigest(every: 'hourly' | 'daily', quietHours: readonly WeeklyWindow[], now: string): string {
  // Clocks are put forward and back by whole or half hours: quarters find every 09:00.
  const timeZone = quietHours[0]?.timeZone ?? 'UTC';
  const morning: WeeklyWindow = { days: [...DAYS], from: DIGEST_TIME, to: '09:15', timeZone, because: '' };
  const stepMs = every === 'hourly' ? HOUR_MS : QUARTER_MS;
  const first = (Math.floor(Date.parse(now) / stepMs) + 1) * stepMs;
  for (let ms = first; ms < first + SEARCHED_MS; ms += stepMs) {
    const at = new Date(ms).toISOString();
    if (every === 'daily' && !inWeek(morning, at)) continue;
    if (!quietHours.some((window) => inWeek(window, at))) return at;
  }
  // It is always quiet there.
  return new Date(first).toISOString();
}
