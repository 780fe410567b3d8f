// A running cluster double for tests, and plain HTTPS requests to it for what the Kubernetes client hides.
import { Agent, request } from 'node:https';
import { fileURLToPath } from 'node:url';
import { KubeConfig } from '@kubernetes/client-node';
import { type Cluster, type ClusterOptions, startCluster } from '../../src/demo/cluster/cluster.ts';

export const recordingDir = (name: string): string => fileURLToPath(new URL(`../recordings/${name}`, import.meta.url));

export const startDouble = (recordings: string[], options: Partial<ClusterOptions> = {}): Promise<Cluster> =>
  startCluster({ ...options, recordings: recordings.map(recordingDir) });

export function kubeConfig(cluster: Cluster, context: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({ ...cluster.kubeconfig, currentContext: context });
  return config;
}

export type Reply = { status: number; text: string; json: Json; lines: Json[] };
// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever the API answers.
export type Json = any;

export type Caller = {
  (method: string, path: string, body?: unknown, contentType?: string): Promise<Reply>;
  close(): void;
};

/** Calls with one token over one kept connection. */
export function caller(cluster: Cluster, token: string, headers: Record<string, string> = {}): Caller {
  const agent = new Agent({ ca: cluster.caPem, keepAlive: true, maxSockets: 1 });
  const call = (method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const sent = body === undefined ? undefined : JSON.stringify(body);
      const all: Record<string, string | number> = { authorization: `Bearer ${token}`, ...headers };
      if (sent !== undefined)
        Object.assign(all, { 'content-type': contentType, 'content-length': Buffer.byteLength(sent) });
      const asked = request(
        new URL(path, cluster.url),
        { method, agent, headers: all, servername: 'localhost' },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            text += chunk;
          });
          response.on('end', () => {
            const isJson = (response.headers['content-type'] ?? '').includes('json');
            const lines = isJson ? text.split('\n').filter(Boolean) : [];
            const parsed: Json[] = lines.map((line) => JSON.parse(line) as Json);
            resolve({ status: response.statusCode ?? 0, text, json: parsed[0], lines: parsed });
          });
        },
      );
      asked.on('error', reject);
      asked.end(sent);
    });
  return Object.assign(call, { close: () => agent.destroy() });
}

export const strategic = 'application/strategic-merge-patch+json';
export const merge = 'application/merge-patch+json';
export const jsonPatch = 'application/json-patch+json';

/** Asks again until there is an answer. The bound is no expectation, only the end of a test that would never end. */
export async function until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  for (let left = 4_000; left > 0; left -= 1) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`never seen: ${what}`);
}
