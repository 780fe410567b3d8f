// A TCP relay between a client and a real server, to take the server away, bring another one back under the same
// address, or look at what passes. It changes no byte.

import { connect, createServer, type Socket } from 'node:net';

export interface TcpProxy {
  port: number;
  /** Breaks all connections and refuses new ones until `restore`. */
  cut(): Promise<void>;
  restore(port?: number): Promise<void>;
  close(): Promise<void>;
}

export interface ProxyHooks {
  /** Before a chunk of the client is passed on; passing waits for it. */
  onRequest?: (chunk: Buffer) => Promise<void> | void;
  /** Before a chunk of the server is passed back; passing waits for it. */
  onReply?: (chunk: Buffer) => Promise<void> | void;
}

export async function tcpProxy(target: { port: number; host?: string }, hooks: ProxyHooks = {}): Promise<TcpProxy> {
  let { port: targetPort } = target;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(targetPort, target.host ?? '127.0.0.1');
    pass(client, upstream, hooks.onRequest);
    pass(upstream, client, hooks.onReply);
  });

  function pass(from: Socket, to: Socket, hook: ProxyHooks['onRequest']) {
    sockets.add(from);
    let passing: Promise<unknown> = Promise.resolve();
    from.on('data', (chunk) => {
      passing = passing.then(() => hook?.(chunk)).then(() => to.write(chunk));
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      passing.then(() => to.destroy());
    });
  }

  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
  const cut = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });

  const port = await listen(0);
  return {
    port,
    cut,
    restore: async (newTarget = targetPort) => {
      targetPort = newTarget;
      await listen(port);
    },
    close: cut,
  };
}
