// Any JSON, read by the paths that its sender's entry gives: Datadog's user-written templates and whatever else can post.

import { z } from 'zod';
import type { GenericFields } from '../core/sender.ts';
import { type Alert, MOST_ALERTS, type Reading } from './alert.ts';

const one = z.record(z.string(), z.unknown(), 'must be a JSON object');
const many = z.array(one, 'must be a list of JSON objects').max(MOST_ALERTS, `must be at most ${MOST_ALERTS} alerts`);

/** Names of the paths that say what an alert is about, as labels. */
const SUBJECT = [
  'cluster',
  'namespace',
  'pod',
  'container',
  'deployment',
  'statefulset',
  'daemonset',
  'cronjob',
] as const;

/** Throws z.ZodError on JSON that is not as the paths say. */
export function readGeneric(body: unknown, fields: GenericFields): Reading {
  const found = fields.alerts === undefined ? body : valueAt(one.parse(body), fields.alerts);
  const alerts = fields.alerts === undefined && !Array.isArray(body) ? [one.parse(body)] : many.parse(found);
  return { alerts: alerts.map((alert) => alertFrom(alert, fields)), notes: [] };
}

function alertFrom(alert: unknown, fields: GenericFields): Alert {
  const text = (path: string | undefined): string => (path === undefined ? '' : textOf(valueAt(alert, path)));
  const labels = fields.labels === undefined ? {} : labelsOf(valueAt(alert, fields.labels));
  const named = SUBJECT.map((name) => [name, text(fields[name])]);
  const told = Object.fromEntries([...named, ['job_name', text(fields.job)]].filter(([, value]) => value !== ''));
  const status = text(fields.status).toLowerCase();
  return {
    status: fields.resolved.some((word) => word.toLowerCase() === status) ? 'resolved' : 'firing',
    labels: { ...told, ...labels, ...told }, // what a path names comes first, and is what counts
    title: text(fields.title) || (labels.alertname ?? ''),
    severity: text(fields.severity) || (labels.severity ?? ''),
    id: text(fields.id),
    at: text(fields.at),
  };
}

/** A template that had no value leaves an empty text, its own placeholder or a word for nothing. */
const NOTHING = /^(?:|null|none|undefined|n\/a|\$\{?\w+\}?|\{\{.*\}\})$/i;

/** A list of one is that one: New Relic and Splunk write every value as a list. */
function textOf(value: unknown): string {
  if (Array.isArray(value) && value.length === 1 && !Array.isArray(value[0])) return textOf(value[0]);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && !NOTHING.test(value.trim()) ? value.trim() : '';
}

function valueAt(value: unknown, path: string): unknown {
  let here = value;
  for (const step of path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as { [step: string]: unknown })[step];
  }
  return here;
}

/** `{a: "b"}`, `{a: {b: "c"}}` as `a.b`, `["a:b"]`, `[{name: "a", value: "b"}]` or `"a:b,c:d"`. */
function labelsOf(value: unknown): { [name: string]: string } {
  if (typeof value === 'string') return labelsOf(value.split(/[,\s]+/));
  if (typeof value !== 'object' || value === null) return {};
  if (!Array.isArray(value)) return Object.fromEntries([...leavesOf(value, '', 0)].slice(0, MOST_LEAVES));
  return Object.fromEntries(value.slice(0, MOST_LEAVES).flatMap((entry) => pairOf(entry) ?? []));
}

const MOST_LEAVES = 500;
const DEEPEST = 4;

function* leavesOf(value: object, before: string, depth: number): Generator<[name: string, text: string]> {
  for (const [name, inner] of Object.entries(value))
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) {
      if (depth < DEEPEST) yield* leavesOf(inner, `${before}${name}.`, depth + 1);
    } else yield [before + name, textOf(inner)];
}

function pairOf(entry: unknown): [[string, string]] | undefined {
  if (typeof entry === 'string') {
    const [, name = '', value = ''] = /^([^:=]{1,200})[:=](.*)$/s.exec(entry) ?? [];
    return name === '' ? undefined : [[name, textOf(value)]];
  }
  const name = textOf(valueAt(entry, 'name')) || textOf(valueAt(entry, 'key'));
  return name === '' ? undefined : [[name, textOf(valueAt(entry, 'value'))]];
}
