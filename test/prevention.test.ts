// What would have prevented it, as printed for real cases: the advice of operators' guides, cause by cause, in sentences
// that name what was found in this very pod.

import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answer } from '../src/answer.ts';
import { readRecording } from '../src/cli/recording.ts';
import { CAUSE_IDS, type CauseId } from '../src/core/cause.ts';
import { diagnose } from '../src/core/diagnose.ts';
import { fill } from '../src/core/fill.ts';
import type { Report } from '../src/core/report.ts';
import { rules } from '../src/rules/index.ts';
import { RECORDINGS, recordingDirs, score } from './support/recordings.ts';
import { allSaid } from './support/said.ts';

const ofRecordings = recordingDirs().map((dir) => ({ name: score(dir).truth.id, report: score(dir).report }));
const ofWords = allSaid().map(({ who, evidence }) => ({
  name: who,
  report: diagnose(evidence, { rules, propose: () => [] }),
}));
const all = [...ofRecordings, ...ofWords].map((one) => ({ ...one, text: one.report.prevention.join(' ') }));

/** What guides advise, and the words that carry it where a pod of that cause is diagnosed. */
const ADVICE: { [advice: string]: { [cause in CauseId]?: string } } = {
  'read the words of the run before': {
    unknown: 'FallbackToLogsOnError',
    'none-recovered': 'Keep the last words',
    'init-script-failed': 'say what it waits for',
    'lifecycle-hook-failed': 'log to /proc/1/fd/1',
    'terminated-by-signal': 'log the SIGTERM it gets',
  },
  'retry at the start instead of ending': {
    'dependency-refused': 'retry its first connection to ledger-db',
    'dependency-timeout': 'let it retry at its start',
    'init-container-waiting': 'let the program itself retry',
  },
  'wait with an end and with words': { 'init-container-waiting': 'an end and a message' },
  'a startupProbe for what starts slowly': {
    'probe-too-early': 'a startupProbe',
    'sidecar-not-ready': 'a native sidecar with a startupProbe',
  },
  'liveness for the process, readiness for what stands behind it': {
    'probe-endpoint-failing': 'ask for dependencies in the readiness probe',
    'dependency-refused': 'in the readiness probe, not in the liveness probe',
    'probe-timeout': 'without database or disk',
  },
  'probe timeouts from measured answers': { 'probe-timeout': 'above the slowest healthy answer instead of 1 s' },
  'named ports in probes': { 'probe-wrong-port': 'the name of a declared port instead of the number 8081' },
  'probe paths and rights tested with the image': {
    'probe-wrong-path': '/health/live answers 200',
    'probe-auth-required': 'without credentials',
    'probe-command-broken': 'Run curl once in the image',
    'probe-wrong-scheme': 'in the same commit that turns TLS on or off',
  },
  'rollouts that stop by themselves': { 'readiness-probe-failing': 'progressDeadlineSeconds' },
  'bind all addresses': { 'listens-on-localhost': '127.0.0.1 fails there' },
  'keys and references checked in continuous integration': {
    'env-missing': 'AVATAR_BUCKET would have been found before the rollout',
    'config-key-missing': 'every key the templates ask for exists',
    'configmap-missing': 'every reference of the rendered manifests',
    'secret-missing': 'every reference of the rendered manifests',
    'config-value-invalid': 'the same code that reads them',
    'config-malformed': 'check its own configuration in continuous integration',
    'image-name-invalid': 'after templates are rendered',
    'admission-denied': 'the same policies in the pipeline',
  },
  'optional only what is optional': {
    'env-missing': 'Avoid `optional: true`',
    'config-key-missing': 'Do not mark a reference `optional`',
  },
  'a changed ConfigMap is a rollout': { 'config-malformed': 'a checksum annotation' },
  'a changed Secret is a rollout, rotated on both sides': {
    'dependency-auth-failed': 'restart dunning with every change of the Secret dunning-app (a checksum annotation',
  },
  'pull secrets by ServiceAccount, renewed in time': { 'image-pull-denied': 'to the ServiceAccount' },
  'limits sized for the start': {
    'oom-killed': 'measured peak at start-up, not from its average: 160Mi was not enough',
    'cpu-starvation': 'start-up needs several times',
  },
  'a heap below the limit': { 'heap-exhausted': 'leave a quarter of the limit outside it' },
  'alerts before the limit': {
    'oom-killed': 'Alert at 90 %',
    'quota-exceeded': 'Alert when team-quota of the namespace is 80 % used',
    'disk-full': 'Alert when /scratch is 80 % full',
    'job-deadline-exceeded': 'alert before it is reached',
  },
  'requests near the real use': {
    evicted: 'so that memory is reserved for it',
    unschedulable: 'compare requests, tolerations and selectors',
  },
  'sizes for what is written': {
    evicted: 'a sizeLimit that holds what is written',
    'disk-full': '16Mi was not enough',
  },
  'a PodDisruptionBudget and more than one replica': {
    evicted: 'a PodDisruptionBudget, which a drain respects',
    'node-not-ready': 'topologySpreadConstraints',
  },
  'PriorityClass and tolerations by weight': { evicted: 'a PriorityClass as high as its weight' },
  'defaults of LimitRange and quota known in the pipeline': {
    'quota-exceeded': 'against the LimitRange in the pipeline: 1Gi of memory would have been refused',
  },
  'time to end, and backups that were restored once': { 'data-corrupted': 'terminationGracePeriodSeconds' },
  'entrypoints started once before the rollout': {
    'command-not-found': '/app/bin/orders-server would have been missed',
    'command-not-executable': 'COPY --chmod',
    'interpreter-missing': 'started once before the rollout',
    'flag-unknown': 'would have been refused there',
    'module-missing': 'rapidfuzz is missing only there',
    'library-missing': '`ldd` in the final image',
    'application-error': 'with real configuration and data before it is released',
    'entrypoint-completes': 'once for a minute before the rollout',
    'segmentation-fault': 'on the node type it will run on',
    aborted: 'assertions and sanitizers',
    'file-missing': 'what brings /etc/log-shipper/outputs.conf there',
    'mount-hides-files': 'single files by subPath',
  },
  'batch work as a Job': { 'entrypoint-completes': 'as a Job or CronJob', 'migration-failed': 'as a Job' },
  'LF line ends': { 'interpreter-missing': 'eol=lf' },
  'images for every architecture': {
    'exec-format-error': 'docker buildx --platform), amd64 included',
    'illegal-instruction': 'Label nodes by instruction set',
  },
  'digests and pinned versions': {
    'image-not-found': 'resolve registry.example.com/shop/storefront:v3.99.0 to its digest',
    'data-version-incompatible': 'Pin the major version',
    'version-incompatible': 'Pin versions that belong together',
  },
  'a mirror of images': {
    'image-pull-rate-limited': 'IfNotPresent',
    'image-registry-unreachable': 'a mirror near the cluster',
  },
  'names resolved in the target cluster before the rollout': {
    'dependency-dns-not-found': 'every host contacts-api is given resolves in the target cluster',
  },
  'network policies that are tested': {
    'dependency-timeout': 'the network policies of',
    'apiserver-unreachable': 'Exempt the API server in default-deny network policies',
  },
  'pools that fit the server': { 'dependency-connections-exhausted': 'replicas × pool size' },
  'migrations once, before the rollout': { 'migration-failed': 'never from every replica at start' },
  'Jobs that are still there when they are asked for': { 'dependency-job-missing': 'ttlSecondsAfterFinished' },
  'leases that live through a slow API': { 'leader-election-lost': 'a longer leaseDuration' },
  'service links off': { 'service-link-env-collision': 'enableServiceLinks: false' },
  'certificates renewed and watched': {
    'certificate-expired': 'cert-manager',
    'tls-verification-failed': 'Ship the CA bundle',
    'licence-invalid': 'Alert some weeks before',
  },
  'users, groups and capabilities as the cluster has them': {
    'volume-permission-denied': 'runAsUser, runAsGroup and fsGroup together',
    'file-permission-denied': 'as the user that the cluster will use',
    'filesystem-read-only': 'an emptyDir for every directory it writes',
    'run-as-non-root-violation': 'a numeric USER line',
    'run-as-user-unknown': 'runAsUser from the image',
    'capability-missing': 'Drop ALL and add back by name',
    'privileged-port-denied': 'listen above 1024',
    'security-profile-blocked': 'Record a profile',
  },
  'rights shipped with the program': {
    'rbac-forbidden': 'kubectl auth can-i',
    'service-account-missing': 'in the same release',
    'cloud-credentials-missing': 'its cloud role together',
    'crd-missing': 'Install definitions and controller together',
  },
  'volumes that fit the update': {
    'volume-attach-failed': 'Recreate',
    'data-dir-locked': 'Recreate',
    'data-dir-not-empty': 'subPath',
    'pvc-unbound': 'the storage class of archive-data exists',
    'volume-mount-failed': 'DirectoryOrCreate',
    'cluster-member-stale': 'members leave before their volumes',
  },
  'nodes prepared and watched': {
    'kernel-setting-too-low': 'where nodes are made',
    'sysctl-denied': 'net.core.somaxconn was refused',
    'node-prerequisite-missing': 'Label the nodes that have it',
    'container-runtime-fault': 'PLEG is not healthy',
    'cni-failure': 'Alert on nodes whose CNI pod is not ready',
    'coredns-forward-loop': 'resolvConf',
    'gpu-memory-exhausted': 'peak of accelerator memory',
    'os-limit-exhausted': 'a line that only rises is a leak',
  },
  'ports declared': { 'port-in-use': 'Declare every port' },
  'webhooks that survive a node': { 'webhook-unavailable': 'several replicas' },
};

