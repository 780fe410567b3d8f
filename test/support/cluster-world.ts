// A cluster double with one recording for a test file about its world, and what such tests look at.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { Cluster } from '../../src/demo/cluster/cluster.ts';
import { type Caller, caller, type Json, jsonPatch, recordingDir, startDouble, strategic } from './cluster-double.ts';

export let cluster: Cluster;
export let admin: Caller;

export async function start(recording: string, clockSpeed = 100): Promise<void> {
  cluster = await startDouble([recording], { clockSpeed });
  admin = caller(cluster, cluster.tokens.admin!);
}
afterEach(async () => {
  admin.close();
  await cluster.stop();
});

export const read = async (path: string): Promise<Json> => (await admin('GET', path)).json;
export const podsIn = async (namespace: string): Promise<Json[]> =>
  (await read(`/api/v1/namespaces/${namespace}/pods`)).items;
export const living = (pods: Json[]): Json[] => pods.filter((p) => !p.metadata.deletionTimestamp);
export const statusOf = (pod: Json, container: string): Json =>
  [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])].find(
    (s: Json) => s.name === container,
  );
export const isReady = (pod: Json): boolean =>
  (pod.status.conditions ?? []).some((c: Json) => c.type === 'Ready' && c.status === 'True');
export const events = async (namespace: string): Promise<Json[]> =>
  (await read(`/api/v1/namespaces/${namespace}/events`)).items;
export const recorded = (recording: string): Json[] =>
  JSON.parse(readFileSync(join(recordingDir(recording), 'objects.json'), 'utf8')).items;

export type Workload = { recording: string; namespace: string; workload: string; container: string };
export const path = ({ namespace, workload }: Workload): string => `/apis/apps/v1/namespaces/${namespace}/${workload}`;
export const withContainer = (name: string, fields: object) => ({
  spec: { template: { spec: { containers: [{ name, ...fields }] } } },
});
export const restartedAt = {
  spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-21T10:00:00Z' } } } },
};
export const limit = (container: string, memory: string) =>
  withContainer(container, { resources: { limits: { memory } } });

export async function change(w: Workload, patch: unknown): Promise<void> {
  const reply = await admin('PATCH', path(w), patch, Array.isArray(patch) ? jsonPatch : strategic);
  expect([reply.status, reply.json.message]).toEqual([200, undefined]);
}

export const w = (recording: string, namespace: string, workload: string, container: string): Workload => ({
  recording,
  namespace,
  workload,
  container,
});
export const avatars = w('bad-rollout-env-removed', 'users-avatars', 'deployments/avatars', 'avatars');
export const embedding = w('oom-startup-python', 'ml-embeddings', 'deployments/embedding-api', 'embedding-api');
export const cart = w('liveness-wrong-port', 'shop-cart', 'deployments/cart-api', 'cart-api');
