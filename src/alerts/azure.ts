// Azure Monitor's common alert schema: one alert a payload. A Prometheus rule says its labels; a log or metric alert is
// split by dimensions, which must name the pod and its namespace.

import { z } from 'zod';
import type { Reading } from './alert.ts';

const dimension = z.looseObject({ name: z.string(), value: z.union([z.string(), z.number()]).nullish() });

/** Azure writes null where it knows nothing. */
const word = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

const condition = z.looseObject({ searchQuery: word, dimensions: z.array(dimension).max(100).nullish() });

const payload = z.looseObject({
  schemaId: z.literal(
    'azureMonitorCommonAlertSchema',
    'must be azureMonitorCommonAlertSchema: switch the common alert schema on in the action group',
  ),
  data: z.looseObject({
    essentials: z.looseObject({
      alertId: word,
      originAlertId: word,
      alertRule: word,
      severity: word,
      monitorCondition: z.string(),
      firedDateTime: word,
      alertTargetIDs: z.array(z.string()).max(100).nullish(),
    }),
    alertContext: z
      .looseObject({
        labels: z.record(z.string(), z.string()).nullish(),
        condition: z.looseObject({ allOf: z.array(condition).max(100).nullish() }).nullish(),
      })
      .nullish(),
  }),
});

/** Azure's words for how bad it is, as other senders would say it. */
const SEVERITIES = new Map([
  ['Sev0', 'critical'],
  ['Sev1', 'critical'],
  ['Sev2', 'warning'],
  ['Sev3', 'info'],
  ['Sev4', 'info'],
]);

/** Throws z.ZodError on a payload that is not one. */
export function readAzure(body: unknown): Reading {
  const { essentials, alertContext } = payload.parse(body).data;
  const cluster = clusterOf(essentials.alertTargetIDs ?? []);
  const labels: { [name: string]: string } = {
    ...(cluster ? { cluster } : {}),
    ...Object.fromEntries(alertContext?.condition?.allOf?.flatMap(dimensionsOf) ?? []),
    ...alertContext?.labels,
  };
  return {
    alerts: [
      {
        status: essentials.monitorCondition === 'Resolved' ? 'resolved' : 'firing',
        labels,
        title: labels.alertname ?? essentials.alertRule,
        severity: labels.severity ?? SEVERITIES.get(essentials.severity) ?? essentials.severity,
        id: essentials.alertId || essentials.originAlertId,
        at: essentials.firedDateTime,
      },
    ],
    notes: [],
  };
}

/** A query of KubePodInventory may split by that table's own column `Name`, which is the pod's. */
function dimensionsOf({ searchQuery, dimensions }: z.output<typeof condition>): [name: string, value: string][] {
  const ofPods = /\bKubePodInventory\b/.test(searchQuery);
  return (dimensions ?? []).map(({ name, value }) => [ofPods && name === 'Name' ? 'pod' : name, String(value ?? '')]);
}

/** "/subscriptions/…/managedClusters/prod-eu" -> "prod-eu" */
function clusterOf(targets: string[]): string {
  return (
    targets
      .map((id) => /\/(?:managed|connected)clusters\/([^/]+)/i.exec(id)?.[1] ?? '')
      .find(Boolean)
      ?.toLowerCase() ?? ''
  );
}
