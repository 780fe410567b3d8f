// PagerDuty's webhook, version 3: one event about one incident. It carries no labels, so the pairs are looked for that
// the integration wrote into its title, its details and its key: `namespace=shop pod=cart-1`.

import { z } from 'zod';
import type { Reading } from './alert.ts';
import { isKnownLabel } from './labels.ts';

const payload = z.looseObject({
  event: z.looseObject({
    id: z.string(),
    event_type: z.string(),
    occurred_at: z.string(),
    data: z.looseObject({
      id: z.string().optional(),
      title: z.string().default(''),
      incident_key: z.string().nullish(),
      created_at: z.string().optional(),
      urgency: z.string().nullish(),
      priority: z.looseObject({ summary: z.string().default('') }).nullish(),
      body: z.unknown().optional(),
      custom_details: z.unknown().optional(),
    }),
  }),
});

const STATUSES: { [type: string]: 'firing' | 'resolved' } = {
  'incident.triggered': 'firing',
  'incident.reopened': 'firing',
  'incident.resolved': 'resolved',
};

/** Throws z.ZodError on a payload that is not one. */
export function readPagerDuty(body: unknown): Reading {
  const { event } = payload.parse(body);
  const { data } = event;
  const status = Object.hasOwn(STATUSES, event.event_type) ? STATUSES[event.event_type] : undefined;
  // Acknowledged, annotated, ping and the like change nothing here.
  if (!status) return { alerts: [], notes: [] };
  const labels = {
    ...pairsIn(data.incident_key ?? ''),
    ...pairsIn(data.title),
    ...pairsOf([data.body, data.custom_details]),
  };
  return {
    alerts: [
      {
        status,
        labels,
        title: labels.alertname ?? data.title.replace(/\s+/g, ' '),
        severity: labels.severity || data.priority?.summary || (data.urgency ?? ''),
        id: data.id ?? event.id,
        // Reopened is a new beginning; all else belongs to the first.
        at: event.event_type === 'incident.reopened' ? event.occurred_at : (data.created_at ?? event.occurred_at),
      },
    ],
    notes: [],
  };
}

const MOST_TEXT = 10_000;

/** `namespace=shop, pod="cart-1"`, `namespace: shop` -> those that name something of Kubernetes. */
function pairsIn(text: string): { [name: string]: string } {
  const pairs = text.slice(0, MOST_TEXT).matchAll(/([A-Za-z][\w.-]{0,60})\s?[=:]\s?["']?([^\s"',;(){}[\]]{1,253})/g);
  return Object.fromEntries(
    [...pairs].map(([, name = '', value = '']) => [name, value]).filter(([n = '']) => isKnownLabel(n)),
  );
}

/** Details are what the sender made them: a text, pairs, or either of them within `custom_details` and the like. */
function pairsOf(details: unknown): { [name: string]: string } {
  const told = [...textsIn('', details, 0)].slice(0, MOST_DETAILS);
  const own = told.filter(([name]) => isKnownLabel(name));
  return { ...pairsIn(told.map(([, text]) => text).join('\n')), ...Object.fromEntries(own) };
}

const MOST_DETAILS = 200;
const DEEPEST = 6;

function* textsIn(name: string, value: unknown, depth: number): Generator<[name: string, text: string]> {
  if (typeof value === 'string') yield [name, value];
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
  for (const [own, inner] of Object.entries(value)) yield* textsIn(own, inner, depth + 1);
}
