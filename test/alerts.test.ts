// The webhook port: who may send, what is answered and when, and what it tells of itself.

import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createMetrics } from '../src/alerts/metrics.ts';
import { startAlertServer } from '../src/alerts/server.ts';
import { sendersOfToken } from '../src/core/sender.ts';
import { alertOf, alertServer, payloadOf, prometheus, senderOf, TOKEN } from './support/alerts.ts';

const good = JSON.stringify(payloadOf(alertOf({ namespace: 'shop', pod: 'cart-1' })));
const hex = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');

describe('the webhook', () => {
  test('takes an alert and says what became of it', async () => {
    const { send, taken, outcomes } = await alertServer();
    const response = await send(good);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ opened: 1, declined: 0 });
    expect(taken).toMatchObject([{ source: 'alertmanager', name: 'cart-1' }]);
    expect(outcomes).toEqual([['alertmanager', 'opened', 1]]);
  });

  test.each([
    ['not JSON', 'hello', 'it is not JSON'],
    ['another version', JSON.stringify({ version: '3', alerts: [] }), 'must be "4"'],
    ["Grafana's version 1", JSON.stringify({ version: '1', alerts: [] }), 'must be "4"'],
    ['labels that are no texts', JSON.stringify(payloadOf({ ...alertOf({}), labels: { pod: 7 } })), 'expected string'],
    [
      'too many alerts',
      JSON.stringify(payloadOf(...Array.from({ length: 1_001 }, () => alertOf({ namespace: 'a', pod: 'b' })))),
      'set max_alerts',
    ],
  ])('answers 400 with the reason to %s, and takes nothing', async (_name, body, reason) => {
    const { send, taken } = await alertServer();
    const response = await send(body);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain(reason);
    expect(taken).toEqual([]);
  });

  test('refuses a body over one MiB', async () => {
    const { send } = await alertServer();
    expect((await send('x'.repeat(1_100_000)).catch(() => ({ status: 413 }))).status).toBe(413);
  });

  test('asks to send again when the alert cannot be kept', async () => {
    const { send, outcomes } = await alertServer({
      take: async () => {
        throw new Error('redis is away');
      },
    });
    const response = await send(good);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.text()).not.toContain('redis is away');
    expect(outcomes).toEqual([['alertmanager', 'not-kept', 1]]);
  });

  test('asks to send again when the queue does not answer at all', async () => {
    const { send } = await alertServer({ take: () => new Promise(() => {}), takeWithinMs: 50 });
    expect((await send(good)).status).toBe(503);
  });
});

