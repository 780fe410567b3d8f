// Pods as fast-check makes them: every way to be in trouble with any exit, events and words, as a kubelet would report it.

import fc from 'fast-check';
import type { Evidence } from '../../src/core/evidence.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { LogText } from '../../src/core/snapshot.ts';
import { evidenceOf, NAMESPACE, object, type World } from './world.ts';

const LINES = [
  'FATAL config: required environment variable REDIS_ADDR is not set',
  'Error: connect ECONNREFUSED 10.96.0.10:5432',
  'could not translate host name "db" to address: Name or service not known',
  'java.lang.OutOfMemoryError: Java heap space',
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'Segmentation fault (core dumped)',
  'exec /app/server: no such file or directory',
  'exec /app/server: exec format error',
  'bind: address already in use',
  'nginx: [emerg] unknown directive "proxy_pas" in /etc/nginx/nginx.conf:4',
  "PermissionError: [Errno 13] Permission denied: '/data/cache'",
  'OSError: [Errno 28] No space left on device',
  'password authentication failed for user "shop"',
  'x509: certificate has expired or is not yet valid',
  'panic: runtime error: invalid memory address or nil pointer dereference',
  "ModuleNotFoundError: No module named 'requests'",
  'deployments.apps is forbidden: User "system:serviceaccount:billing:app" cannot list resource',
  'received SIGTERM, shutting down',
  'server listening on 0.0.0.0:8080',
  'INFO request served in 3 ms',
  '',
];
const RUNNING: [string, string][] = [
  ['Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500'],
  ['Unhealthy', 'Liveness probe failed: dial tcp 10.244.0.42:8081: connect: connection refused'],
  ['Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 404'],
  ['Killing', 'Container app failed liveness probe, will be restarted'],
  ['Killing', 'Stopping container app'],
  ['BackOff', 'Back-off restarting failed container app in pod app-x_billing(uid)'],
  ['FailedPostStartHook', 'PostStartHook failed'],
];
const STARTING: [string, string][] = [
  ['FailedScheduling', '0/1 nodes are available: 1 Insufficient memory.'],
  ['FailedMount', 'MountVolume.SetUp failed for volume "c" : configmap "app-config" not found'],
  ['FailedCreatePodSandBox', 'plugin type="calico" failed (add): connection refused'],
];
const PULLING: [string, string][] = [
  ['Failed', 'Failed to pull image "app:1": rpc error: code = NotFound desc = app:1: not found'],
  ['Failed', 'Error: ErrImagePull'],
];

const NOW = Date.parse('2026-07-01T12:00:20Z');
const before = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString();

/** Ways to end that the kubelet reports together. */
const ENDS = [
  { exitCode: 0, reason: 'Completed' },
  { exitCode: 1, reason: 'Error' },
  { exitCode: 2, reason: 'Error' },
  { exitCode: 127, reason: 'Error' },
  { exitCode: 134, reason: 'Error' },
  { exitCode: 137, reason: 'Error' },
  { exitCode: 137, reason: 'OOMKilled' },
  { exitCode: 1, reason: 'OOMKilled' },
  { exitCode: 139, reason: 'Error' },
  { exitCode: 143, reason: 'Error' },
  { exitCode: 128, reason: 'StartError', message: 'exec: "/app/server": stat /app/server: no such file or directory' },
  { exitCode: 137, reason: 'ContainerStatusUnknown' },
];

const HOWS = ['looping', 'ended', 'again', 'recovered', 'config', 'image', 'waits', 'not-ready'] as const;
type How = (typeof HOWS)[number];

const WAITING: { [how: string]: JsonObject } = {
  looping: {
    reason: 'CrashLoopBackOff',
    message: 'back-off 40s restarting failed container=app pod=app-x_billing(uid)',
  },
  config: { reason: 'CreateContainerConfigError', message: 'configmap "app-config" not found' },
  image: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "app:1"' },
  waits: { reason: 'ContainerCreating' },
};

function stateOf(how: How, end: JsonObject): JsonObject {
  if (how === 'ended') return { terminated: end };
  if (how === 'again') return { running: { startedAt: before(5) } };
  if (how === 'recovered' || how === 'not-ready') return { running: { startedAt: before(900) } };
  return { waiting: WAITING[how] };
}

const probe = fc.option(
  fc.record({
    httpGet: fc.record({ port: fc.constantFrom(8080, 8081), path: fc.constant('/healthz') }),
    periodSeconds: fc.integer({ min: 1, max: 20 }),
    failureThreshold: fc.integer({ min: 1, max: 5 }),
  }),
  { nil: undefined },
);
const ENV = [
  { name: 'REDIS_HOST', value: 'redis' },
  { name: 'DB', valueFrom: { configMapKeyRef: { name: 'app-config', key: 'db' } } },
];
const CALM = ['starting', 'server listening on 0.0.0.0:8080'];

