// What the burst is made of: pods that crash loop, and the alerts about them, the same in every run.

import type { KubeObject } from '../../src/demo/cluster/kinds.ts';
import type { Store } from '../../src/demo/cluster/store.ts';

export interface Size {
  pods: number;
  workloads: number;
  /** No multiple of 7,919. */
  alerts: number;
  /** Of the alerts. */
  resolved: number;
  namespaces: number;
}

export const BURST: Size = { pods: 2_000, workloads: 300, alerts: 10_000, resolved: 1_500, namespaces: 10 };
const GROUP = 10;

/** The letters of which Kubernetes makes suffixes. */
const SAFE = 'bcdfghjklmnpqrstvwxz2456789';
const suffix = (number: number, length: number): string =>
  Array.from({ length }, (_, i) => SAFE[Math.floor(number / SAFE.length ** i) % SAFE.length]).join('');

function podOf(index: number, { workloads, namespaces }: Size) {
  const workload = index % workloads;
  const hash = suffix(workload + 7_777_777, 10);
  const deployment = `app-${workload}`;
  return {
    namespace: `burst-${workload % namespaces}`,
    name: `${deployment}-${hash}-${suffix(index + 777_777, 5)}`,
    deployment,
    hash,
  };
}

const IMAGE = 'registry.example.com/app:1.4.2';
const SPEC = { restartPolicy: 'Always', containers: [{ name: 'main', image: IMAGE }] };

/** Pods in back-off, owned by the ReplicaSets of Deployments `app-0`, `app-1` … in namespaces `burst-0`, `burst-1` … */
export function fillCluster(store: Store, size = BURST): void {
  const madeAt = new Date(Date.now() - 3_600_000).toISOString();
  const meta = (name: string, uid: string) => ({ name, uid, creationTimestamp: madeAt, resourceVersion: '1' });
  const load = (resource: Parameters<Store['load']>[0], object: object): void =>
    store.load(resource, { apiVersion: 'v1', ...object } as KubeObject);
  for (const name of ['kube-system', ...Array.from({ length: size.namespaces }, (_, i) => `burst-${i}`)])
    load('namespaces', { kind: 'Namespace', metadata: meta(name, `namespace-${name}`) });
  for (let i = 0; i < size.workloads; i++) {
    const { namespace, deployment, hash } = podOf(i, size);
    const labels = { app: deployment };
    const above = (kind: string, name: string, uid: string) => ({
      ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid, controller: true }],
    });
    const own = { replicas: 7, selector: { matchLabels: labels } };
    load('deployments.apps', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...meta(deployment, `deployment-${i}`), namespace, labels },
      spec: { ...own, template: { metadata: { labels }, spec: SPEC } },
      status: { replicas: 7, readyReplicas: 0 },
    });
    load('replicasets.apps', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        ...meta(`${deployment}-${hash}`, `set-${hash}`),
        namespace,
        labels: { ...labels, 'pod-template-hash': hash },
        ...above('Deployment', deployment, `deployment-${i}`),
      },
      spec: { ...own, template: { metadata: { labels }, spec: SPEC } },
      status: { replicas: 7, readyReplicas: 0 },
    });
  }
  const ended = {
    exitCode: 1,
    reason: 'Error',
    startedAt: madeAt,
    finishedAt: new Date(Date.now() - 60_000).toISOString(),
  };
  const message = 'back-off 5m0s restarting failed container=main';
  for (let i = 0; i < size.pods; i++) {
    const { namespace, name, deployment, hash } = podOf(i, size);
    load('pods', {
      kind: 'Pod',
      metadata: {
        ...meta(name, `pod-${i}`),
        namespace,
        labels: { app: deployment, 'pod-template-hash': hash },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'ReplicaSet',
            name: `${deployment}-${hash}`,
            uid: `set-${hash}`,
            controller: true,
          },
        ],
      },
      spec: { nodeName: 'worker-01', ...SPEC },
      status: {
        phase: 'Running',
        startTime: madeAt,
        containerStatuses: [
          {
            name: 'main',
            image: IMAGE,
            ready: false,
            restartCount: 9,
            state: { waiting: { reason: 'CrashLoopBackOff', message } },
            lastState: { terminated: ended },
          },
        ],
      },
    });
  }
}

/** Bodies of Alertmanager: every pod fires, most are repeated, some resolve, in a fixed disorder. */
export function groupsOf(size = BURST): string[] {
  const alerts = Array.from({ length: size.alerts }, (_, i) => alertOf(i, size));
  // A linear congruence visits each once: firing ones, repeats and resolved ones of many pods stand side by side.
  const mixed = alerts.map((_, i) => alerts[(i * 7_919 + 13) % size.alerts]);
  const groups: string[] = [];
  for (let i = 0; i < mixed.length; i += GROUP)
    groups.push(
      JSON.stringify({ version: '4', status: 'firing', receiver: 'loopbreaker', alerts: mixed.slice(i, i + GROUP) }),
    );
  return groups;
}

function alertOf(i: number, size: Size) {
  const { namespace, name } = podOf(i % size.pods, size);
  const resolved = i >= size.alerts - size.resolved;
  const labels = { alertname: 'KubePodCrashLooping', severity: 'warning', namespace, pod: name, container: 'main' };
  const summary = 'Pod is crash looping.';
  return {
    status: resolved ? 'resolved' : 'firing',
    labels: { ...labels, job: 'kube-state-metrics', reason: 'CrashLoopBackOff', prometheus: 'monitoring/k8s' },
    annotations: { summary, description: `Pod ${namespace}/${name} (main) is in waiting state.` },
    startsAt: '2026-11-21T02:30:00Z',
    endsAt: resolved ? '2026-11-21T02:45:00Z' : '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus:9090/graph',
    fingerprint: (0x1000_0000 + (i % size.pods)).toString(16),
  };
}
