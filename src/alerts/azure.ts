// Azure Monitor's common alert schema: one alert a payload. A Prometheus rule says its labels; a log or metric alert is
// split by dimensions, which must name the pod and its namespace.

import { z } from 'zod';
import type { Reading } from './alert.ts';

const dimension = z.looseObject({ name: z.string(), value: z.union([z.string(), z.number()]).nullish() });

const payload = z.looseObject({
  schemaId: z.literal(
    'azureMonitorCommonAlertSchema',
    'must be azureMonitorCommonAlertSchema: switch the common alert schema on in the action group',
  ),
  data: z.looseObject({
    essentials: z.looseObject({
      alertId: z.string().default(''),
      originAlertId: z.string().default(''),
      alertRule: z.string().default(''),
      severity: z.string().default(''),
      monitorCondition: z.string(),
      firedDateTime: z.string().default(''),
      alertTargetIDs: z.array(z.string()).max(100).default([]),
    }),
    alertContext: z
      .looseObject({
        labels: z.record(z.string(), z.string()).nullish(),
        condition: z
          .looseObject({
            allOf: z
              .array(z.looseObject({ dimensions: z.array(dimension).max(100).nullish() }))
              .max(100)
              .nullish(),
          })
          .nullish(),
      })
      .nullish(),
  }),
});

/** Azure's words for how bad it is, as other senders would say it. */
const SEVERITIES: { [word: string]: string } = {
  Sev0: 'critical',
  Sev1: 'critical',
  Sev2: 'warning',
  Sev3: 'info',
  Sev4: 'info',
};

/** Throws z.ZodError on a payload that is not one. */
export function readAzure(body: unknown): Reading {
  const { essentials, alertContext } = payload.parse(body).data;
  const dimensions = alertContext?.condition?.allOf?.flatMap((one) => one.dimensions ?? []) ?? [];
  const labels: { [name: string]: string } = {
    ...(clusterOf(essentials.alertTargetIDs) ? { cluster: clusterOf(essentials.alertTargetIDs) } : {}),
    ...Object.fromEntries(dimensions.map(({ name, value }) => [name, String(value ?? '')])),
    ...alertContext?.labels,
  };
  return {
    alerts: [
      {
        status: essentials.monitorCondition === 'Resolved' ? 'resolved' : 'firing',
        labels,
        title: labels.alertname ?? essentials.alertRule,
        severity: labels.severity ?? SEVERITIES[essentials.severity] ?? essentials.severity,
        id: essentials.alertId || essentials.originAlertId,
        at: essentials.firedDateTime,
      },
    ],
    notes: [],
  };
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
