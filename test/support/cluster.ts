// Clusters for tests: recordings behind the real Kubernetes HTTP API, and servers that behave badly on purpose.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { makeServerIdentity } from '../../src/demo/cluster/certificate.ts';
import { type ClusterOptions as DoubleOptions, startCluster } from '../../src/demo/cluster/cluster.ts';
import { type Cluster, type ClusterOptions, openCluster } from '../../src/kube/clusters.ts';

const recordings = fileURLToPath(new URL('../recordings/', import.meta.url));

export function folderOf(recording: string): string {
  return recording.startsWith('/') ? recording : recordings + recording;
}

type Open = (options?: Partial<ClusterOptions>) => Cluster;
export type RecordedCluster = Awaited<ReturnType<typeof startCluster>> & {
  /** Opens it as `reader`, or as another context, until the test ends. */
  open: Open;
};

/** Serves these recordings until the test ends. */
export async function recordedCluster(
  names: string[],
  options: Omit<DoubleOptions, 'recordings'> = {},
): Promise<RecordedCluster> {
  const double = await startCluster({
    recordings: names.map(folderOf),
    ...options,
  });
  onTestFinished(() => double.stop());
  return { ...double, open: opener(JSON.stringify(double.kubeconfigFile)) };
}

export interface RecordedObject {
  kind: string;
  metadata: { name: string; namespace?: string; uid: string; ownerReferences?: { uid: string }[] };
  [field: string]: unknown;
}

export function objectsOf(recording: string): RecordedObject[] {
  return JSON.parse(readFileSync(`${recordings}${recording}/objects.json`, 'utf8')).items;
}

export function logOf(recording: string, file: string): string {
  return readFileSync(`${recordings}${recording}/logs/${file}.txt`, 'utf8');
}

/** A copy of a recording that may be changed, gone when the test ends. */
export function changedRecording(
  recording: string,
  change: (objects: RecordedObject[], write: (log: string, text: string) => void) => void,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-recording-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const objects = objectsOf(recording);
  const logs: [string, string][] = [];
  change(objects, (log, text) => logs.push([log, text]));
  writeFileSync(join(folder, 'objects.json'), JSON.stringify({ kind: 'List', apiVersion: 'v1', items: objects }));
  cpSync(`${recordings}${recording}/logs`, join(folder, 'logs'), { recursive: true });
  for (const [log, text] of logs) writeFileSync(join(folder, 'logs', `${log}.txt`), text);
  return folder;
}

/** A TLS server that answers as told, until the test ends; `connections` counts TLS connections. */
export async function serverThat(
  answers: RequestListener,
): Promise<{ open: Open; connections: () => number; url: string; caPem: string }> {
  const identity = makeServerIdentity();
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ key: identity.keyPem, cert: identity.certificatePem }, answers);
  server.on('secureConnection', () => connections++);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    open: opener(kubeconfigFor(url, identity.caPem)),
    connections: () => connections,
    url,
    caPem: identity.caPem,
  };
}

export function kubeconfigFor(server: string, caPem: string, user: object = { token: 'a-token' }): string {
  return JSON.stringify({
    clusters: [
      { name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') } },
    ],
    users: [{ name: 'test', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'shop' } }],
    'current-context': 'test',
  });
}

export function opener(kubeconfig: string): Open {
  return (options = {}) => {
    const cluster = openCluster({ alias: 'test', kubeconfig, ...options });
    onTestFinished(() => cluster.close());
    return cluster;
  };
}
