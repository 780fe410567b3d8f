// A webhook server with senders of the test's choice, and what it took.

import { onTestFinished } from 'vitest';
import { type AlertServerOptions, startAlertServer } from '../../src/alerts/server.ts';
import { type Sender, sendersFile, sendersOfToken } from '../../src/core/sender.ts';
import type { Signal } from '../../src/core/signal.ts';

export const TOKEN = 'a-token-long-enough-for-this';

/** A sender as the file would write it. */
export function senderOf(entry: object): Sender {
  const [sender] = sendersFile.parse({ version: 1, senders: [{ name: 'one', ...entry }] }).senders;
  if (!sender) throw new Error('no sender');
  return sender;
}

export const prometheus = senderOf({ name: 'prometheus', format: 'alertmanager', auth: { bearer: TOKEN } });

export async function alertServer(options: Partial<AlertServerOptions> = {}) {
  const taken: Signal[] = [];
  const logged: { fields: object; message: string }[] = [];
  const outcomes: [string, string, number][] = [];
  const note = (fields: object, message: string): void => void logged.push({ fields, message });
  const { take = async (signals: Signal[]) => signals.map(() => 'opened' as const) } = options;
  const started = await startAlertServer({
    host: '127.0.0.1',
    port: 0,
    senders: sendersOfToken(TOKEN),
    ready: async () => true,
    log: { info: note, warn: note },
    onOutcome: (...outcome) => void outcomes.push(outcome),
    ...options,
    take: (signals) => {
      taken.push(...signals);
      return take(signals);
    },
  });
  onTestFinished(started.stop);
  const url = `http://127.0.0.1:${started.port}`;
  const send = (
    body: string | Uint8Array<ArrayBuffer>,
    headers: { [name: string]: string } = {},
    path = '/webhooks/alertmanager',
    method = 'POST',
  ): Promise<Response> =>
    fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      ...(method === 'POST' ? { body } : {}),
    });
  return { url, send, taken, logged, outcomes };
}

/** One alert of Alertmanager or Grafana. */
export const alertOf = (labels: { [name: string]: string }, status = 'firing') => ({
  status,
  labels: { alertname: 'KubePodCrashLooping', ...labels },
  startsAt: '2026-11-21T02:30:00Z',
  fingerprint: 'f1',
});

export const payloadOf = (...alerts: unknown[]) => ({ version: '4', status: 'firing', alerts });
