// A container that joins the live pod to look at the very processes and files that fail. Opt-in, for it cannot be taken out
// again: it only sleeps, gains nothing that the strictest PodSecurity level refuses, and ends when its time is over.

import type { PlanInput } from '../core/action.ts';
import { type Change, hasJoined, type Now, POD_JOIN } from '../core/change.ts';
import type { ContainerEvidence } from '../core/evidence/container.ts';
import { known } from '../core/fact.ts';
import { at, type JsonObject, objects } from '../core/json.ts';
import { kubectl } from '../core/kubectl.ts';
import { uidOf } from '../core/normalise/look.ts';
import { type Plan, type PlanTarget, planId, type Refusal } from '../core/plan.ts';
import { harmlessUser } from './copy-of-pod.ts';

export const LIVE = 'live';
export const LIVE_PERMISSION = { apiGroup: '', resource: POD_JOIN, verbs: ['patch'] };
export const NO_WAY_OUT =
  'A container that has joined a pod cannot be taken out of it: it ends by itself, and goes with the pod.';

const BUSYBOX = '/bin/busybox';

export function planLive(
  { evidence, limits }: PlanInput,
  pod: PlanTarget,
  { name }: ContainerEvidence,
  lifeSeconds: number,
): Plan | Refusal {
  if (!limits.joinsPods || !limits.debugImage)
    return {
      refusal:
        'A container in the live pod is switched off. Set LOOPBREAKER_EPHEMERAL_CONTAINERS=on and LOOPBREAKER_DEBUG_IMAGE, or look into a copy.',
    };
  const phase = known(evidence.pod.phase) ?? '';
  if (!known(evidence.pod.nodeName) || phase === 'Succeeded' || phase === 'Failed')
    return { refusal: `${pod.name} is on no node or has ended, so nothing can join it. Look into a copy.` };
  const intent = { variant: LIVE, lifeSeconds: String(lifeSeconds), debugImage: limits.debugImage };
  const identity = { action: 'debug-copy' as const, target: pod, container: name, intent };
  const id = planId(identity);
  const joined = joinedName(id);
  return {
    ...identity,
    id,
    title: 'Join the live pod',
    // The pod that people use is touched, for good.
    risk: 'high',
    diff: `+ pod ${pod.name}: ephemeral container ${joined} from ${limits.debugImage}, asleep beside ${name}\n+ it ends after ${lifeSeconds / 60} min`,
    effect: `${joined} joins ${pod.name} and sleeps; no container of it is restarted.`,
    blastRadius: `${pod.name} only; ${joined} shares its network, its node and the memory of the pod`,
    verification: 'Nothing is cured by it: what you see inside is the next piece of evidence.',
    undo: NO_WAY_OUT,
    warnings: [
      `Whoever may exec into ${pod.name} sees through it what ${name} sees: its processes, its files, its network.`,
      `${NO_WAY_OUT} While ${name} does not run, it has no processes to look at.`,
    ],
  };
}

/** Made from the plan, so that a second try finds the first one's container. */
const joinedName = (id: string): string => `loopbreaker-${id.slice(0, 8)}`;

export function joining(plan: Plan, { target }: Now): Change {
  const { namespace, name, uid } = plan.target;
  if (uidOf(target) !== uid) return { is: 'drift', because: `${name} was replaced since the plan was made` };
  const joined = joinedName(plan.id);
  if (hasJoined(target, joined)) return { is: 'already-done' };
  const there = objects(at(target, 'spec', 'ephemeralContainers'));
  const wanted = ['containers', 'initContainers'].flatMap((list) => objects(at(target, 'spec', list)));
  const beside = wanted.find((one) => one.name === plan.container);
  if (!beside) return { is: 'drift', because: `${plan.container} is not in ${name} any more` };
  const container = asleep(plan, joined, beside);
  const guard = { op: 'test' as const, path: '/metadata/uid', value: uid };
  const add =
    there.length > 0
      ? { op: 'add' as const, path: '/spec/ephemeralContainers/-', value: container }
      : { op: 'add' as const, path: '/spec/ephemeralContainers', value: [container] };
  return { is: 'join-pod', namespace, name, uid, container: joined, operations: [guard, add] };
}

function asleep({ container, intent }: Plan, name: string, beside: JsonObject): JsonObject {
  return {
    name,
    image: intent.debugImage,
    command: [BUSYBOX, 'sleep', intent.lifeSeconds],
    targetContainerName: container,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      runAsUser: harmlessUser(beside),
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

/** Where to look, for a person. */
export function liveReport({ id, target, container }: Plan, seconds: number): string {
  const { namespace, name } = target;
  const joined = joinedName(id);
  const words = ['exec', '-it', name, '-n', namespace, '-c', joined, '--', BUSYBOX, 'sh'];
  const exec = kubectl(words, [name, namespace, joined]);
  return `Look inside: ${exec}. Look at: ps; ls -ln /proc/PID/root with the PID of ${container}; grep VmRSS /proc/PID/status; netstat -ltn; getent hosts NAME and nc -vz NAME PORT for what it depends on. It ends by itself after ${seconds / 60} min.`;
}
