// Alertmanager's webhook, version 4 -> what each firing alert is about. Labels are foreign text: validated, never trusted.

import { z } from 'zod';
import type { Signal } from '../core/signal.ts';

export interface ReadAlerts {
  alerted: Signal[];
  resolved: number;
  /** Alerts that name no pod and no workload, in words. */
  declined: string[];
}

const MOST_ALERTS = 1_000;
const label = z.string().max(500);
const alert = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string().max(200), label),
  startsAt: z.string().max(64),
  fingerprint: z.string().max(64).optional(),
});
const payload = z.looseObject({
  version: z.literal('4', 'this is not an Alertmanager version 4 payload'),
  alerts: z.array(alert).max(MOST_ALERTS),
});

const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Labels of kube-state-metrics that name a workload, most telling first. `job` is the scrape job, never a Job. */
const WORKLOAD_LABELS: [string, string][] = [
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['job_name', 'Job'],
  ['cronjob', 'CronJob'],
];

/** Throws z.ZodError on a payload that is not one. */
export function readAlertmanager(body: unknown): ReadAlerts {
  const result: ReadAlerts = { alerted: [], resolved: 0, declined: [] };
  for (const one of payload.parse(body).alerts) {
    if (one.status === 'resolved') {
      result.resolved += 1;
      continue;
    }
    const read = readAlert(one);
    if (typeof read === 'string') result.declined.push(read);
    else result.alerted.push(read);
  }
  return result;
}

function readAlert({ labels, startsAt, fingerprint }: z.infer<typeof alert>): Signal | string {
  // Without honorLabels the plain labels are kube-state-metrics' own, and the pod's arrive as exported_*.
  const get = (name: string): string => labels[`exported_${name}`] ?? labels[name] ?? '';
  const title = (labels.alertname ?? 'an alert').slice(0, 100);
  const namespace = get('namespace');
  const pod = get('pod');
  const workload = WORKLOAD_LABELS.map(([name, kind]) => ({ kind, name: get(name) })).find((w) => w.name !== '');
  const target = pod !== '' ? { kind: 'Pod', name: pod } : workload;
  if (!target) return `${title} names no pod and no workload, so there is nothing to diagnose`;
  if (!NAME.test(target.name) || !NAME.test(namespace))
    return `${title} names something that Kubernetes does not allow as a name`;
  const container = NAME.test(get('container')) ? get('container') : '';
  const deliveryId = `alert-${fingerprint ?? `${namespace}-${target.kind}-${target.name}-${container}`}-${startsAt}`;
  return {
    deliveryId,
    source: 'alertmanager',
    status: 'firing',
    cluster: labels.cluster ?? '',
    namespace,
    ...target,
    container,
    owner: null,
    title,
    severity: (labels.severity ?? '').toLowerCase(),
    labels,
    at: startsAt,
  };
}
