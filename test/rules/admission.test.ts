// Pods that are refused before they exist, that no node takes, and Jobs that ran out of time.

import { expect, test } from 'vitest';
import { diagnose } from '../../src/core/diagnose.ts';
import { evidenceFrom } from '../../src/core/evidence-from.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Report } from '../../src/core/report.ts';
import { rules } from '../../src/rules/index.ts';
import { verdictOf } from '../support/pod.ts';

/** A ReplicaSet (or Job) that wants pods and gets this event instead. */
function refused(
  reason: string,
  message: string,
  workload: JsonObject = { kind: 'ReplicaSet', spec: { replicas: 2 }, status: {} },
): Report {
  const template = { spec: { containers: [{ name: 'api', image: 'api:1' }] } };
  const spec = { ...(workload.spec as JsonObject), template };
  const evidence = evidenceFrom(
    {
      cluster: 'test',
      now: '2026-07-01T12:00:00Z',
      objects: [
        {
          apiVersion: 'apps/v1',
          metadata: { name: 'api', namespace: 'shop', uid: 'u' },
          ...workload,
          kind: String(workload.kind),
          spec,
        },
        {
          kind: 'Event',
          type: 'Warning',
          reason,
          message,
          metadata: { name: 'e', namespace: 'shop' },
          involvedObject: { kind: workload.kind, name: 'api' },
        },
      ],
      logs: [],
      unread: [],
      templateHashes: {},
    },
    { namespace: 'shop', workload: { kind: String(workload.kind), name: 'api' } },
    'test',
  );
  if (!evidence) throw new Error('no evidence');
  return diagnose(evidence, { rules, propose: () => [] });
}

const FORBIDDEN = 'Error creating: pods "api-1" is forbidden: ';

test.each([
  {
    source: 'quota admission',
    message: `${FORBIDDEN}exceeded quota: team, requested: pods=1, used: pods=10, limited: pods=10`,
    is: 'quota-exceeded',
  },
  {
    source: 'quota admission, nothing stated',
    message: `${FORBIDDEN}failed quota: team: must specify limits.cpu for: api; limits.memory for: api`,
    is: 'quota-exceeded',
  },
  {
    source: 'LimitRanger',
    message: `${FORBIDDEN}[maximum cpu usage per Container is 1, but limit is 2, minimum memory usage per Container is 64Mi, but request is 32Mi]`,
    is: 'quota-exceeded',
  },
  {
    source: 'PodSecurity',
    message: `${FORBIDDEN}violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "api" must set securityContext.allowPrivilegeEscalation=false)`,
    is: 'admission-denied',
  },
  {
    source: 'Gatekeeper',
    message:
      'Error creating: admission webhook "validation.gatekeeper.sh" denied the request: [no-latest] container <api> uses the tag latest',
    is: 'admission-denied',
  },
  {
    source: 'OpenShift SCC',
    message: `${FORBIDDEN}unable to validate against any security context constraint: [spec.containers[0].securityContext.runAsUser: Invalid value: 0]`,
    is: 'admission-denied',
  },
  {
    source: 'ServiceAccount admission',
    message: `${FORBIDDEN}error looking up service account shop/runner: serviceaccount "runner" not found`,
    is: 'service-account-missing',
  },
  {
    source: 'API server',
    message:
      'Error creating: Internal error occurred: failed calling webhook "inject.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": dial tcp 10.96.1.1:443: connect: connection refused',
    is: 'webhook-unavailable',
  },
])('$source: $is', ({ message, is }) => {
  expect(refused('FailedCreate', message).verdict).toMatchObject({ cause: is, grade: 'confirmed' });
});

test('a refusal that is over is not told of a workload that has its pods', () => {
  const report = refused(
    'FailedCreate',
    `${FORBIDDEN}exceeded quota: team, requested: pods=1, used: pods=10, limited: pods=10`,
    { kind: 'ReplicaSet', spec: { replicas: 2 }, status: { readyReplicas: 2 } },
  );
  expect(report.verdict.cause).not.toBe('quota-exceeded');
});

test('a Job that was ended by its deadline says so, though its pod is gone', () => {
  const report = refused('DeadlineExceeded', 'Job was active longer than specified deadline', {
    kind: 'Job',
    spec: { activeDeadlineSeconds: 60 },
    status: {
      conditions: [
        {
          type: 'Failed',
          status: 'True',
          reason: 'DeadlineExceeded',
          message: 'Job was active longer than specified deadline',
        },
      ],
    },
  });
  expect(report.verdict).toMatchObject({ cause: 'job-deadline-exceeded', grade: 'confirmed', container: 'api' });
});

const pending = (message: string) => ({
  waiting: { reason: 'Pending' },
  spec: { nodeName: undefined },
  events: [{ reason: 'FailedScheduling', message }],
});

test.each([
  '0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient cpu. preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, 2 No preemption victims found for incoming pod.',
  '0/5 nodes are available: 5 Insufficient memory.',
  "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
  "0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports.",
  "0/3 nodes are available: 3 node(s) had taint {dedicated: gpu}, that the pod didn't tolerate.",
])('no node: %s', (message) => {
  expect(verdictOf(pending(message))).toBe('unschedulable confirmed');
});

// Look-alike: the scheduler says it, the claim is the cause.
test('a claim that is not bound is not a lack of nodes', () => {
  expect(verdictOf(pending('0/3 nodes are available: 3 pod has unbound immediate PersistentVolumeClaims.'))).toBe(
    'pvc-unbound confirmed',
  );
});
