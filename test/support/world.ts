// Builds small namespaces of several workloads, for what a pod's own status cannot show: revisions, neighbours, Services
// and the pods behind them. Everything that a case does not mention is as the API server shows it.

import { diagnose } from '../../src/core/diagnose.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import { evidenceFrom } from '../../src/core/evidence-from.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Report } from '../../src/core/report.ts';
import type { KubeObject, LogText, Snapshot, Target, UnreadPart } from '../../src/core/snapshot.ts';
import { rules } from '../../src/rules/index.ts';

export const NAMESPACE = 'billing';
export const NOW = '2026-07-01T12:00:20Z';

export interface World {
  objects: KubeObject[];
  logs?: LogText[];
  unread?: UnreadPart[];
  now?: string;
}

export function snapshotOf({ objects, logs = [], unread = [], now = NOW }: World): Snapshot {
  return { cluster: 'test', now, objects, logs, unread, templateHashes: {} };
}

export function evidenceOf(world: World, target: Target = {}): Evidence {
  const evidence = evidenceFrom(snapshotOf(world), target, 'test');
  if (!evidence) throw new Error('the world holds no such target');
  return evidence;
}

export function diagnoseWorld(world: World, target: Target = {}): Report {
  return diagnose(evidenceOf(world, target), { rules, propose: () => [] });
}

/** `at` are fields of metadata beside the name: labels, ownerReferences, creationTimestamp … */
export function object(kind: string, name: string, at: JsonObject = {}, fields: JsonObject = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: NAMESPACE, uid: `uid-${kind}-${name}`, ...at },
    ...fields,
  };
}

export function owner(kind: string, name: string): JsonObject {
  return { ownerReferences: [{ kind, name, uid: `uid-${kind}-${name}`, controller: true }] };
}

export interface PodShape {
  at?: JsonObject;
  spec?: JsonObject;
  container?: JsonObject;
  /** Seconds the last run lived, its exit code, and how often it was started again. */
  crash?: { livedSeconds?: number; exit?: number; reason?: string; restarts?: number };
}

/** A pod whose container "app" crash loops, or is well when no `crash` is given. */
export function pod(name: string, { at = {}, spec = {}, container = {}, crash }: PodShape = {}): KubeObject {
  const finishedAt = '2026-07-01T12:00:00Z';
  const started = new Date(Date.parse(finishedAt) - (crash?.livedSeconds ?? 2) * 1000).toISOString();
  const status = crash
    ? {
        ready: false,
        restartCount: crash.restarts ?? 5,
        state: {
          waiting: {
            reason: 'CrashLoopBackOff',
            message: `back-off 40s restarting failed container=app pod=${name}_${NAMESPACE}(uid)`,
          },
        },
        lastState: {
          terminated: { exitCode: crash.exit ?? 1, reason: crash.reason ?? 'Error', startedAt: started, finishedAt },
        },
      }
    : { ready: true, restartCount: 0, state: { running: { startedAt: '2026-07-01T11:50:02Z' } }, lastState: {} };
  return object(
    'Pod',
    name,
    { creationTimestamp: '2026-07-01T11:50:00Z', ...at },
    {
      spec: {
        nodeName: 'node-1',
        restartPolicy: 'Always',
        containers: [{ name: 'app', image: 'registry.example.com/app:1', ...container }],
        ...spec,
      },
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: crash ? 'False' : 'True' }],
        containerStatuses: [{ name: 'app', ...status }],
      },
    },
  );
}

/** What the last run of a pod's container printed. */
export function said(podName: string, ...lines: string[]): LogText[] {
  const text = `${lines.join('\n')}\n`;
  return (['previous', 'current'] as const).map((run) => ({ pod: podName, container: 'app', run, text }));
}

/** A Service with its endpoints: the pods named, with whether they are ready. */
export function service(
  name: string,
  endpoints: { [pod: string]: boolean } = {},
  { port = 5432, ...spec }: JsonObject & { port?: number } = {},
): KubeObject[] {
  const slice = object(
    'EndpointSlice',
    `${name}-x1`,
    { labels: { 'kubernetes.io/service-name': name } },
    {
      endpoints: Object.entries(endpoints).map(([_, ready], i) => ({
        addresses: [`10.0.0.${i + 1}`],
        conditions: { ready },
      })),
    },
  );
  const ports = [{ port, targetPort: port }];
  return [
    object('Service', name, {}, { spec: { clusterIP: '10.96.0.10', selector: { app: name }, ports, ...spec } }),
    slice,
  ];
}

/** A Deployment and its ReplicaSets, oldest first, each with its template and ready pods. */
export function rollout(
  name: string,
  revisions: { container?: JsonObject; spec?: JsonObject; ready?: number; metadata?: JsonObject; madeAt?: string }[],
  at: JsonObject = {},
): KubeObject[] {
  const template = (r: (typeof revisions)[number]): JsonObject => ({
    metadata: { labels: { app: name }, ...r.metadata },
    spec: { containers: [{ name: 'app', image: 'registry.example.com/app:1', ...r.container }], ...r.spec },
  });
  const sets = revisions.map((r, i) =>
    object(
      'ReplicaSet',
      `${name}-rs${i + 1}`,
      {
        ...owner('Deployment', name),
        annotations: { 'deployment.kubernetes.io/revision': String(i + 1) },
        creationTimestamp: r.madeAt ?? `2026-07-01T11:${40 + i}:00Z`,
      },
      { spec: { template: template(r) }, status: { readyReplicas: r.ready ?? 0 } },
    ),
  );
  const newest = revisions.at(-1) ?? {};
  return [object('Deployment', name, at, { spec: { replicas: 2, template: template(newest) }, status: {} }), ...sets];
}

/** Labels and owner of a pod of revision `n` of a rollout. */
export function ofRevision(name: string, n: number): JsonObject {
  return { labels: { app: name, 'pod-template-hash': `rs${n}` }, ...owner('ReplicaSet', `${name}-rs${n}`) };
}
