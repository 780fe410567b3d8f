// Socket Mode: the app opens WebSockets with one-time tickets, Slack sends each envelope to one of them and waits three
// seconds for its id to come back. Up to ten connections; Slack may ask any of them to go and come again.

import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isObject } from './block-rules.ts';
import type { Delivered, Delivery } from './types.ts';

export const ACK_MS = 3_000;
const CONNECTIONS_MAX = 10;
const PING_MS = 10_000;

export type SocketMode = Delivery & {
  /** A one-time address, as `apps.connections.open` gives it. */
  openSocket(): string;
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Tells every connection to go, as Slack does when it recycles a server. */
  disconnectAll(reason: 'warning' | 'refresh_requested' | 'link_disabled'): void;
  connections(): number;
  /** Sends the newest envelope once more, as Slack may when an acknowledgement was lost on its way. */
  repeat(): void;
};

export function createSocketMode(appId: string, socketUrl: () => string): SocketMode {
  const server = new WebSocketServer({ noServer: true, maxPayload: 1024 * 1024 });
  const tickets = new Set<string>();
  const sockets: WebSocket[] = [];
  const waiting = new Map<string, (answer: Delivered) => void>();
  let turn = 0;
  let newest: object | undefined;

  const send = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message));

  function accept(socket: WebSocket): void {
    if (sockets.length >= CONNECTIONS_MAX) {
      send(socket, { type: 'disconnect', reason: 'too_many_websockets', debug_info: { host: 'double' } });
      socket.close();
      return;
    }
    sockets.push(socket);
    const ping = setInterval(() => socket.ping(), PING_MS);
    socket.on('close', () => {
      clearInterval(ping);
      sockets.splice(sockets.indexOf(socket), 1);
    });
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => acknowledge(String(data)));
    send(socket, {
      type: 'hello',
      num_connections: sockets.length,
      debug_info: { host: 'double', build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: appId },
    });
  }

  function acknowledge(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return;
    }
    if (!isObject(message)) return;
    const answer = waiting.get(String(message.envelope_id));
    answer?.({ ok: true, body: message.payload });
  }

  return {
    openSocket() {
      const ticket = randomBytes(16).toString('hex');
      tickets.add(ticket);
      return `${socketUrl()}?ticket=${ticket}&app_id=${appId}`;
    },

    handleUpgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '/', 'ws://double').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket)) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      server.handleUpgrade(request, socket, head, accept);
    },

    deliver({ type, payload, retry }) {
      const open = sockets.filter((socket) => socket.readyState === socket.OPEN);
      const socket = open[turn++ % Math.max(1, open.length)];
      if (!socket) return Promise.resolve({ ok: false, reason: 'dispatch_failed' });
      const id = randomUUID();
      return new Promise<Delivered>((resolve) => {
        const done = (answer: Delivered) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(answer);
        };
        const timer = setTimeout(() => done({ ok: false, reason: 'operation_timeout' }), ACK_MS);
        waiting.set(id, done);
        newest = {
          envelope_id: id,
          type,
          payload,
          accepts_response_payload: type !== 'events_api',
          ...(type === 'events_api' ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? '' } : {}),
        };
        send(socket, newest);
      });
    },

    disconnectAll(reason) {
      for (const socket of sockets) send(socket, { type: 'disconnect', reason, debug_info: { host: 'double' } });
    },

    connections: () => sockets.length,

    repeat() {
      const socket = sockets.find(({ readyState, OPEN }) => readyState === OPEN);
      if (socket && newest) send(socket, newest);
    },

    async stop() {
      for (const done of [...waiting.values()]) done({ ok: false, reason: 'dispatch_failed' });
      const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of sockets) socket.close(1001);
      // An app that has crashed answers no farewell.
      const patience = setTimeout(() => [...sockets].forEach((socket) => void socket.terminate()), 500);
      await Promise.all(closed);
      clearTimeout(patience);
      server.close();
    },
  };
}