export const worldAtRandom: fc.Arbitrary<World> = fc
  .record({
    how: fc.constantFrom(...HOWS),
    init: fc.boolean(),
    hook: fc.boolean(),
    end: fc.constantFrom(...ENDS),
    livedSeconds: fc.constantFrom(0, 2, 15, 40, 400),
    restarts: fc.integer({ min: 1, max: 9 }),
    livenessProbe: probe,
    readinessProbe: probe,
    lines: fc.array(fc.constantFrom(...LINES), { maxLength: 8 }),
    running: fc.subarray(RUNNING),
    starting: fc.subarray(STARTING),
    pulling: fc.subarray(PULLING),
    env: fc.subarray(ENV),
    map: fc.boolean(),
    memory: fc.option(fc.constantFrom('64Mi', '1Gi'), { nil: undefined }),
  })
  .map((r) => {
    const ran = ['looping', 'ended', 'again', 'recovered'].includes(r.how);
    const end = { message: '', ...r.end, startedAt: before(30 + r.livedSeconds), finishedAt: before(30) };
    const container = {
      name: 'app',
      image: 'app:1',
      env: r.env,
      ...(r.init ? {} : { livenessProbe: r.livenessProbe, readinessProbe: r.readinessProbe }),
      ...(r.hook && !r.init ? { lifecycle: { postStart: { exec: { command: ['/register.sh'] } } } } : {}),
      ...(r.memory ? { resources: { limits: { memory: r.memory } } } : {}),
    };
    const status = {
      name: 'app',
      state: stateOf(r.how, end),
      lastState: ran ? { terminated: end } : {},
      ready: r.how === 'recovered',
      restartCount: ran ? r.restarts : 0,
    };
    const idle = { name: 'main', ready: false, restartCount: 0, state: { waiting: { reason: 'PodInitializing' } } };
    const pending = r.init || ['config', 'image', 'waits'].includes(r.how);
    const pod = object(
      'Pod',
      'app-x',
      { creationTimestamp: '2026-07-01T11:00:00Z' },
      {
        spec: r.init ? { initContainers: [container], containers: [{ name: 'main' }] } : { containers: [container] },
        status: {
          phase: pending ? 'Pending' : 'Running',
          ...(r.init
            ? { initContainerStatuses: [status], containerStatuses: [idle] }
            : { containerStatuses: [status] }),
        },
      },
    );
    const probe = r.init ? undefined : r.livenessProbe;
    const killedByProbe =
      probe !== undefined &&
      (r.end.reason === 'Error' || r.end.reason === 'Completed') &&
      r.livedSeconds >= probe.periodSeconds * probe.failureThreshold;
    const running = r.running.filter(([reason, message]) => {
      if (reason === 'FailedPostStartHook') return r.hook && !r.init && !killedByProbe;
      if (reason === 'Killing') return killedByProbe || !message.includes('probe');
      return probe !== undefined || !message.startsWith('Liveness');
    });
    const told = { waits: r.starting, image: r.pulling, config: [] }[r.how as string] ?? running;
    const events = told.map(([reason, message], i) =>
      object(
        'Event',
        `e${i}`,
        {},
        {
          type: 'Warning',
          reason,
          message,
          count: i + 1,
          firstTimestamp: before(300),
          lastTimestamp: before(20),
          involvedObject: { kind: 'Pod', name: 'app-x', fieldPath: 'spec.containers{app}' },
        },
      ),
    );
    const map = r.map ? [object('ConfigMap', 'app-config', {}, { data: { host: 'x' } })] : [];
    return { objects: [pod, ...events, ...map], logs: r.end.reason === 'StartError' ? [] : logsOf(r.how, r.lines) };
  });

/** A crash repeats itself; while a container waits or has ended, the present log is that of its last run. */
function logsOf(how: How, lines: string[]): LogText[] {
  const log = (run: LogText['run'], said: string[]): LogText => ({
    pod: 'app-x',
    container: 'app',
    run,
    text: `${said.join('\n')}\n`,
  });
  if (how === 'looping' || how === 'ended') return [log('previous', lines), log('current', lines)];
  if (how === 'again' || how === 'recovered') return [log('previous', lines), log('current', CALM)];
  return how === 'not-ready' ? [log('current', CALM)] : [];
}

export const evidenceAtRandom: fc.Arbitrary<Evidence> = worldAtRandom.map((world) =>
  evidenceOf(world, { namespace: NAMESPACE }),
);
