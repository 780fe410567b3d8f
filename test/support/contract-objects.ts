// The objects that the contract of the API server is tried with.
import type { Json } from './cluster-double.ts';

/** A Deployment of no replicas, with changes by dotted path: `{ 'spec.replicas': 'three' }`. */
export function deployment(name: string, changes: { [path: string]: unknown } = {}): Json {
  const containers = [{ name: 'api', image: 'x:1', command: ['sh', '-c', 'a > b & c'] }];
  const template = { metadata: { labels: { app: 'api' } }, spec: { containers } };
  const spec = { replicas: 0, selector: { matchLabels: { app: 'api' } }, template };
  const made: Json = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec };
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.');
    const last = steps.pop()!;
    steps.reduce((here, step) => here[step], made)[last] = value;
  }
  return made;
}

export const first = 'spec.template.spec.containers.0';

export const configMap = (name: string, data: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

export function event(name: string, namespace: string, changes: object = {}): Json {
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name },
    eventTime: '2026-11-21T10:00:00.000000Z',
    reportingController: 'loopbreaker.dev/worker',
    reportingInstance: 'loopbreaker',
    action: 'restart',
    reason: 'Done',
    regarding: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api', namespace },
    note: 'said',
    type: 'Normal',
    ...changes,
  };
}

export const pod = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    schedulerName: 'none',
    automountServiceAccountToken: false,
    containers: ['a', 'b'].map((container) => ({ name: container, image: 'x:1' })),
  },
});
