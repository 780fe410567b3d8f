// What every remedy checks before it plans: is there a workload that can be changed, who else owns it, and which pod
// must go because its controller never replaces it.

import type { PlanInput } from '../core/action.ts';
import type { WorkloadEvidence } from '../core/evidence/workload.ts';
import type { Evidence } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import { object, text } from '../core/json.ts';
import { isName } from '../core/kubectl.ts';
import type { PlanTarget, Refusal } from '../core/plan.ts';
import { PASTED } from '../core/snapshot.ts';
import { command } from './by-hand.ts';

/** Kinds whose pods are replaced when their template changes. */
const ROLLING = ['Deployment', 'StatefulSet', 'DaemonSet'];

export interface Changeable {
  workload: WorkloadEvidence;
  target: PlanTarget;
  warnings: string[];
  /** The pod that its controller would leave as it is; it is deleted once, by its uid. */
  also: PlanTarget[];
  /** The pod that stays as it is and takes the change while it runs. */
  inPlace?: PlanTarget;
  /** Who would put their own version back; "" when nobody. */
  owner: string;
}

/** A workload whose one pod may be deleted, to be made anew by its controller from the newest template. */
export function deletable(input: PlanInput, what: string): Changeable | Refusal {
  const found = workloadOf(input.evidence, what);
  if ('refusal' in found) return found;
  const { kind, name, updateStrategy } = found.workload;
  if (!ROLLING.includes(kind)) return { refusal: notRolling(input.evidence, found.workload, what) };
  const newest = `${name} uses OnDelete: the new pod has whatever was changed in the template since this one was made.`;
  return { ...found, warnings: updateStrategy === 'OnDelete' ? [newest] : [] };
}

/** A workload whose template may be changed; `what` begins the sentence of a refusal ("A rollback"). */
export function changeable(input: PlanInput, what: string): Changeable | Refusal {
  const found = workloadOf(input.evidence, what);
  if ('refusal' in found) return found;
  const { evidence } = input;
  const { workload } = found;
  const { kind, name } = workload;
  if (!ROLLING.includes(kind)) return { refusal: notRolling(evidence, workload, what) };
  if (workload.paused)
    return {
      refusal: `${name} is paused, so a change would not roll out. Resume it first: ${command(['rollout', 'resume', `deployment/${name}`, '-n', evidence.namespace], [name, evidence.namespace])}`,
    };
  if (workload.updateStrategy === 'OnDelete')
    return {
      refusal: `${name} uses OnDelete, so a changed template reaches a pod only when somebody deletes it. Change the template, then delete the pod: ${deletePod(evidence)}`,
    };
  const pod = known(evidence.pod.name) ?? '';
  if (ordinalOf(pod) < workload.partition)
    return { refusal: keptBack(name, evidence.namespace, pod, workload.partition) };
  const also = stuckPods(evidence, workload);
  return {
    ...found,
    also,
    warnings: [
      ...ownerWarnings(workload),
      ...also.map(
        (pod) =>
          `A StatefulSet that starts its pods in order never replaces one that is not ready: ${pod.name} is deleted too, once. What it kept outside its volumes is lost.`,
      ),
    ],
  };
}

/** Any workload, whatever its kind. */
export function workloadOf(evidence: Evidence, what: string): Changeable | Refusal {
  const workload = known(evidence.workload);
  if (!workload) return { refusal: noWorkload(evidence, what) };
  if (!workload.templateHash || !workload.uid)
    return {
      refusal:
        evidence.cluster === PASTED
          ? `${what} needs ${workload.name || 'the workload'} as it stands in its cluster. Diagnose it there to be offered one.`
          : `${what} needs the template of ${workload.name}, which was not read. Diagnose again.`,
    };
  const { apiVersion, kind, name, uid, templateHash } = workload;
  return {
    workload,
    target: { apiVersion, kind, namespace: evidence.namespace, name, uid, templateHash },
    warnings: ownerWarnings(workload),
    also: [],
    owner: workload.managedBy.join(', '),
  };
}

function deletePod(evidence: Evidence): string {
  const pod = known(evidence.pod.name) ?? '';
  return command(['delete', 'pod', pod, '-n', evidence.namespace], [pod, evidence.namespace]);
}

function noWorkload(evidence: Evidence, what: string): string {
  const pod = known(evidence.pod.name) ?? '';
  const { namespace } = evidence;
  const config = text(object(known(evidence.pod.annotations))['openshift.io/deployment-config.name']);
  if (config) return ofOpenShift(what, config, namespace);
  if (evidence.workload.state === 'unread' && evidence.workload.why.includes('pasted'))
    return `${what} needs the owner of the pod, which the pasted text does not show. Diagnose the pod in its cluster to be offered one.`;
  if (evidence.workload.state === 'unread')
    return `${what} needs the owner of the pod, which could not be read (${evidence.workload.why}). Grant the read, then ask again.`;
  const get = command(['get', 'pod', pod, '-n', namespace, '-o', 'yaml'], [pod, namespace]);
  return `${pod} is a bare pod: no controller would bring it back, so nothing is done to it. Recreate it by hand: ${get} > pod.yaml, change it there, then kubectl replace --force -f pod.yaml`;
}

function ofOpenShift(what: string, name: string, namespace: string): string {
  const known = isName(name) && isName(namespace);
  return `${what} is not offered for a DeploymentConfig. Do it with OpenShift's own command${
    known
      ? `: oc rollout undo dc/${name} -n ${namespace}, or to start it anew: oc rollout latest dc/${name} -n ${namespace}`
      : ', oc rollout'
  }`;
}