describe.each(Object.entries(ADVICE))('%s', (_advice, causes) => {
  test.each(Object.entries(causes))('is told where the cause is %s', (cause, words) => {
    const told = all.filter(({ report }) => report.verdict.cause === cause).map(({ text }) => text);
    expect(told.filter((text) => text.includes(words ?? '')).length, [...new Set(told)].join('\n')).toBeGreaterThan(0);
  });
});

test('every cause that can be prevented is among the advice', () => {
  const advised = Object.values(ADVICE).flatMap((causes) => Object.keys(causes));
  expect(CAUSE_IDS.filter((id) => id !== 'none' && !advised.includes(id))).toEqual([]);
});

test.each(all.filter(({ report }) => report.verdict.cause !== 'none'))('it is one sentence or two: $name', ({
  text,
}) => {
  const sentences = text.split(/(?<=\.) (?=[A-Z])/);
  expect(sentences.length).toBeLessThanOrEqual(2);
  for (const sentence of sentences) expect(sentence).toMatch(/^\S.{19,}\.$/);
  expect(text).not.toMatch(/[{}|]| {2}| ,|undefined/);
});

test('a new image that fails by itself should have stopped its own rollout', () => {
  const recording = readRecording(join(RECORDINGS, 'bad-rollout-image'));
  const trace = "TypeError: Cannot read properties of undefined (reading 'id')\n    at start (/app/server.js:14:9)";
  const logs = recording.logs.map((log) => ({ ...log, text: trace }));
  const report = answer({ ...recording, logs }, {}, 'test');
  expect(report?.verdict.cause).toBe('application-error');
  expect(report?.prevention.join()).toContain('Let Deployment profile-api stop by itself at the first pod');
});

