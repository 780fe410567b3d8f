// Builds the smallest pod that shows one failure and diagnoses it with all rules: what the tests of the rules are
// made of. Everything that a case does not mention is as the API server shows it for a container that crash loops.

import { diagnose } from '../../src/core/diagnose.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import { evidenceFrom } from '../../src/core/evidence-from.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Report } from '../../src/core/report.ts';
import type { KubeObject, Snapshot, UnreadPart } from '../../src/core/snapshot.ts';
import { rules } from '../../src/rules/index.ts';

/** A further container beside "api"; a sidecar is an init container that is always restarted. */
export type OtherContainer = Pick<
  PodCase,
  'log' | 'exit' | 'reason' | 'message' | 'livedSeconds' | 'restarts' | 'waiting' | 'state' | 'ready' | 'container'
> & { name: string; kind?: 'main' | 'init' | 'sidecar' };

export interface PodCase {
  /** What the last ended run printed. */
  log?: string | string[];
  /** How it ended; 1 unless told, or never when `waiting` or `state` says how it is now. */
  exit?: number;
  /** Reason of the ended run: Error, or Completed for exit 0. */
  reason?: string;
  /** Termination message of the ended run. */
  message?: string;
  /** Seconds the ended run lived: 2 unless told. */
  livedSeconds?: number;
  restarts?: number;
  /** The container waits for this reason and never ran: "CreateContainerConfigError". */
  waiting?: { reason: string; message?: string };
  /** The container's present state as the API shows it; CrashLoopBackOff unless told. */
  state?: JsonObject;
  ready?: boolean;
  /** Of the pod; `type` is Warning and `object` this pod unless told. */
  events?: {
    reason: string;
    message: string;
    type?: string;
    count?: number;
    object?: { kind: string; name: string };
  }[];
  /** Fields of the container: command, env, resources, probes … */
  container?: JsonObject;
  /** Containers that stand beside it in the pod. */
  others?: OtherContainer[];
  /** It is an init container, and the main container "main" waits for it. */
  init?: boolean;
  /** Fields of the pod's spec: volumes, enableServiceLinks, restartPolicy … */
  spec?: JsonObject;
  /** Fields of the pod's status: phase, reason, message, conditions … */
  status?: JsonObject;
  /** Other objects of the namespace: ConfigMaps, Secrets, Services, a Node named "node-1" … */
  objects?: (JsonObject & { kind: string; name: string })[];
  /** What could not be read: ConfigMaps and Secrets that `objects` lacks are absent unless named here. */
  unread?: UnreadPart[];
}

const IMAGE = 'registry.example.com/shop/other:1.0';
const NAMESPACE = 'shop';
const POD = 'api-7c4cf845f9-bh4cf';
const FINISHED = '2026-07-01T12:00:00Z';
const NOW = '2026-07-01T12:00:20Z';
const BACK_OFF = {
  reason: 'CrashLoopBackOff',
  message: 'back-off 40s restarting failed container=api pod=api-7c4cf845f9-bh4cf_shop(uid)',
};

/** The whole answer for one small pod; its container is named "api". */
export function diagnosePod(one: PodCase): Report {
  return diagnose(evidenceOfPod(one), { rules, propose: () => [] });
}

export const TARGET_OF_POD = { namespace: NAMESPACE, pod: POD };

export function snapshotOfPod(one: PodCase): Snapshot {
  return {
    cluster: 'test',
    now: NOW,
    objects: [podOf(one), ...(one.events ?? []).map(eventOf), ...(one.objects ?? []).map(objectOf)],
    logs: logsOf(one),
    unread: one.unread ?? [],
    templateHashes: {},
  };
}

export function evidenceOfPod(one: PodCase): Evidence {
  const evidence = evidenceFrom(snapshotOfPod(one), TARGET_OF_POD, 'test');
  if (!evidence) throw new Error('the builder made a pod that cannot be found');
  return evidence;
}

/** The verdict in two words: "env-missing confirmed". */
export function verdictOf(one: PodCase): string {
  const { verdict } = diagnosePod(one);
  return verdict.cause === verdict.grade ? verdict.cause : `${verdict.cause} ${verdict.grade}`;
}

