// The connections to one cluster. The library opens a new TLS connection for every call; here they are kept and reused,
// and renewed when the CA or the client certificate changes. Only the API server of the kubeconfig is ever dialled.
import { createHash } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { HttpMethod, KubeConfig, RequestContext } from '@kubernetes/client-node';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';

/** Below the idle limit of usual load balancers (60 s), so that we close first. */
const IDLE_MS = 30_000;

/** How long the next in line waits for a plugin that says nothing. */
const PLUGIN_MS = 30_000;

/** A read waits for one of these rather than open another. A watch holds its connection: it needs a cluster opened for it. */
const CONNECTIONS_MAX = 8;

export class PooledKubeConfig extends KubeConfig {
  connectionsMax = CONNECTIONS_MAX;
  #connections: Dispatcher | undefined;
  #madeFrom = '';
  #turn: Promise<unknown> = Promise.resolve();

  /** Called by the library before every request: credentials into the headers, connections into the context. */
  override async applySecurityAuthentication(context: RequestContext): Promise<void> {
    const options: RequestOptions = {};
    await this.#credentials(options);
    for (const [name, value] of Object.entries(options.headers ?? {})) context.setHeaderParam(name, String(value));
    if (options.auth)
      context.setHeaderParam('Authorization', `Basic ${Buffer.from(options.auth, 'utf8').toString('base64')}`);
    context.setDispatcher(await this.#connectionsFor(options));
  }

  /** One after another: twenty parallel reads must not start twenty credential plugins before the first has answered. */
  async #credentials(options: RequestOptions): Promise<void> {
    if (!this.getCurrentUser()?.exec) return this.applyToHTTPSOptions(options);
    const mine = this.#turn.then(() => this.applyToHTTPSOptions(options));
    const patience = sleep(PLUGIN_MS, undefined, { ref: false });
    this.#turn = Promise.race([mine, patience]).catch(() => undefined);
    return mine;
  }

  async #connectionsFor(options: RequestOptions): Promise<Dispatcher> {
    const cluster = this.getCurrentCluster();
    const { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
    const tls = { ca, cert, key, pfx, passphrase, rejectUnauthorized: rejectUnauthorized ?? true, servername };
    const madeFrom = createHash('sha256')
      .update(JSON.stringify([cluster?.server, cluster?.proxyUrl, tls]))
      .digest('hex');
    if (this.#connections && this.#madeFrom === madeFrom) return this.#connections;
    this.#connections?.close().catch(() => undefined);
    this.#madeFrom = madeFrom;
    // The library maps proxies and TLS settings; only the life of the connections is ours.
    const wanted = this.createDispatcherOptions(cluster, tls);
    this.#connections = onlyTo(
      new URL(cluster?.server ?? '').origin,
      connect(wanted, this.connectionsMax) ?? (await this.#asLibrary()),
    );
    return this.#connections;
  }

  /** SOCKS proxies: the library knows how to make these and does not say it elsewhere. */
  async #asLibrary(): Promise<Dispatcher> {
    const context = new RequestContext(this.getCurrentCluster()?.server ?? '', HttpMethod.GET);
    await super.applySecurityAuthentication(context);
    return context.getDispatcher() ?? new Agent({ keepAliveTimeout: IDLE_MS });
  }

  async close(): Promise<void> {
    const open = this.#connections;
    this.#connections = undefined;
    this.#madeFrom = '';
    await open?.destroy();
  }
}

function connect(
  wanted: ReturnType<KubeConfig['createDispatcherOptions']>,
  connections: number,
): Dispatcher | undefined {
  const life = { keepAliveTimeout: IDLE_MS, connections };
  if (wanted.type === 'agent') return new Agent({ ...life, connect: wanted.connect });
  if (wanted.type !== 'proxy') return undefined;
  return new ProxyAgent({ ...life, uri: wanted.uri, requestTls: wanted.requestTls, connect: wanted.connect });
}

/** Groups of the user in whose name a request is made. */
export const GROUPS = 'Impersonate-Group';

/** fetch knows one line for each header, and the API server takes "a,b" in one line for one group of that name. */
function groupsApart(headers: Dispatcher.DispatchOptions['headers']): Dispatcher.DispatchOptions['headers'] {
  if (!headers || Array.isArray(headers) || Symbol.iterator in headers) return headers;
  const entries = Object.entries(headers).map(([name, value]): [string, string | string[] | undefined] =>
    name.toLowerCase() === GROUPS.toLowerCase() && typeof value === 'string' ? [name, value.split(',')] : [name, value],
  );
  return Object.fromEntries(entries);
}

/** A redirect, or anything else that names another address, ends here. */
function onlyTo(origin: string, connections: Dispatcher): Dispatcher {
  return connections.compose((dispatch) => (options, handler) => {
    if (String(options.origin) !== origin) throw new Error('the answer points to another address; it is not followed');
    return dispatch({ ...options, headers: groupsApart(options.headers) }, handler);
  });
}
