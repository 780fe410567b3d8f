// One HTTP server for alert webhooks, health and metrics, on a port of its own. Invariants: 2xx only after the alerts are
// kept, an answer within seconds whatever Redis does, and no secret of an address or header in any log.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { FORMATS, isLoopback, type Sender } from '../core/sender.ts';
import type { Signal, Taken } from '../core/signal.ts';
import type { ReadSignals } from './alert.ts';
import { readSignals } from './formats.ts';
import { bearerOf, maySign, type Shown, signerOf } from './proof.ts';

export interface AlertServerOptions {
  host: string;
  port: number;
  senders: readonly Sender[];
  /** Keeps signals durably; resolves with what became of each. Rejects when one cannot be kept. */
  take(signals: Signal[]): Promise<Taken[]>;
  /** Longer than this no sender waits; 5,000. */
  takeWithinMs?: number;
  ready(): Promise<boolean>;
  /** In Prometheus' text format. */
  metrics?(): Promise<string>;
  /** What became of alerts: a `Taken`, "declined", "refused" (400, 401, 413) or "not-kept". */
  onOutcome?(sender: string, outcome: string, count: number): void;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const MOST_BYTES = 1_048_576;
const MOST_AT_ONCE = 64;
const PATIENCE_MS = 10_000;

export async function startAlertServer(options: AlertServerOptions): Promise<{ port: number; stop(): Promise<void> }> {
  if (options.senders.some(({ auth }) => auth.none) && !isLoopback(options.host))
    throw new Error(
      `Anybody who reaches ${options.host} could send alerts: set LOOPBREAKER_WEBHOOK_TOKEN or LOOPBREAKER_SENDERS, or bind to 127.0.0.1.`,
    );
  let atWork = 0;
  const server = createServer((request, response) => {
    if (atWork >= MOST_AT_ONCE) return again(response, 'Too many senders at once.', 1);
    atWork += 1;
    handle(request, response, options)
      .catch(() => answer(response, 500, 'This request could not be handled.'))
      .finally(() => {
        atWork -= 1;
      });
  });
  server.requestTimeout = PATIENCE_MS;
  server.headersTimeout = PATIENCE_MS;
  server.keepAliveTimeout = 60_000; // longer than the pauses of most senders: a connection costs more than a request
  server.maxConnections = 500;
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(options.port, options.host, done);
  });
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : options.port, stop: () => stop(server) };
}

async function handle(request: IncomingMessage, response: ServerResponse, options: AlertServerOptions): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?');
  const read = request.method === 'GET' || request.method === 'HEAD';
  if (read && path === '/healthz') return answer(response, 200, 'alive');
  if (read && path === '/readyz')
    return (await options.ready()) ? answer(response, 200, 'ready') : answer(response, 503, 'Redis cannot be reached.');
  if (read && path === '/metrics' && options.metrics)
    return answer(response, 200, await options.metrics(), 'text/plain; version=0.0.4');
  const meant = sendersAt(path, options.senders);
  if (!meant)
    return answer(
      response,
      404,
      `There is nothing here. Alerts go to /webhooks/FORMAT (${FORMATS.slice(0, -1).join(', ')}) or /webhooks/generic/NAME.`,
    );
  if (request.method !== 'POST') return answer(response, 405, 'Send alerts with POST.');
  const shown = { headers: request.headers, pathSecret: meant.pathSecret };
  const bearer = bearerOf(meant.senders, shown);
  // Nothing is read from somebody who shows nothing.
  if (!bearer && !maySign(meant.senders, shown)) return unknownSender(response, options, path);
  const body = await readBody(request);
  if (body === undefined) {
    options.onOutcome?.(bearer?.name ?? 'unknown', 'refused', 1);
    return answer(response, 413, `The body is larger than ${MOST_BYTES} bytes. Lower max_alerts in the receiver.`);
  }
  const sender = bearer ?? signerOf(meant.senders, shown, body, Date.now());
  if (!sender) return unknownSender(response, options, path);
  await takeAlerts(body, response, sender, options);
}

