// The API server that KUBECONFIG_TEST names, spoken to as its administrator and with nothing in between, as a kubelet or
// kubectl would. Without the variable there is none.
import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { Agent, request } from 'undici';
import type { Json, Reply } from '../cluster-double.ts';

export interface Server {
  url: string;
  caPem: string;
  call: (method: string, path: string, body?: unknown, contentType?: string) => Promise<Reply>;
  /** The same, and anything but an answer below 300 (or one of these) is the end of the test. */
  must: (method: string, path: string, body?: unknown, ...alsoGood: number[]) => Promise<Json>;
  /** Lines of a watch, until the signal. */
  watch: (path: string, onLine: (line: Json) => void, signal: AbortSignal) => Promise<void>;
  /** As this bearer token, with these headers besides. */
  as: (token: string, headers?: { [name: string]: string }) => Server['call'];
  close: () => Promise<void>;
}

/** Whether the server has this kind at all: an old one has not all that a recording holds. */
export type Serves = (apiVersion: string, kind: string) => boolean;

export const kubeconfigOfTest = (): string | undefined => process.env.KUBECONFIG_TEST || undefined;

export async function openServer(kubeconfig: string): Promise<Server> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { server: url } = config.getCurrentCluster()!;
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key } = options as { ca?: Buffer; cert?: Buffer; key?: Buffer };
  const admin = new Agent({ connect: { ca, cert, key } });
  const other = new Agent({ connect: { ca } });
  const adminHeaders = (options.headers ?? {}) as { [name: string]: string };

  const send =
    (agent: Agent, own: { [name: string]: string }): Server['call'] =>
    async (method, path, body, contentType = 'application/json') => {
      const answer = await request(`${url}${path}`, {
        method: method as 'GET',
        dispatcher: agent,
        headers: { ...own, ...(body === undefined ? {} : { 'content-type': contentType }) },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await answer.body.text();
      const isJson = String(answer.headers['content-type']).includes('json');
      const lines: Json[] = isJson
        ? text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line))
        : [];
      return { status: answer.statusCode, text, json: lines[0], lines };
    };
  const call = send(admin, adminHeaders);
  return {
    url,
    caPem: ca?.toString() ?? readFileSync(config.getCurrentCluster()!.caFile!, 'utf8'),
    call,
    must: async (method, path, body, ...alsoGood) => {
      const type = method === 'PATCH' ? 'application/merge-patch+json' : undefined;
      const { status, json, text } = await call(method, path, body, type);
      if (status >= 300 && !alsoGood.includes(status)) throw new Error(`${method} ${path}: ${status} ${text}`);
      return json;
    },
    watch: async (path, onLine, signal) => {
      const answer = await request(`${url}${path}`, { dispatcher: admin, headers: adminHeaders, signal });
      let rest = '';
      for await (const chunk of answer.body) {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(JSON.parse(line));
      }
    },
    as: (token, headers = {}) => send(other, { authorization: `Bearer ${token}`, ...headers }),
    close: async () => {
      await Promise.all([admin.destroy(), other.destroy()]);
    },
  };
}

export async function served(server: Server): Promise<Serves> {
  const known = new Set<string>();
  for (const version of ['v1', 'apps/v1', 'batch/v1', 'discovery.k8s.io/v1', 'policy/v1', 'autoscaling/v2']) {
    const { status, json } = await server.call('GET', version === 'v1' ? '/api/v1' : `/apis/${version}`);
    if (status === 200) for (const { kind } of json.resources) known.add(`${version} ${kind}`);
  }
  return (apiVersion, kind) => known.has(`${apiVersion} ${kind}`);
}
