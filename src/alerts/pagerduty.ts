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
      body: z.looseObject({ details: z.unknown() }).nullish(),
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
  const labels = { ...pairsIn(data.incident_key ?? ''), ...pairsIn(data.title), ...pairsOf(data.body?.details) };
  return {
    alerts: [
      {
        status,
        labels,
        title: labels.alertname ?? data.title.replace(/\s+/g, ' '),
        severity: data.priority?.summary || (data.urgency ?? ''),
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

/** Details are an object of the sender's own making, or a text. */
function pairsOf(details: unknown): { [name: string]: string } {
  if (typeof details === 'string') return pairsIn(details);
  if (typeof details !== 'object' || details === null) return {};
  const own = Object.entries(details).filter(([name, value]) => typeof value === 'string' && isKnownLabel(name));
  const texts = Object.values(details).filter((value): value is string => typeof value === 'string');
  return { ...pairsIn(texts.join('\n')), ...Object.fromEntries(own) };
}
