// PagerDuty's webhook, version 3: one event about one incident. It carries no labels, so the pairs are looked for that
// the integration wrote into its title, its details and its key: `namespace=shop pod=cart-1`. Alertmanager lists a whole
// group there: each of its alerts is one by itself, so that no pod is looked for in the namespace of another.

import { z } from 'zod';
import { MOST_ALERTS, type Reading } from './alert.ts';
import { isKnownLabel } from './labels.ts';

const payload = z.looseObject({
  event: z.looseObject({
    id: z.string(),
    event_type: z.string(),
    occurred_at: z.string(),
    data: z.looseObject({
      id: z.string().nullish(),
      title: z.string().nullish(),
      incident_key: z.string().nullish(),
      created_at: z.string().nullish(),
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
  const title = data.title ?? '';
  const told = [...textsIn('', [data.body, data.custom_details], 0)].slice(0, MOST_DETAILS);
  const around = { ...pairsIn(data.incident_key ?? ''), ...pairsIn(title) };
  const listed = alertsListedIn(told);
  const subjects = listed.length > 0 ? listed : [pairsOf(told)];
  const id = data.id ?? event.id;
  return {
    alerts: subjects.map((pairs) => {
      const labels = { ...around, ...pairs };
      return {
        status,
        labels,
        title: labels.alertname ?? title.replace(/\s+/g, ' '),
        severity: labels.severity || data.priority?.summary || (data.urgency ?? ''),
        id: listed.length > 1 ? `${id} ${JSON.stringify(pairs)}` : id,
        // Reopened is a new beginning; all else belongs to the first.
        at: event.event_type === 'incident.reopened' ? event.occurred_at : (data.created_at ?? event.occurred_at),
      };
    }),
    notes: [],
  };
}

type Pairs = { [name: string]: string };

/** As Alertmanager's own template writes them into `firing`; those that had ended by then stand in `resolved`. */
function alertsListedIn(told: [name: string, text: string][]): Pairs[] {
  const listing = told.filter(([name]) => name === 'firing').map(([, text]) => text);
  const blocks = listing.flatMap((text) =>
    text
      .slice(0, LONGEST_LISTING)
      .split(/^Labels:/m)
      .slice(1),
  );
  return blocks.slice(0, MOST_ALERTS).map((block) => pairsIn(block.split(/^Annotations:/m)[0] ?? ''));
}

const LONGEST_LISTING = 500_000;
const MOST_TEXT = 10_000;

/** `namespace=shop, pod="cart-1"`, `namespace: shop` -> those that name something of Kubernetes. */
function pairsIn(text: string): Pairs {
  const pairs = text.slice(0, MOST_TEXT).matchAll(/([A-Za-z][\w.-]{0,60})\s?[=:]\s?["']?([^\s"',;(){}[\]]{1,253})/g);
  return Object.fromEntries(
    [...pairs].map(([, name = '', value = '']) => [name, value]).filter(([n = '']) => isKnownLabel(n)),
  );
}

/** Details are what the sender made them: a text, pairs, or either of them within `custom_details` and the like. */
function pairsOf(told: [name: string, text: string][]): Pairs {
  const now = told.filter(([name]) => name !== 'resolved');
  const own = now.filter(([name]) => isKnownLabel(name));
  return { ...pairsIn(now.map(([, text]) => text).join('\n')), ...Object.fromEntries(own) };
}

const MOST_DETAILS = 200;
const DEEPEST = 6;

function* textsIn(name: string, value: unknown, depth: number): Generator<[name: string, text: string]> {
  if (typeof value === 'string') yield [name, value];
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
  for (const [own, inner] of Object.entries(value)) yield* textsIn(own, inner, depth + 1);
}
