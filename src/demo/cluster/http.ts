// The TLS server: loopback only, Host checked, bearer token on every request, bodies bounded, every request written down.
// It knows nothing of Kubernetes but the shape of an answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Impersonation, User } from './access.ts';
import type { ServerIdentity } from './certificate.ts';
import { ApiError, badRequest, internal, tooLarge, tooManyRequests, unauthorized } from './status-errors.ts';

export type Asked = {
  method: string;
  path: string;
  query: URLSearchParams;
  contentType: string;
  user: User;
  body: Buffer;
};
/** A whole body, or a stream that goes on until `send.end` or until the client leaves. */
export type Answer =
  | { code: number; json: unknown }
  | { code: number; text: string }
  | { stream: (send: { line(value: unknown): void; end(): void; left: AbortSignal }) => void };

export type RequestRecord = {
  method: string;
  path: string;
  query: Record<string, string>;
  contentType: string;
  user: string;
  /** 0 while a watch goes on. */
  status: number;
  connection: number;
  at: string;
};

const bodyLimitBytes = 3 * 1024 * 1024;
const recordsKept = 20_000;

/** Each line of the header is one group. */
const impersonationOf = ({ headersDistinct }: IncomingMessage): Impersonation => ({
  user: headersDistinct['impersonate-user']?.[0] ?? '',
  groups: headersDistinct['impersonate-group'] ?? [],
});

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimitBytes) throw tooLarge(bodyLimitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function write(response: ServerResponse, answer: Answer, isMute: () => boolean = () => false): void {
  if ('stream' in answer) {
    const left = new AbortController();
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    response.flushHeaders();
    response.on('close', () => left.abort());
    answer.stream({
      line: (value) => void (response.writableEnded || isMute() || response.write(`${JSON.stringify(value)}\n`)),
      end: () => void (isMute() || response.end()),
      left: left.signal,
    });
    return;
  }
  const body = 'text' in answer ? answer.text : JSON.stringify(answer.json);
  response.writeHead(answer.code, {
    'content-type': 'text' in answer ? 'text/plain' : 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

type Options = {
  identity: ServerIdentity;
  latencyMs: number;
  userOf: (authorization: string | undefined, asks: Impersonation) => User | undefined;
  handle: (asked: Asked) => Answer;
  log: (line: string) => void;
};

export async function startServer({ identity, latencyMs, userOf, handle, log }: Options) {
  const records: RequestRecord[] = [];
  const connections = new Map<Socket, number>();
  const mute = new Set<Socket>();
  let opened = 0;
  let busy = { requests: 0, retryAfterSeconds: 0 };
  let port = 0;

  async function answer(request: IncomingMessage, record: RequestRecord): Promise<Answer> {
    if (request.headers.host !== `127.0.0.1:${port}` && request.headers.host !== `localhost:${port}`) {
      return { code: 421, text: 'this server answers only to its own loopback address\n' };
    }
    if (busy.requests > 0) {
      busy.requests -= 1;
      throw tooManyRequests(busy.retryAfterSeconds);
    }
    const user = userOf(request.headers.authorization, impersonationOf(request));
    if (!user) throw unauthorized();
    record.user = user.name;
    const url = new URL(request.url ?? '/', 'https://127.0.0.1');
    const body = await readBody(request);
    if (latencyMs > 0) await sleep(latencyMs);
    return handle({
      method: record.method,
      path: url.pathname,
      query: url.searchParams,
      contentType: record.contentType,
      user,
      body,
    });
  }

  const server = createServer({ key: identity.keyPem, cert: identity.certificatePem }, async (request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const record: RequestRecord = {
      method: request.method ?? '',
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      contentType: (request.headers['content-type'] ?? '').split(';')[0]!.trim(),
      user: '',
      status: 0,
      connection: connections.get(request.socket) ?? 0,
      at: new Date().toISOString(),
    };
    records.push(record);
    if (records.length > recordsKept) records.splice(0, recordsKept / 2);
    response.on('finish', () => {
      record.status = response.statusCode;
      log(`${record.method} ${request.url} ${record.status} ${record.user}`);
    });
    try {
      write(response, await answer(request, record), () => mute.has(request.socket));
    } catch (error) {
      if (!(error instanceof ApiError))
        log(`${record.method} ${path}: ${error instanceof Error ? error.stack : error}`);
      const refusal =
        error instanceof ApiError
          ? error
          : error instanceof URIError
            ? badRequest(error.message)
            : internal(String(error));
      const { retryAfterSeconds } = refusal.status.details ?? {};
      if (retryAfterSeconds !== undefined && !response.headersSent)
        response.setHeader('retry-after', String(retryAfterSeconds));
      if (response.headersSent) response.end();
      else write(response, { code: refusal.status.code, json: refusal.status });
    }
  });
  server.on('secureConnection', (socket) => {
    opened += 1;
    connections.set(socket, opened);
    socket.on('close', () => {
      connections.delete(socket);
      mute.delete(socket);
    });
  });
  const listen = (): Promise<void> =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen();
  port = (server.address() as AddressInfo).port;

  // Also those that are still shaking hands.
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    drop();
    await closed;
  }

  return {
    url: `https://127.0.0.1:${port}`,
    requests: (): RequestRecord[] => [...records],
    /** TLS connections opened since the start. */
    connections: (): number => opened,
    /** Breaks every open connection, as a failing load balancer would. */
    drop,
    /** From now on the open connections stay open and say nothing, as behind a router that forgot them. */
    fallSilent: (): void => {
      for (const socket of connections.keys()) mute.add(socket);
    },
    /** The next so many requests get 429. */
    beBusy: (requests: number, retryAfterSeconds: number): void => {
      busy = { requests, retryAfterSeconds };
    },
    /** Refuses connections until `start`, as while an API server restarts. */
    stop,
    start: listen,
  };
}
