// Alert webhooks: who may send, what is taken, what is refused and how.

import { afterEach, describe, expect, test } from 'vitest';
import { readAlertmanager } from '../src/alerts/alertmanager.ts';
import { startAlertServer } from '../src/alerts/server.ts';
import type { Signal, Taken } from '../src/core/signal.ts';
import { incidentKey } from '../src/roles/intake.ts';

const TOKEN = 'a-token-long-enough-for-this';
const alert = (labels: { [name: string]: string }, status = 'firing') => ({
  status,
  labels: { alertname: 'KubePodCrashLooping', ...labels },
  startsAt: '2026-11-21T02:30:00Z',
  fingerprint: 'f1',
});
const payload = (...alerts: unknown[]) => ({ version: '4', status: 'firing', alerts });

describe('an Alertmanager payload', () => {
  test.each([
    [
      'a pod',
      { namespace: 'shop', pod: 'cart-1', container: 'cart' },
      { namespace: 'shop', kind: 'Pod', name: 'cart-1', container: 'cart' },
    ],
    [
      "exported labels before kube-state-metrics' own",
      { namespace: 'monitoring', pod: 'ksm-1', exported_namespace: 'shop', exported_pod: 'cart-1' },
      { namespace: 'shop', name: 'cart-1' },
    ],
    ['a deployment', { namespace: 'shop', deployment: 'cart' }, { kind: 'Deployment', name: 'cart' }],
    [
      'a Job by job_name, never by the scrape job',
      { namespace: 'shop', job_name: 'nightly', job: 'kube-state-metrics' },
      { kind: 'Job', name: 'nightly' },
    ],
  ])('names %s', (_name, labels, expected) => {
    expect(readAlertmanager(payload(alert(labels))).alerted).toEqual([expect.objectContaining(expected)]);
  });

  test.each([
    ['names nothing that runs', { node: 'worker-1' }],
    ['names something that is no Kubernetes name', { namespace: 'shop', pod: '<!channel>' }],
    ['names a namespace that is none', { namespace: '../kube-system', pod: 'x' }],
  ])('is declined in words when it %s', (_name, labels) => {
    const read = readAlertmanager(payload(alert(labels)));
    expect(read.alerted).toEqual([]);
    expect(read.declined).toHaveLength(1);
  });

  test('is read alert by alert: a resolved one opens nothing', () => {
    const read = readAlertmanager(
      payload(alert({ namespace: 'shop', pod: 'a-1' }), alert({ namespace: 'shop', pod: 'b-1' }, 'resolved')),
    );
    expect(read.alerted).toHaveLength(1);
    expect(read.resolved).toBe(1);
  });

  test('gives pods of one ReplicaSet one incident', () => {
    const key = (name: string) => incidentKey({ cluster: 'c', namespace: 'n', name, container: 'x' });
    expect(key('cart-api-5778979d57-9c9rc')).toBe(key('cart-api-5778979d57-tdww6'));
    expect(key('cart-api-5778979d57-9c9rc')).not.toBe(key('cart-web-5778979d57-9c9rc'));
  });
});

describe('the webhook', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function server(
    take: (signals: Signal[]) => Promise<Taken[]> = async (signals) => signals.map(() => 'opened' as const),
  ) {
    const taken: Signal[] = [];
    const log = { info: () => {}, warn: () => {} };
    const started = await startAlertServer({
      host: '127.0.0.1',
      port: 0,
      token: TOKEN,
      ready: async () => true,
      log,
      take: (signals) => {
        taken.push(...signals);
        return take(signals);
      },
    });
    stops.push(started.stop);
    const send = (
      body: string,
      headers: { [name: string]: string } = {},
      path = '/webhooks/alertmanager',
      method = 'POST',
    ) =>
      fetch(`http://127.0.0.1:${started.port}${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, ...headers },
        ...(method === 'POST' ? { body } : {}),
      });
    return { send, taken };
  }
  const good = JSON.stringify(payload(alert({ namespace: 'shop', pod: 'cart-1' })));

  test('takes an alert and says what became of it', async () => {
    const { send, taken } = await server();
    const response = await send(good);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ opened: 1 });
    expect(taken).toHaveLength(1);
  });

  test.each([
    ['no token', { authorization: '' }, 401],
    ['a wrong token', { authorization: 'Bearer nope' }, 401],
    ['another scheme', { authorization: `Basic ${TOKEN}` }, 401],
  ])('refuses %s', async (_name, headers, status) => {
    const { send, taken } = await server();
    expect((await send(good, headers)).status).toBe(status);
    expect(taken).toEqual([]);
  });

  test.each([
    ['not JSON', 'hello'],
    ['another version', JSON.stringify({ version: '3', alerts: [] })],
    ["Grafana's version 1", JSON.stringify({ version: '1', alerts: [] })],
    [
      'labels that are no texts',
      JSON.stringify({ version: '4', alerts: [{ status: 'firing', labels: { pod: 7 }, startsAt: 'x' }] }),
    ],
    [
      'too many alerts',
      JSON.stringify(payload(...Array.from({ length: 1_001 }, () => alert({ namespace: 'a', pod: 'b' })))),
    ],
  ])('answers 400 with the reason to %s, and takes nothing', async (_name, body) => {
    const { send, taken } = await server();
    const response = await send(body);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('not an Alertmanager payload');
    expect(taken).toEqual([]);
  });

  test('refuses a body over one MiB', async () => {
    const { send } = await server();
    expect((await send('x'.repeat(1_100_000)).catch(() => ({ status: 413 }))).status).toBe(413);
  });

  test('asks to send again when the alert cannot be kept', async () => {
    const { send } = await server(async () => {
      throw new Error('redis is away');
    });
    const response = await send(good);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await response.text()).not.toContain('redis is away');
  });

  test('tells its health without a token, and nothing else', async () => {
    const { send } = await server();
    expect((await send('', { authorization: '' }, '/healthz', 'GET')).status).toBe(200);
    expect((await send('', { authorization: '' }, '/readyz', 'GET')).status).toBe(200);
    expect((await send('', { authorization: '' }, '/metricsx', 'GET')).status).toBe(404);
  });

  test('does not start with a token that can be guessed', async () => {
    await expect(
      startAlertServer({
        host: '127.0.0.1',
        port: 0,
        token: 'short',
        ready: async () => true,
        log: { info: () => {}, warn: () => {} },
        take: async () => [],
      }),
    ).rejects.toThrow('at least 16 characters');
  });
});
