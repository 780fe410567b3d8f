// Whatever arrives at the webhooks: bad input is refused with a reason and nothing of it is taken; good input is taken
// whole; nothing is ever answered with 5xx, and no name gets through that Kubernetes does not allow.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sendersOfToken } from '../src/core/sender.ts';
import { alertOf, alertServer, payloadOf, senderOf, TOKEN } from './support/alerts.ts';

const generic = senderOf({
  name: 'any',
  format: 'generic',
  auth: { bearer: TOKEN },
  fields: { alerts: 'alerts', labels: 'labels', status: 'status', at: 'startsAt', id: 'id', namespace: 'meta.ns' },
});
const senders = [...sendersOfToken(TOKEN), generic];
const paths = senders.map(({ name, format }) =>
  format === 'azure'
    ? `/webhooks/azure/${TOKEN}`
    : format === 'generic'
      ? `/webhooks/generic/${name}`
      : `/webhooks/${format}`,
);
const path = fc.constantFrom(...paths);

const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Texts as senders and attackers write them. */
const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '<!channel>',
    '__proto__',
    'constructor',
    '../../kube-system',
    'shop',
    'cart-1',
    '\u0000',
    '\ud800',
    '',
  ),
);
const labels = fc.dictionary(
  fc.oneof(text, fc.constantFrom('namespace', 'pod', 'exported_pod', 'deployment', 'job_name', 'node', 'cluster')),
  text,
  { maxKeys: 8 },
);
/** Mostly labels of a pod that there may be. */
const subject = fc.oneof(
  { weight: 3, arbitrary: labels.map((others) => ({ ...others, namespace: 'shop', pod: 'cart-1' })) },
  { weight: 1, arbitrary: labels },
);
const time = fc.oneof(fc.date({ noInvalidDate: true }).map(String), fc.constant('2026-11-21T02:30:00Z'), text);
const sound = fc.record({
  status: fc.constantFrom('firing', 'resolved'),
  labels: subject,
  startsAt: time,
  fingerprint: text,
});
const strange = fc.record(
  { status: fc.constantFrom('firing', 'pending'), labels, startsAt: text, fingerprint: text },
  { requiredKeys: [] },
);
const anything = fc.anything({ maxDepth: 4, withBigInt: false });
const list = fc.oneof(
  { weight: 3, arbitrary: fc.array(sound, { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.array(fc.oneof(sound, strange, anything), { maxLength: 5 }) },
  { weight: 1, arbitrary: anything },
);
const grouped = fc.record({
  version: fc.constantFrom('4', '4', '1'),
  orgId: fc.oneof(fc.constant(1), anything),
  alerts: list,
  truncatedAlerts: fc.oneof({ weight: 4, arbitrary: fc.nat() }, { weight: 1, arbitrary: anything }),
});
const details = fc.oneof(subject, text, anything);
const event = fc.record({
  event: fc.record({
    id: text,
    event_type: fc.constantFrom('incident.triggered', 'incident.resolved', 'pagey.ping', '__proto__'),
    occurred_at: time,
    data: fc.oneof(
      { weight: 3, arbitrary: fc.record({ id: text, title: text, incident_key: text, body: fc.record({ details }) }) },
      { weight: 1, arbitrary: anything },
    ),
  }),
});
const dimensions = subject.map((found) => Object.entries(found).map(([name, value]) => ({ name, value })));
const azure = fc.record({
  schemaId: fc.constantFrom(
    'azureMonitorCommonAlertSchema',
    'azureMonitorCommonAlertSchema',
    'AzureMonitorMetricAlert',
  ),
  data: fc.record({
    essentials: fc.record({
      monitorCondition: fc.constantFrom('Fired', 'Resolved'),
      firedDateTime: time,
      alertTargetIDs: fc.array(text, { maxLength: 3 }),
    }),
    alertContext: fc.oneof(
      fc.record({ labels: subject }),
      dimensions.map((found) => ({ condition: { allOf: [{ dimensions: found }] } })),
      anything,
    ),
  }),
});

/** One that is in order, for each address: luck does not decide whether any is. */
function soundAt(where: string): string {
  const labels = { namespace: 'shop', pod: 'cart-1' };
  const [, , format] = where.split('/');
  if (format === 'pagerduty')
    return JSON.stringify({
      event: {
        id: '1',
        event_type: 'incident.triggered',
        occurred_at: '2026-11-21T02:30:00Z',
        data: { title: 'namespace=shop pod=cart-1' },
      },
    });
  if (format === 'azure')
    return JSON.stringify({
      schemaId: 'azureMonitorCommonAlertSchema',
      data: { essentials: { monitorCondition: 'Fired' }, alertContext: { labels } },
    });
  return JSON.stringify({ ...payloadOf({ ...alertOf(labels), meta: { ns: 'shop' } }), orgId: 1 });
}

/** A payload for the address that it is sent to, or for any other. */
const delivery = fc.oneof(
  fc.tuple(
    fc.constantFrom('/webhooks/alertmanager', '/webhooks/grafana', '/webhooks/generic/any'),
    grouped.map((v) => JSON.stringify(v)),
  ),
  fc.tuple(
    fc.constant('/webhooks/pagerduty'),
    event.map((value) => JSON.stringify(value)),
  ),
  fc.tuple(
    fc.constant(`/webhooks/azure/${TOKEN}`),
    azure.map((value) => JSON.stringify(value)),
  ),
  fc.tuple(
    path,
    fc.oneof(grouped, event, azure, anything).map((value) => JSON.stringify(value) ?? ''),
  ),
  fc.tuple(path, text),
);

describe('whatever is sent', () => {
  test('is taken whole or refused with a reason, and never answered with 5xx', { timeout: 60_000 }, async () => {
    const { send, taken } = await alertServer({ senders });
    const reached = new Set<string>();
    await fc.assert(
      fc.asyncProperty(delivery, async ([where, sent]) => {
        taken.length = 0;
        const response = await send(sent, {}, where);
        const answer = await response.text();
        expect([200, 400]).toContain(response.status);
        if (response.status === 400) {
          expect(taken).toEqual([]);
          expect(answer).toMatch(/^This is not an alert in the format \w+: \S/);
          return;
        }
        const counts = JSON.parse(answer) as { [outcome: string]: number };
        expect(counts.opened).toBe(taken.length);
        reached.add(taken.length > 0 ? where : '');
        for (const signal of taken) {
          expect(signal.namespace).toMatch(NAME);
          expect(signal.name).toMatch(NAME);
          expect(signal.deliveryId.length).toBeLessThanOrEqual(500);
          expect(signal.title.length).toBeLessThanOrEqual(100);
          expect(Date.parse(signal.at)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 800, examples: paths.map((where): [[string, string]] => [[where, soundAt(where)]]) },
    );
    expect([...reached].filter(Boolean).sort()).toEqual([...paths].sort());
  });

  test('as bytes that are no text is refused as well', { timeout: 60_000 }, async () => {
    const { send, taken } = await alertServer({ senders });
    await fc.assert(
      fc.asyncProperty(path, fc.uint8Array({ maxLength: 2_000 }), async (where, bytes) => {
        const response = await send(new Uint8Array(bytes), { 'content-type': 'application/json' }, where);
        await response.text();
        expect([200, 400]).toContain(response.status);
        expect(taken).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('with any header and address lets nobody in who shows no proof', { timeout: 60_000 }, async () => {
    const secret = 'a-signing-secret-of-its-own';
    const signing = senderOf({ name: 'signs', format: 'pagerduty', auth: { hmac: { secret } } });
    const { send, taken } = await alertServer({ senders: [...senders.slice(0, 2), signing] });
    const good = JSON.stringify(payloadOf(alertOf({ namespace: 'shop', pod: 'cart-1' })));
    const visible = fc.string({ unit: fc.constantFrom(...'abcXYZ019 =,:+/._-'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('alertmanager', 'grafana', 'pagerduty'),
        visible,
        visible,
        async (format, a, b) => {
          const headers = { authorization: a.trim(), 'x-pagerduty-signature': `v1=${b.trim()}` };
          const response = await send(good, headers, `/webhooks/${format}`);
          await response.text();
          expect(response.status).toBe(401);
          expect(taken).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('nested as deep as a body can be does not stop the server', async () => {
    const { send } = await alertServer({ senders });
    const deep = '['.repeat(400_000) + ']'.repeat(400_000);
    const nested = `{"version":"4","alerts":${deep}}`;
    for (const sent of [deep, nested]) expect((await send(sent)).status).toBe(400);
    expect((await send('', {}, '/healthz', 'GET')).status).toBe(200);
  });
});
