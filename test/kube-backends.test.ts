// A live reading goes on to the pods behind the Services that a pod speaks of, so that the true root can be named.

import { expect, test } from 'vitest';
import { answer } from '../src/answer.ts';
import { collect } from '../src/kube/collect.ts';
import { changedRecording, type RecordedObject, recordedCluster } from './support/cluster.ts';

const target = { namespace: '', workload: { kind: 'Deployment', name: 'ledger-api' } };

// biome-ignore lint/suspicious/noExplicitAny: recorded objects are changed in depth.
type Loose = RecordedObject & { [field: string]: any };

/** The recording of a refused database, with a pod behind the Service that crash loops over its data. */
function withBrokenDatabase(): string {
  return changedRecording('dependency-refused-postgres', (objects, write) => {
    const api = objects.find((o) => o.kind === 'Pod')!;
    target.namespace = String(api.metadata.namespace);
    const pod = JSON.parse(JSON.stringify(api).replaceAll('containerd://', 'containerd://db')) as Loose;
    pod.metadata = {
      ...pod.metadata,
      name: 'ledger-db-0',
      uid: 'uid-ledger-db-0',
      labels: { 'app.kubernetes.io/name': 'ledger-db' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          name: 'ledger-db',
          uid: uidOf(objects, 'StatefulSet'),
          controller: true,
        },
      ],
    } as never;
    pod.spec.containers[0].name = 'postgres';
    pod.spec.containers[0].env = [
      { name: 'POSTGRES_PASSWORD', valueFrom: { secretKeyRef: { name: 'ledger-db-credentials', key: 'password' } } },
      { name: 'PGDATA', valueFrom: { configMapKeyRef: { name: 'ledger-db-settings', key: 'pgdata' } } },
    ];
    pod.status.containerStatuses[0].name = 'postgres';
    const set = objects.find((o) => o.kind === 'StatefulSet')! as Loose;
    set.spec.replicas = 1;
    const slice = objects.find((o) => o.kind === 'EndpointSlice')!;
    slice.endpoints = [{ addresses: ['10.0.0.9'], conditions: { ready: false } }];
    objects.push(pod);
    for (const run of ['previous', 'current']) {
      write(
        `ledger-db-0.postgres.${run}`,
        'FATAL:  database files are incompatible with server\nDETAIL:  The data directory was initialized by PostgreSQL version 14, which is not compatible with this version 15.4.\n',
      );
    }
  });
}

function uidOf(objects: RecordedObject[], kind: string): string {
  return objects.find((o) => o.kind === kind)?.metadata.uid ?? '';
}

test('the pod behind the refused Service is read, judged and told', async () => {
  const cluster = (await recordedCluster([withBrokenDatabase()])).open();
  const snapshot = await collect(cluster, target);
  const report = answer(snapshot, target, 'x')!;
  expect(report.verdict.cause).toBe('dependency-refused');
  expect(report.root).toMatchObject({
    through: ['ledger-db'],
    cause: 'data-version-incompatible',
    grade: 'confirmed',
    target: { pod: 'ledger-db-0', workload: { kind: 'StatefulSet', name: 'ledger-db' } },
  });
  // What the neighbour names was not read, and so is never called missing.
  expect(snapshot.unread.map((u) => u.at)).toEqual(
    expect.arrayContaining(['ConfigMap/ledger-db-settings', 'Secret/ledger-db-credentials']),
  );
  expect(report.gaps.map((g) => g.what)).not.toContain('ConfigMap ledger-db-settings');
});

test('a Service whose workload is scaled to nothing is told so', async () => {
  const cluster = (await recordedCluster(['dependency-refused-postgres'])).open();
  const snapshot = await collect(cluster, target);
  const told = answer(snapshot, target, 'x')!.context.filter((c) => c.kind === 'dependency');
  expect(told.map((c) => c.text)).toEqual([
    'Service ledger-db has no ready endpoint: StatefulSet ledger-db is scaled to 0',
  ]);
});

test('the pods behind a Service that may not be read are a stated gap', async () => {
  const cluster = (await recordedCluster(['dependency-refused-postgres'])).open();
  const snapshot = await collect(cluster, target);
  snapshot.unread.push({ at: 'PodList/Service/ledger-db', why: 'not permitted (403)' });
  expect(answer(snapshot, target, 'x')!.gaps).toContainEqual({
    what: 'pods behind Service ledger-db',
    why: 'not permitted (403)',
  });
});