function notRolling({ namespace }: Evidence, { kind, name }: WorkloadEvidence, what: string): string {
  if (kind === 'DeploymentConfig') return ofOpenShift(what, name, namespace);
  if (kind === 'CronJob') {
    // The same for every remedy, so that it is said once.
    const edit = command(['edit', 'cronjob', name, '-n', namespace], [name, namespace]);
    const run = command(['create', 'job', `${name}-now`, `--from=cronjob/${name}`, '-n', namespace], [name, namespace]);
    return `A CronJob has no running pods to change: change its template (${edit}); the next run uses it, or start one now: ${run}`;
  }
  if (kind === 'Job')
    return `${what} is not offered for a Job: its template cannot be changed. Correct the manifest that it was made from (the API server's own copy cannot be made again), then delete it and make it anew in one step: kubectl replace --force -f job.yaml`;
  if (kind === 'Rollout') {
    const undo = command(['argo', 'rollouts', 'undo', name, '-n', namespace], [name, namespace]);
    const restart = command(['argo', 'rollouts', 'restart', name, '-n', namespace], [name, namespace]);
    return `${what} is not offered for a Rollout, which Argo Rollouts steps through by itself: change its manifest, or go back with ${undo}, or start its pods anew with ${restart}`;
  }
  return `${what} is not offered for a ${kind}: change its manifest where it comes from.`;
}

function ownerWarnings({ managedBy }: WorkloadEvidence): string[] {
  return managedBy.map((by) => `Managed by ${by}: it will put its own version back unless you change it there too.`);
}

/** Below its partition a StatefulSet keeps the old template: a change would not reach the pod that crashes. */
export function keptBack(name: string, namespace: string, pod: string, partition: number): string {
  const patch = '{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}';
  const lower = command(['patch', 'statefulset', name, '-n', namespace, '-p', patch], [name, namespace]);
  return `StatefulSet ${name} has an update partition of ${partition}, so ${pod} would keep its template. Lower it first: ${lower}`;
}

export const ordinalOf = (pod: string): number => Number(/-(\d+)$/.exec(pod)?.[1] ?? Number.POSITIVE_INFINITY);

/** Its controller waits for each of them for ever, so that one which is left keeps the change from all. */
function stuckPods(evidence: Evidence, workload: WorkloadEvidence): PlanTarget[] {
  if (workload.kind !== 'StatefulSet' || workload.detail.podManagementPolicy === 'Parallel') return [];
  const others = (known(evidence.siblings) ?? []).filter(
    ({ name, ready, trouble, uid }) => !ready && trouble !== '' && uid !== '' && ordinalOf(name) >= workload.partition,
  );
  return [...podTarget(evidence), ...others.map(({ name, uid }) => aPod(evidence.namespace, name, uid))];
}

function aPod(namespace: string, name: string, uid: string): PlanTarget {
  return { apiVersion: 'v1', kind: 'Pod', namespace, name, uid, templateHash: '' };
}

/** The diagnosed pod as something that is deleted by its uid. */
export function podTarget(evidence: Evidence): PlanTarget[] {
  const name = known(evidence.pod.name);
  const uid = known(evidence.pod.uid);
  if (!name || !uid) return [];
  return [aPod(evidence.namespace, name, uid)];
}

/** Whom a rollout touches, and what is served now. */
export function blastRadius(evidence: Evidence, workload: WorkloadEvidence): string {
  const n = workload.replicas;
  const ready = workload.readyReplicas;
  const how = n === 1 ? 'replica' : 'replicas';
  const order = n === 1 ? 'replaced by a new one' : 'replaced one after another';
  const stops = workload.updateStrategy === 'Recreate' ? 'stopped before any new one starts' : order;
  const pods = `${n} ${how} of ${workload.kind} ${workload.name}, ${stops}`;
  return `${pods}; ${ready} ${ready === 1 ? 'serves' : 'serve'} now${trafficWords(evidence)}`;
}

/** The same of a change that only one pod takes, while it runs. */
export function oneInPlace({ kind, name, replicas, readyReplicas }: WorkloadEvidence, pod: string): string {
  const serve = readyReplicas === 1 ? 'serves' : 'serve';
  return `1 of ${replicas} ${replicas === 1 ? 'pod' : 'pods'} of ${kind} ${name}: ${pod}, which keeps running; ${readyReplicas} ${serve} now`;
}

/** Which Services send traffic to these pods, and to how many of them. */
function trafficWords(evidence: Evidence): string {
  const labels = object(known(evidence.pod.labels));
  const services = (known(evidence.services) ?? []).filter((service) => {
    const wanted = Object.entries(service.selector);
    return (
      service.namespace === evidence.namespace &&
      wanted.length > 0 &&
      wanted.every(([key, value]) => labels[key] === value)
    );
  });
  return services
    .map((s) =>
      s.readyEndpoints === undefined
        ? `, behind Service ${s.name}`
        : `, Service ${s.name} has ${s.readyEndpoints} ready ${s.readyEndpoints === 1 ? 'endpoint' : 'endpoints'}`,
    )
    .join('');
}

export const VERIFICATION =
  'Every new pod is ready, none restarts, none says the same words again, until it has been steady long enough.';

export const VERIFICATION_IN_PLACE =
  'The container goes on or starts once more, has the new limit in its status, is ready, and does not end or say the same words again, until it has been steady long enough. What the resize says of itself is not believed.';