test('nobody is asked to log a signal that ends a program at once', () => {
  const killed = all.filter(({ report }) => report.causes[0]?.detail.signal === 'SIGKILL');
  expect(killed.length).toBeGreaterThan(0);
  for (const { text } of killed) expect(text).not.toContain('SIGKILL');
});

test('a healthy pod is given no advice', () => {
  for (const { report, text } of all.filter((one) => one.report.verdict.cause === 'none')) {
    expect(text, report.source).toBe('');
  }
});

test('even where no name is known a whole sentence is left', () => {
  for (const { id, doc } of rules) if (id !== 'none') expect(fill(doc.prevention, {}), id).toMatch(/^[A-Z].{19,}\.$/);
});

/** Everything in the answer that is only this pod's: names and numbers of the finding, and what stands above it. */
function namesOf({ causes, target, verdict }: Report): string[] {
  const { container: _, ...detail } = causes[0]?.detail ?? {};
  return [...Object.values(detail), verdict.container, target.workload.name, target.namespace].filter(Boolean);
}

test.each(ofRecordings.filter(({ report }) => !report.verdict.cause.startsWith('none')))('it fits this pod: $name', ({
  report,
}) => {
  const text = report.prevention.join(' ');
  expect(
    namesOf(report).some((name) => text.includes(name)),
    text,
  ).toBe(true);
});
