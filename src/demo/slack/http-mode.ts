// HTTP mode: Slack posts signed requests to the app's address and takes the answer of the 200 as its response. Three
// seconds, no redirects, and no retry except for events (events.ts).

import { createHmac } from 'node:crypto';
import { ACK_MS } from './socket-mode.ts';
import type { Delivered, Delivery, Envelope } from './types.ts';

/** The headers by which an app knows that Slack is speaking: `v0` HMAC-SHA256 of version, time and raw body. */
export function signatureHeaders(signingSecret: string, body: string, atSeconds: number): Record<string, string> {
  const signature = createHmac('sha256', signingSecret).update(`v0:${atSeconds}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': String(atSeconds), 'x-slack-signature': `v0=${signature}` };
}

function encode({ type, payload }: Envelope): { body: string; contentType: string } {
  if (type === 'events_api') return { body: JSON.stringify(payload), contentType: 'application/json' };
  const form = type === 'slash_commands' ? (payload as Record<string, string>) : { payload: JSON.stringify(payload) };
  return { body: new URLSearchParams(form).toString(), contentType: 'application/x-www-form-urlencoded' };
}

/** @param appUrl where the app listens, e.g. `http://127.0.0.1:3000/slack/events`; undefined while there is none */
export function createHttpMode(signingSecret: string, appUrl: () => string | undefined): Delivery {
  const stopping = new AbortController();

  async function deliver(envelope: Envelope): Promise<Delivered> {
    const address = appUrl();
    if (!address) return { ok: false, reason: 'dispatch_failed' };
    const { body, contentType } = encode(envelope);
    const { retry } = envelope;
    const timeout = AbortSignal.timeout(ACK_MS);
    try {
      const response = await fetch(address, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([timeout, stopping.signal]),
        body,
        headers: {
          'content-type': contentType,
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          ...signatureHeaders(signingSecret, body, Math.floor(Date.now() / 1000)),
          ...(retry ? { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason } : {}),
        },
      });
      const text = await response.text();
      if (!response.ok) return { ok: false, reason: 'dispatch_failed' };
      const json = response.headers.get('content-type')?.includes('json');
      return { ok: true, body: json ? JSON.parse(text) : text };
    } catch {
      return { ok: false, reason: timeout.aborted ? 'operation_timeout' : 'dispatch_failed' };
    }
  }

  return {
    deliver,
    async stop() {
      stopping.abort();
    },
  };
}