/** /webhooks/FORMAT[/SECRET] or /webhooks/generic/NAME[/SECRET] -> the senders that may be meant. */
function sendersAt(
  path: string,
  senders: readonly Sender[],
): { senders: Sender[]; pathSecret: Shown['pathSecret'] } | undefined {
  const [empty, webhooks, format, ...rest] = path.split('/');
  if (empty !== '' || webhooks !== 'webhooks') return undefined;
  const name = format === 'generic' ? rest.shift() : undefined;
  const [pathSecret = '', ...more] = rest;
  const meant = senders.filter((s) => s.format === format && (format !== 'generic' || s.name === name));
  return meant.length === 0 || more.length > 0 ? undefined : { senders: meant, pathSecret };
}

function unknownSender(response: ServerResponse, { onOutcome, log }: AlertServerOptions, path: string): void {
  const format = path.split('/')[2];
  onOutcome?.('unknown', 'refused', 1);
  log.warn({ format }, 'a webhook came without a valid proof of its sender');
  answer(
    response,
    401,
    'Show who you are: the bearer token, password, signature or address that this sender was given.',
  );
}

async function takeAlerts(
  body: Buffer,
  response: ServerResponse,
  sender: Sender,
  { take, takeWithinMs = 5_000, onOutcome = () => {}, log }: AlertServerOptions,
): Promise<void> {
  const { name } = sender;
  let read: ReadSignals;
  try {
    read = readSignals(JSON.parse(body.toString('utf8')), sender, new Date().toISOString());
  } catch (error) {
    const why = error instanceof z.ZodError ? reasonOf(error) : 'it is not JSON';
    onOutcome(name, 'refused', 1);
    log.warn({ sender: name, format: sender.format }, 'a payload was refused: its sender is told why');
    return answer(response, 400, `This is not an alert in the format ${sender.format}: ${why}`);
  }
  const counts: { [outcome: string]: number } = { opened: 0, known: 0, resolved: 0, 'not-allowed': 0 };
  try {
    for (const taken of await within(takeWithinMs, take(read.signals))) counts[taken] = (counts[taken] ?? 0) + 1;
  } catch {
    onOutcome(name, 'not-kept', read.signals.length);
    return again(response, 'The alerts could not be kept, because Redis did not answer.', 5);
  }
  if (read.declined.length > 0) counts.declined = read.declined.length;
  for (const [outcome, count] of Object.entries(counts)) if (count > 0) onOutcome(name, outcome, count);
  for (const why of new Set([...read.declined, ...read.notes].slice(0, 20))) log.info({ sender: name, why }, 'alerts');
  if (counts['not-allowed'])
    log.warn(
      { sender: name, count: counts['not-allowed'] },
      'alerts named a cluster or namespace that their channel may not read',
    );
  if (counts['unknown-cluster'])
    log.warn(
      { sender: name, clusters: namedClusters(read) },
      'alerts named clusters that I do not know: say in LOOPBREAKER_ALERT_CLUSTER_NAMES which ones they are, or let the sender name its cluster',
    );
  answer(response, 200, JSON.stringify({ ...counts, declined: read.declined.length }), 'application/json');
}

const namedClusters = ({ signals }: ReadSignals): string[] =>
  [...new Set(signals.map(({ cluster }) => cluster))].slice(0, 5);

const reasonOf = (error: z.ZodError): string => z.prettifyError(error).split('\n').slice(0, 4).join(' ').slice(0, 400);

/** Rejects when it takes too long; what was begun goes on, and a repeat of the same delivery changes nothing. */
function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function again(response: ServerResponse, why: string, afterSeconds: number): void {
  response.setHeader('Retry-After', String(afterSeconds));
  answer(response, 503, `${why} Send them again.`);
}

/** Requests whose body was not read are not worth a connection. */
const UNREAD = new Set([401, 404, 405, 413]);

function answer(response: ServerResponse, status: number, body: string, type = 'text/plain'): void {
  if (response.headersSent) return;
  if (UNREAD.has(status)) response.setHeader('Connection', 'close');
  response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, 'X-Content-Type-Options': 'nosniff' });
  response.end(body.endsWith('\n') ? body : `${body}\n`);
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  await Promise.race([closed, new Promise<void>((done) => setTimeout(done, 2_000).unref())]);
  server.closeAllConnections();
}
