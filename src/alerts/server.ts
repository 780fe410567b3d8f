// One small HTTP server for alert webhooks and health, on a port of its own. Answers 2xx only after the alert is kept.

import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Signal, Taken } from '../core/signal.ts';
import { readAlertmanager } from './alertmanager.ts';

export interface AlertServerOptions {
  host: string;
  port: number;
  /** Bearer token that senders must show. */
  token: string;
  /** Keeps signals durably; resolves with what became of each. Rejects when one cannot be kept. */
  take(signals: Signal[]): Promise<Taken[]>;
  ready(): Promise<boolean>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const MOST_BYTES = 1_048_576;
const PATIENCE_MS = 10_000;

export async function startAlertServer(options: AlertServerOptions): Promise<{ port: number; stop(): Promise<void> }> {
  if (options.token.length < 16)
    throw new Error('The alert webhook needs a token of at least 16 characters: set LOOPBREAKER_WEBHOOK_TOKEN.');
  const server = createServer((request, response) => {
    handle(request, response, options).catch(() => answer(response, 500, 'This request could not be handled.'));
  });
  server.requestTimeout = PATIENCE_MS;
  server.headersTimeout = PATIENCE_MS;
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, options.host, done);
  });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : options.port, stop: () => stop(server) };
}

async function handle(request: IncomingMessage, response: ServerResponse, options: AlertServerOptions): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  if (request.method === 'GET' && path === '/healthz') return answer(response, 200, 'alive');
  if (request.method === 'GET' && path === '/readyz')
    return (await options.ready()) ? answer(response, 200, 'ready') : answer(response, 503, 'Redis cannot be reached.');
  if (path !== '/webhooks/alertmanager')
    return answer(response, 404, 'There is nothing here. Alerts go to /webhooks/alertmanager.');
  if (request.method !== 'POST') return answer(response, 405, 'Send alerts with POST.');
  if (!mayEnter(request.headers.authorization, options.token))
    return answer(response, 401, 'Show the token: Authorization: Bearer LOOPBREAKER_WEBHOOK_TOKEN.');
  const body = await readBody(request);
  if (body === undefined)
    return answer(response, 413, `The body is larger than ${MOST_BYTES} bytes. Lower max_alerts in the receiver.`);
  await takeAlerts(body, response, options);
}

async function takeAlerts(body: string, response: ServerResponse, { take, log }: AlertServerOptions): Promise<void> {
  let read: ReturnType<typeof readAlertmanager>;
  try {
    read = readAlertmanager(JSON.parse(body));
  } catch (error) {
    const why =
      error instanceof z.ZodError ? z.prettifyError(error).split('\n').slice(0, 4).join(' ') : 'it is not JSON';
    return answer(response, 400, `This is not an Alertmanager payload: ${why.slice(0, 400)}`);
  }
  const counts: { [taken in Taken]: number } = { opened: 0, known: 0, resolved: 0, 'not-allowed': 0 };
  try {
    for (const taken of await take(read.alerted)) counts[taken] += 1;
  } catch {
    response.setHeader('Retry-After', '5');
    return answer(response, 503, 'The alerts could not be kept, because Redis did not answer. Send them again.');
  }
  for (const why of read.declined) log.info({ why }, 'an alert was declined');
  if (counts['not-allowed'] > 0)
    log.warn({ count: counts['not-allowed'] }, 'alerts named a cluster or namespace that their channel may not read');
  answer(
    response,
    200,
    JSON.stringify({ ...counts, resolved: read.resolved, declined: read.declined.length }),
    'application/json',
  );
}

/** Compared as hashes and in constant time. */
function mayEnter(header: string | undefined, token: string): boolean {
  const shown = /^Bearer (\S{1,500})$/.exec(header ?? '')?.[1] ?? '';
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(token));
}

/** Undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function answer(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  if (response.headersSent) return;
  if (status === 413) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, 'X-Content-Type-Options': 'nosniff' });
  response.end(`${body}\n`);
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  await Promise.race([closed, new Promise<void>((done) => setTimeout(done, 2_000).unref())]);
  server.closeAllConnections();
}
