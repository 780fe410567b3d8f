// Alertmanager's webhook, version 4. A group holds firing and resolved alerts at once: each goes by its own status.

import { z } from 'zod';
import { type Alert, MOST_ALERTS, type Reading } from './alert.ts';

/** The fields that Alertmanager and Grafana share. Foreign text: checked in kind here, bounded in signalsFrom. */
export const groupedAlert = z.looseObject({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  startsAt: z.string(),
  fingerprint: z.string().default(''),
});

const payload = z.looseObject({
  version: z.literal('4', 'must be "4": this is not an Alertmanager version 4 payload'),
  alerts: z.array(groupedAlert).max(MOST_ALERTS, `must be at most ${MOST_ALERTS}: set max_alerts in the receiver`),
  truncatedAlerts: z.number().default(0),
});

/** Throws z.ZodError on a payload that is not one. */
export function readAlertmanager(body: unknown): Reading {
  const { alerts, truncatedAlerts } = payload.parse(body);
  return { alerts: alerts.map(alertFrom), notes: cutNote(truncatedAlerts) };
}

export function alertFrom({ status, labels, startsAt, fingerprint }: z.output<typeof groupedAlert>): Alert {
  const { alertname = '', severity = '' } = labels;
  return { status, labels, title: alertname, severity, id: fingerprint, at: startsAt };
}

/** Alerts that never left the sender cannot be taken: whoever runs it must hear of them. */
export function cutNote(count: number): string[] {
  return count > 0 ? [`the sender cut ${count} alerts from a group: raise max_alerts, or group by more labels`] : [];
}
