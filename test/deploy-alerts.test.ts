// deploy/alertmanager and the probes of the gateway: they speak to the webhook server as it is.
import { expect, onTestFinished, test } from 'vitest';
import { startAlertServer } from '../src/alerts/server.ts';
import { sendersOfToken } from '../src/core/sender.ts';
import type { Signal } from '../src/core/signal.ts';
import { manifest, textOf, yamlOf } from './support/manifests.ts';

const token = 'a-token-of-24-characters';
const { route, receivers } = yamlOf('deploy/alertmanager/receiver.yaml');
const [webhook] = receivers.find(({ name }: { name: string }) => name === 'loopbreaker').webhook_configs;

async function server(ready = true) {
  const taken: Signal[] = [];
  const { port, stop } = await startAlertServer({
    host: '127.0.0.1',
    port: 0,
    senders: sendersOfToken(token),
    take: async (signals) => {
      taken.push(...signals);
      return signals.map(() => 'opened' as const);
    },
    ready: async () => ready,
    log: { info: () => {}, warn: () => {} },
  });
  onTestFinished(stop);
  return { taken, at: (path: string) => `http://127.0.0.1:${port}${path}` };
}

const alert = {
  status: 'firing',
  labels: { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'checkout-api-7c4cf845f9-bh4cf' },
  startsAt: '2026-11-21T09:00:00Z',
  fingerprint: 'a1b2c3',
};

test('an alert sent as the receiver says becomes a card', async () => {
  const { taken, at } = await server();
  const { type, credentials_file: file } = webhook.http_config.authorization;
  expect(file).toMatch(/^\//);
  const answer = await fetch(at(new URL(webhook.url).pathname), {
    method: 'POST',
    headers: { authorization: `${type} ${token}` },
    body: JSON.stringify({ version: '4', alerts: [alert] }),
  });
  expect(answer.status).toBe(200);
  expect(taken).toMatchObject([{ namespace: 'shop', name: 'checkout-api-7c4cf845f9-bh4cf' }]);
});

test('the receiver sends to the Service of the gateway, at its port for alerts', () => {
  const { hostname, port, protocol } = new URL(webhook.url);
  const { metadata, spec } = manifest('Service', 'loopbreaker-gateway');
  expect(hostname).toBe(`${metadata.name}.${metadata.namespace}.svc`);
  expect(protocol).toBe('http:');
  const settings = manifest('ConfigMap', 'loopbreaker-settings').data;
  expect([port, String(spec.ports[0].port)]).toEqual(Array(2).fill(settings.LOOPBREAKER_WEBHOOK_PORT));
});

test('the page about alerts shows the very receiver', () => {
  expect(textOf('docs/alerts.md')).toContain(`\`\`\`yaml\n${textOf('deploy/alertmanager/receiver.yaml')}\`\`\``);
});

test('every route leads to a receiver that exists, and a pager on another route still rings', () => {
  const names = receivers.map(({ name }: { name: string }) => name);
  expect(names).toContain(route.receiver);
  for (const { receiver, continue: goesOn } of route.routes) {
    expect(names).toContain(receiver);
    expect(goesOn).toBe(true);
  }
});

test('the probes of the gateway are answered, and without Redis only readiness fails', async () => {
  const [{ livenessProbe, readinessProbe, ports }] = manifest('Deployment', 'loopbreaker-gateway').spec.template.spec
    .containers;
  const alerts = ports.find(({ name }: { name: string }) => name === 'alerts');
  expect(String(alerts.containerPort)).toBe(
    manifest('ConfigMap', 'loopbreaker-settings').data.LOOPBREAKER_WEBHOOK_PORT,
  );
  const asked = async (ready: boolean): Promise<number[]> => {
    const { at } = await server(ready);
    const probes = [livenessProbe, readinessProbe].map(({ httpGet }) => fetch(at(httpGet.path)));
    return (await Promise.all(probes)).map(({ status }) => status);
  };
  expect([livenessProbe.httpGet.port, readinessProbe.httpGet.port]).toEqual(['alerts', 'alerts']);
  expect(await asked(true)).toEqual([200, 200]);
  expect(await asked(false)).toEqual([200, 503]);
});