describe('a sender', () => {
  test.each([
    ['no token', { authorization: '' }, '/webhooks/alertmanager', 401],
    ['a wrong token', { authorization: 'Bearer nope' }, '/webhooks/alertmanager', 401],
    ['another scheme', { authorization: `Basic ${TOKEN}` }, '/webhooks/alertmanager', 401],
    ['its token in the address', {}, `/webhooks/alertmanager/${TOKEN}`, 401],
    ['a format that nobody sends', {}, '/webhooks/generic/nobody', 404],
    ['an address that is none', {}, '/webhooks', 404],
  ])('with %s is refused, and nothing is taken', async (_name, headers, path, status) => {
    const { send, taken } = await alertServer();
    expect((await send(good, headers, path)).status).toBe(status);
    expect(taken).toEqual([]);
  });

  test('may prove itself by user and password', async () => {
    const basic = { user: 'am', password: 'a-password-long-enough' };
    const { send } = await alertServer({ senders: [senderOf({ format: 'alertmanager', auth: { basic } })] });
    const header = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    expect((await send(good, header('am:a-password-long-enough'))).status).toBe(200);
    expect((await send(good, header('am:another'))).status).toBe(401);
    expect((await send(good, header('a-password-long-enough'))).status).toBe(401);
  });

  test('may prove itself by a secret address, which no log and no answer repeats', async () => {
    const path = 'a-secret-segment-of-the-address';
    const { send, logged } = await alertServer({ senders: [senderOf({ format: 'alertmanager', auth: { path } })] });
    expect((await send(good, {}, `/webhooks/alertmanager/${path}`)).status).toBe(200);
    const wrong = await send(good, {}, '/webhooks/alertmanager/a-secret-segment-that-is-wrong');
    expect(wrong.status).toBe(401);
    expect((await send('{}', {}, `/webhooks/alertmanager/${path}`)).status).toBe(400);
    expect(JSON.stringify(logged) + (await wrong.text())).not.toContain('a-secret-segment');
  });

  test('may sign the bytes of its body, in any header and with any prefix', async () => {
    const secret = 'a-signing-secret-of-its-own';
    const hmac = { secret, header: 'X-My-Signature', prefix: 'sha256=' };
    const { send, taken } = await alertServer({ senders: [senderOf({ format: 'alertmanager', auth: { hmac } })] });
    const signed = (signature: string) => ({ authorization: '', 'x-my-signature': signature });
    expect((await send(good, signed(`sha256=${hex(secret, good)}`))).status).toBe(200);
    expect((await send(good, signed(hex(secret, good)))).status).toBe(401);
    expect((await send(`${good} `, signed(`sha256=${hex(secret, good)}`))).status).toBe(401);
    expect((await send(good)).status).toBe(401);
    expect(taken).toHaveLength(1);
  });

  test('PagerDuty is known by its signature, also while its secret is replaced', async () => {
    const secret = 'a-signing-secret-of-its-own';
    const { send } = await alertServer({ senders: [senderOf({ format: 'pagerduty', auth: { hmac: { secret } } })] });
    const event = { id: '1', event_type: 'incident.triggered', occurred_at: '2026-11-21T02:30:00Z' };
    const body = JSON.stringify({ event: { ...event, data: { title: 'namespace=shop pod=cart-1' } } });
    const by = (signature: string) => send(body, { 'x-pagerduty-signature': signature }, '/webhooks/pagerduty');
    expect((await by(`v1=${hex(secret, body)}`)).status).toBe(200);
    expect((await by(`v1=${hex('the former secret', body)},v1=${hex(secret, body)}`)).status).toBe(200);
    expect((await by(`v1=${hex('the former secret', body)}`)).status).toBe(401);
    expect((await by(`v0=${hex(secret, body)}`)).status).toBe(401);
  });

  test('Grafana signs the time as well where it is told to, and an old time is refused', async () => {
    const secret = 'a-signing-secret-of-its-own';
    const hmac = { secret, timestampHeader: 'X-Grafana-Alerting-Timestamp' };
    const { send } = await alertServer({ senders: [senderOf({ format: 'grafana', auth: { hmac } })] });
    const body = JSON.stringify({ orgId: 1, alerts: [alertOf({ namespace: 'shop', pod: 'cart-1' })] });
    const at = (seconds: number) =>
      send(
        body,
        {
          'x-grafana-alerting-signature': hex(secret, `${seconds}:${body}`),
          'x-grafana-alerting-timestamp': String(seconds),
        },
        '/webhooks/grafana',
      );
    const now = Math.floor(Date.now() / 1_000);
    expect((await at(now)).status).toBe(200);
    expect((await at(now - 600)).status).toBe(401);
    expect((await at(now + 600)).status).toBe(401);
  });

  test('of several with one format is told apart by what it shows', async () => {
    const us = senderOf({ name: 'us', format: 'alertmanager', auth: { bearer: `${TOKEN}-us` }, cluster: 'prod-us' });
    const { send, taken } = await alertServer({ senders: [prometheus, us] });
    await send(good, { authorization: `Bearer ${TOKEN}-us` });
    expect(taken).toMatchObject([{ source: 'us', cluster: 'prod-us' }]);
  });

  test('that is anybody is let in on loopback only', async () => {
    const { send } = await alertServer({ senders: sendersOfToken('') });
    expect((await send(good, { authorization: '' })).status).toBe(200);
    const open = { port: 0, senders: sendersOfToken(''), ready: async () => true, take: async () => [] };
    await expect(
      startAlertServer({ ...open, host: '0.0.0.0', log: { info: () => {}, warn: () => {} } }),
    ).rejects.toThrow('set LOOPBREAKER_WEBHOOK_TOKEN');
  });
});

describe('the port', () => {
  test('tells its health without a token, and nothing else', async () => {
    const { send } = await alertServer();
    expect((await send('', { authorization: '' }, '/healthz', 'GET')).status).toBe(200);
    expect((await send('', { authorization: '' }, '/readyz', 'GET')).status).toBe(200);
    expect((await send('', { authorization: '' }, '/metricsx', 'GET')).status).toBe(404);
  });

  test('tells what it counted in the text format of Prometheus', async () => {
    const metrics = createMetrics();
    const alerts = metrics.counter('alerts_total', 'Alerts.');
    metrics.observed('gauge', 'up', 'Whether.', () => 1);
    metrics.observed('gauge', 'away', 'Cannot be read.', () => Promise.reject(new Error('away')));
    alerts.add({ sender: 'a "b"\n' }, 2);
    alerts.add({ sender: 'a "b"\n' });
    const { send } = await alertServer({ metrics: metrics.text });
    const response = await send('', { authorization: '' }, '/metrics', 'GET');
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    expect(await response.text()).toBe(
      '# HELP alerts_total Alerts.\n# TYPE alerts_total counter\nalerts_total{sender="a \\"b\\"\\n"} 3\n# HELP up Whether.\n# TYPE up gauge\nup 1\n',
    );
  });

  test('never grows without end, whatever is counted', async () => {
    const metrics = createMetrics();
    const counter = metrics.counter('alerts_total', 'Alerts.');
    for (let i = 0; i < 1_000; i++) counter.add({ sender: `s${i}` });
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('alerts_total'));
    expect(lines.length).toBeLessThanOrEqual(201);
    expect(lines).toContain('alerts_total{sender="other"} 800');
  });
});
