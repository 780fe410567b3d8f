// One HTTP server for alert webhooks, health and metrics, on a port of its own. Invariants: 2xx only after the alerts are
// kept, an answer within seconds whatever Redis does, and no secret of an address or header in any log.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { FORMATS, isLoopback, type Sender } from '../core/sender.ts';
import type { Signal, Taken } from '../core/signal.ts';
import type { ReadSignals } from './alert.ts';
import { jsonIn, readBody, refusalOf } from './body.ts';
import { readSignals } from './formats.ts';
import { bearerOf, type Meant, maySign, type Shown, sendersAt, signerOf } from './proof.ts';

export interface AlertServerOptions {
  host: string;
  port: number;
  senders: readonly Sender[];
  /** Keeps signals durably; resolves with what became of each. Rejects when one cannot be kept. */
  take(signals: Signal[]): Promise<Taken[]>;
  /** Longer than this no sender waits; 5,000. */
  takeWithinMs?: number;
  ready(): Promise<boolean>;
  /** Milliseconds since 1970. */
  now?(): number;
  /** In Prometheus' text format. */
  metrics?(): Promise<string>;
  /** What became of alerts: a `Taken`, "declined", "refused" (400, 401, 413, 415) or "not-kept". */
  onOutcome?(sender: string, outcome: string, count: number): void;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

const MOST_AT_ONCE = 64;
/** Of those that have proven nothing before their body was read, so that they leave room for the others. */
const MOST_UNPROVEN = 32;
const PATIENCE_MS = 10_000;

export async function startAlertServer(options: AlertServerOptions): Promise<{ port: number; stop(): Promise<void> }> {
  if (options.senders.some(({ auth }) => auth.none) && !isLoopback(options.host))
    throw new Error(
      `Anybody who reaches ${options.host} could send alerts: set LOOPBREAKER_WEBHOOK_TOKEN or LOOPBREAKER_SENDERS, or bind to 127.0.0.1.`,
    );
  const busy = { all: 0, unproven: 0 };
  const server = createServer({ connectionsCheckingInterval: 1_000 }, (request, response) => {
    handle(request, response, options, busy).catch(() => answer(response, 500, 'This request could not be handled.'));
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

/** How many bodies are being read and kept. */
interface Busy {
  all: number;
  unproven: number;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: AlertServerOptions,
  busy: Busy,
): Promise<void> {
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
  if (request.method !== 'POST') {
    response.setHeader('Allow', 'POST');
    return answer(response, 405, 'Send alerts with POST.');
  }
  const shown = { headers: request.headers, pathSecret: meant.pathSecret };
  const bearer = bearerOf(meant.senders, shown);
  // Nothing is read from somebody who shows nothing.
  if (!bearer && !maySign(meant.senders, shown)) return unknownSender(response, options, path);
  const unproven = bearer ? 0 : 1;
  if (busy.all >= MOST_AT_ONCE || busy.unproven + unproven > MOST_UNPROVEN)
    return again(response, 'Too many senders at once.', 1);
  busy.all += 1;
  busy.unproven += unproven;
  try {
    await receive(request, response, options, { ...meant, path, shown, bearer });
  } finally {
    busy.all -= 1;
    busy.unproven -= unproven;
  }
}

interface Arrival extends Meant {
  path: string;
  shown: Shown;
  bearer: Sender | undefined;
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  options: AlertServerOptions,
  { path, senders, shown, bearer }: Arrival,
): Promise<void> {
  const { now = Date.now, onOutcome, log } = options;
  let sender = bearer;
  try {
    const body = await readBody(request);
    sender ??= signerOf(senders, shown, body, now());
    if (!sender) return unknownSender(response, options, path);
    const json = await jsonIn(body, request.headers['content-encoding']);
    await takeAlerts(readSignals(json, sender, new Date(now()).toISOString()), response, sender, options);
  } catch (error) {
    const refused = refusalOf(error, senders[0]?.format ?? '');
    if (!refused) throw error;
    const name = sender?.name ?? 'unknown';
    onOutcome?.(name, 'refused', 1);
    log.warn({ sender: name }, 'a payload was refused: its sender is told why');
    answer(response, refused.status, refused.message);
  }
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
  read: ReadSignals,
  response: ServerResponse,
  { name }: Sender,
  { take, takeWithinMs = 5_000, onOutcome = () => {}, log }: AlertServerOptions,
): Promise<void> {
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

/** Rejects when it takes too long; what was begun goes on, and a repeat of the same delivery changes nothing. */
function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
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