/** A container that was killed because its liveness probe failed: the kubelet's two events. */
export function livenessKill(failure: string): NonNullable<PodCase['events']> {
  return [
    { reason: 'Unhealthy', message: `Liveness probe failed: ${failure}`, count: 3 },
    { reason: 'Killing', message: 'Container api failed liveness probe, will be restarted', type: 'Normal' },
  ];
}

function podOf(one: PodCase): KubeObject {
  const container = { name: 'api', image: 'registry.example.com/shop/api:1.0', ...one.container };
  const others = (one.others ?? []).map((o) => ({
    first: (o.kind ?? 'main') !== 'main',
    spec: { name: o.name, image: IMAGE, ...(o.kind === 'sidecar' ? { restartPolicy: 'Always' } : {}), ...o.container },
    status: containerStatus(o, IMAGE, o.name),
  }));
  const initContainers = others.filter((o) => o.first);
  const containers = others.filter((o) => !o.first);
  const main = { name: 'main', image: 'registry.example.com/shop/main:1.0' };
  const status = containerStatus(one, container.image, 'api');
  const mainStatus = {
    name: 'main',
    restartCount: 0,
    ready: false,
    state: { waiting: { reason: 'PodInitializing' } },
    lastState: {},
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD, namespace: NAMESPACE, uid: 'uid', creationTimestamp: '2026-07-01T11:50:00Z' },
    spec: {
      nodeName: 'node-1',
      restartPolicy: 'Always',
      ...(one.init ? { initContainers: [container], containers: [main] } : { containers: [container] }),
      ...(initContainers.length ? { initContainers: initContainers.map((o) => o.spec) } : {}),
      ...(containers.length ? { containers: [container, ...containers.map((o) => o.spec)] } : {}),
      ...one.spec,
    },
    status: {
      phase: one.init || one.waiting ? 'Pending' : 'Running',
      ...(one.init
        ? { initContainerStatuses: [status], containerStatuses: [mainStatus] }
        : { containerStatuses: [status, ...containers.map((o) => o.status)] }),
      ...(initContainers.length ? { initContainerStatuses: initContainers.map((o) => o.status) } : {}),
      ...one.status,
    },
  };
}

function containerStatus(one: PodCase | OtherContainer, image: string, name: string): JsonObject {
  const ended = one.exit !== undefined || (!one.waiting && !one.state) ? terminated(one) : undefined;
  return {
    name,
    image,
    ready: one.ready ?? false,
    restartCount: one.restarts ?? (ended ? 5 : 0),
    state: one.state ?? { waiting: one.waiting ?? BACK_OFF },
    lastState: ended ? { terminated: ended } : {},
  };
}

function terminated(one: PodCase | OtherContainer): JsonObject {
  const exitCode = one.exit ?? 1;
  const notStarted = one.reason === 'StartError';
  const started = new Date(Date.parse(FINISHED) - (one.livedSeconds ?? 2) * 1000).toISOString();
  return {
    exitCode,
    reason: one.reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
    startedAt: notStarted ? '1970-01-01T00:00:00Z' : started,
    finishedAt: FINISHED,
    ...(one.message === undefined ? {} : { message: one.message }),
  };
}

function eventOf(event: NonNullable<PodCase['events']>[number], i: number): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `event-${i}`, namespace: NAMESPACE },
    type: event.type ?? 'Warning',
    reason: event.reason,
    message: event.message,
    count: event.count ?? 1,
    firstTimestamp: '2026-07-01T11:59:00Z',
    lastTimestamp: FINISHED,
    involvedObject: event.object ?? { kind: 'Pod', name: POD },
  };
}

function objectOf({ name, ...rest }: JsonObject & { kind: string; name: string }): KubeObject {
  return { apiVersion: 'v1', ...rest, metadata: { name, ...(rest.kind === 'Node' ? {} : { namespace: NAMESPACE }) } };
}

function logsOf(one: PodCase) {
  return [{ name: 'api', log: one.log }, ...(one.others ?? [])].flatMap(({ name, log }) => {
    if (log === undefined) return [];
    const text = `${[log].flat().join('\n')}\n`;
    return (['previous', 'current'] as const).map((run) => ({ pod: POD, container: name, run, text }));
  });
}
