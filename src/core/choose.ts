// Chooses what to diagnose in a snapshot: the named pod or workload, or else the most broken one.

import { at, number, objects, text } from './json.ts';
import { type Look, nameOf, namespaceOf, ownerChain, ownerOf } from './normalise/look.ts';
import type { KubeObject, Target } from './snapshot.ts';

/** The pod to look at, or the workload when it has none; undefined when the snapshot holds neither. */
export interface Choice {
  pod: KubeObject | undefined;
  workload: KubeObject | undefined;
}

const WORKLOADS = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'CronJob',
  'Job',
  'Rollout',
  'DeploymentConfig',
  'ReplicaSet',
  'ReplicationController',
];

export function choose(look: Look, asked: Target): Choice | undefined {
  const target = meant(asked, look.snapshot.about);
  const pods = look.all('Pod', target.namespace);
  if (target.pod !== undefined) {
    const pod = pods.find((p) => nameOf(p) === target.pod);
    if (pod) return { pod, workload: topmost(look, pod) };
    // People name what they deployed: a name that is no pod's may be a workload's.
    const kind = WORKLOADS.find((one) => look.find(one, target.pod ?? '', target.namespace));
    return kind ? choose(look, { namespace: target.namespace, workload: { kind, name: target.pod } }) : undefined;
  }
  if (target.workload) {
    const workload = look.find(target.workload.kind, target.workload.name, target.namespace);
    const own = pods.filter((p) =>
      ownerChain(look, p).some((o) => o.kind === target.workload?.kind && o.name === target.workload?.name),
    );
    const pod = mostBroken(own);
    return workload || pod ? { pod, workload: workload ?? (pod && topmost(look, pod)) } : undefined;
  }
  const present = pods.filter((p) => !isMadeGood(look, p));
  const pod = mostBroken(present.length ? present : pods, (p) => troubleTold(look, p));
  const podless = workloadWithoutPods(look, target.namespace);
  if (podless && (!pod || Math.max(brokenness(pod), troubleTold(look, pod)) < PODLESS))
    return { pod: undefined, workload: podless };
  if (pod) return { pod, workload: topmost(look, pod) };
  const any = WORKLOADS.flatMap((kind) => look.all(kind, target.namespace))[0];
  return any ? { pod: undefined, workload: any } : undefined;
}

/** A Job's pod that failed before another one did the work, or before a later Job of the same CronJob did. */
function isMadeGood(look: Look, pod: KubeObject): boolean {
  const [job, cron] = ownerChain(look, pod);
  if (at(pod, 'status', 'phase') !== 'Failed' || job?.kind !== 'Job' || !job.object) return false;
  const born = created(job.object);
  return look.all('Job', namespaceOf(pod) || undefined).some((other) => {
    const later = cron?.kind === 'CronJob' && ownerOf(other)?.name === cron.name && created(other) > born;
    return (other === job.object || later) && isComplete(other);
  });
}

function isComplete(job: KubeObject): boolean {
  return objects(at(job, 'status', 'conditions')).some((c) => c.type === 'Complete' && c.status === 'True');
}

/** Without a name, what the snapshot was read for. */
function meant(asked: Target, about: Target | undefined): Target {
  const named = asked.pod !== undefined || asked.workload !== undefined;
  const elsewhere = asked.namespace !== undefined && asked.namespace !== about?.namespace;
  return named || elsewhere || !about ? asked : { ...about, ...asked };
}

/** The topmost workload that the snapshot holds: an operator's own object above it is who manages it. */
export function topmost(look: Look, pod: KubeObject): KubeObject | undefined {
  const held = ownerChain(look, pod)
    .map((o) => o.object)
    .filter((o): o is KubeObject => o !== undefined);
  return held.findLast((o) => WORKLOADS.includes(o.kind)) ?? held.at(-1);
}

/** `told` adds what a pod's status does not show. */
export function mostBroken(pods: KubeObject[], told: (pod: KubeObject) => number = () => 0): KubeObject | undefined {
  const newestFirst = [...pods].sort(
    (a, b) => created(b).localeCompare(created(a)) || nameOf(a).localeCompare(nameOf(b)),
  );
  let worst: KubeObject | undefined;
  let weight = -1;
  for (const pod of newestFirst) {
    const own = Math.max(brokenness(pod), told(pod));
    if (own > weight) [worst, weight] = [pod, own];
  }
  return worst;
}

function created(object: KubeObject): string {
  return text(object.metadata.creationTimestamp) ?? '';
}

