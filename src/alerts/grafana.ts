// Grafana unified alerting's webhook: Alertmanager's alerts in an envelope of its own (version "1", orgId, state).

import { z } from 'zod';
import { MOST_ALERTS, type Reading } from './alert.ts';
import { alertFrom, cutNote, groupedAlert } from './alertmanager.ts';

const payload = z.looseObject({
  orgId: z.number('must be a number: this is not a payload of Grafana unified alerting'),
  alerts: z.array(groupedAlert).max(MOST_ALERTS, `must be at most ${MOST_ALERTS}: set Max Alerts in the contact point`),
  truncatedAlerts: z.number().default(0),
});

/** Throws z.ZodError on a payload that is not one. */
export function readGrafana(body: unknown): Reading {
  const { alerts, truncatedAlerts } = payload.parse(body);
  return { alerts: alerts.map(alertFrom), notes: cutNote(truncatedAlerts) };
}