/** Between a pod that never came to be and one that is merely not ready. */
const PODLESS = 60;

const WAITING_WEIGHT: { [reason: string]: number } = {
  CrashLoopBackOff: 100,
  RunContainerError: 95,
  StartError: 95,
  CreateContainerError: 95,
  CreateContainerConfigError: 95,
  ImagePullBackOff: 90,
  ErrImagePull: 90,
  ErrImageNeverPull: 90,
  InvalidImageName: 90,
  ImageInspectError: 90,
};

const ENDED = 98;

/** How much a pod asks for attention, 0 (healthy) to 100 (crash looping). */
export function brokenness(pod: KubeObject): number {
  const statuses = objects(at(pod, 'status', 'initContainerStatuses')).concat(
    objects(at(pod, 'status', 'containerStatuses')),
  );
  const worst = Math.max(0, ...statuses.map(containerWeight));
  const phase = text(at(pod, 'status', 'phase'));
  // What is being removed ends as it is told to.
  if (pod.metadata.deletionTimestamp !== undefined && worst === ENDED) return 30;
  if (worst >= 90) return worst;
  if (text(at(pod, 'status', 'reason')) === 'Evicted') return 80;
  if (phase === 'Failed') return 75;
  if (phase === 'Pending') return Math.max(worst, 70);
  return worst;
}

const EVENT_WEIGHT: { [reason: string]: number } = {
  BackOff: 90,
  Failed: 90,
  InspectFailed: 90,
  ErrImageNeverPull: 90,
  Evicted: 80,
  FailedCreatePodSandBox: 72,
  FailedAttachVolume: 72,
  FailedMount: 71,
  FailedScheduling: 71,
  Unhealthy: 50,
};

/** Of a pod that only its events tell of: how much these ask for attention. */
function troubleTold(look: Look, pod: KubeObject): number {
  if (objects(at(pod, 'status', 'containerStatuses')).length > 0 || at(pod, 'status', 'phase') !== undefined) return 0;
  const own = look
    .all('Event', namespaceOf(pod) || undefined)
    .filter((e) => text(at(e, 'involvedObject', 'name')) === nameOf(pod));
  const weights = own.map((e) => {
    const reason = text(e.reason) ?? '';
    const kill = reason === 'Killing' && /probe/.test(text(e.message) ?? '');
    return kill ? 95 : (EVENT_WEIGHT[reason] ?? (e.type === 'Warning' ? 40 : 0));
  });
  return Math.max(0, ...weights);
}

function containerWeight(status: { [key: string]: unknown }): number {
  const waiting = text(at(status, 'state', 'waiting', 'reason'));
  if (waiting !== undefined) return WAITING_WEIGHT[waiting] ?? 0;
  const exit = number(at(status, 'state', 'terminated', 'exitCode'));
  if (exit !== undefined && exit !== 0) return ENDED;
  const restarts = number(status.restartCount) ?? 0;
  if (status.ready === false && restarts > 0) return 97;
  if (restarts > 1) return 65;
  if (status.ready === false && exit === undefined) return 50;
  return restarts > 0 ? 20 : 0;
}

/** A workload that should have pods and has none: quota, admission, a missing ServiceAccount, a finished deadline. */
function workloadWithoutPods(look: Look, namespace: string | undefined): KubeObject | undefined {
  const owned = new Set<string>();
  for (const pod of look.all('Pod', namespace)) for (const o of ownerChain(look, pod)) owned.add(`${o.kind}/${o.name}`);
  for (const job of look.all('Job', namespace)) {
    const owner = ownerOf(job);
    if (owner) owned.add(`${owner.kind}/${owner.name}`);
  }
  return WORKLOADS.flatMap((kind) => look.all(kind, namespace)).find((w) => {
    const owner = ownerOf(w);
    if (owned.has(`${w.kind}/${nameOf(w)}`) || (owner && look.find(owner.kind, owner.name))) return false;
    return wantsPods(w) || troubled(look, w);
  });
}

function wantsPods(workload: KubeObject): boolean {
  if (workload.kind === 'CronJob') return false;
  if (workload.kind === 'Job')
    return objects(at(workload, 'status', 'conditions')).some((c) => c.type === 'Failed' && c.status === 'True');
  return (number(at(workload, 'spec', 'replicas')) ?? 1) > 0;
}

function troubled(look: Look, workload: KubeObject): boolean {
  return look
    .all('Event', namespaceOf(workload))
    .some((e) => e.type === 'Warning' && text(at(e, 'involvedObject', 'name')) === nameOf(workload));
}
