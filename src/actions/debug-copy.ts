// A copy of the pod to look into, while the real one goes on crashing: without labels, owner, account token, host ports,
// probes or its neighbours, so that no Service, controller or budget takes it for one of theirs. It is deleted when its
// time is over.

import { defineAction, type PlanInput } from '../core/action.ts';
import { type Change, type Now, PLAN_ANNOTATION } from '../core/change.ts';
import type { CopyVariant } from '../core/copy.ts';
import type { ContainerEvidence } from '../core/evidence/container.ts';
import { known } from '../core/fact.ts';
import { at, text } from '../core/json.ts';
import { kubectl } from '../core/kubectl.ts';
import { nameOf, uidOf } from '../core/normalise/look.ts';
import { type Plan, planId, type Refusal } from '../core/plan.ts';
import { BUSYBOX, copyOfPod } from './copy-of-pod.ts';
import { quotaFor } from './copy-quota.ts';
import { joining, LIVE, LIVE_PERMISSION, liveReport, NO_WAY_OUT, planLive } from './live-container.ts';
import { podTarget } from './target.ts';
import { asChange } from './write.ts';

/** Seconds until the copy is deleted; the kubelet stops it then, whoever forgot it. */
const LIFE_SECONDS = 1_800;
const VARIANTS: { [variant in CopyVariant]: string } = {
  asleep: 'Start a sleeping copy',
  original: 'Start a copy without probes',
};

export default defineAction({
  id: 'debug-copy',
  title: 'Start a copy to look into',
  risk: 'medium',
  permissions: [{ apiGroup: '', resource: 'pods', verbs: ['get', 'create', 'delete'] }, LIVE_PERMISSION],
  plan: planCopy,
  choices: () => [...Object.keys(VARIANTS), LIVE].map((variant) => ({ variant })),
  change: (plan, now) =>
    plan.intent.copyOf ? removal(plan, now) : isLive(plan) ? joining(plan, now) : creation(plan, now),
  undo: (plan) => {
    if (isLive(plan)) return { refusal: NO_WAY_OUT };
    if (plan.intent.copyOf) return { refusal: 'A deleted copy does not come back; start another one.' };
    const intent = { copyOf: plan.id, copy: copyName(plan) };
    const identity = { action: 'debug-copy' as const, target: plan.target, container: plan.container, intent };
    return {
      ...plan,
      ...identity,
      id: planId(identity),
      reads: [{ kind: 'Pod', name: intent.copy }],
      title: 'Undo: delete the copy',
      risk: 'low',
      diff: `- pod ${intent.copy}`,
      effect: `${intent.copy} is deleted.`,
      blastRadius: 'The copy only',
      undo: 'Start another copy.',
      warnings: [],
    };
  },
  heals: false,
  report: (plan) => {
    if (plan.intent.copyOf) return `${plan.intent.copy} is deleted.`;
    if (isLive(plan)) return liveReport(plan, LIFE_SECONDS);
    const { namespace } = plan.target;
    const copy = copyName(plan);
    const names = [copy, namespace, plan.container];
    const shell = plan.intent.debugImage ? [BUSYBOX, 'sh'] : ['sh'];
    const exec = kubectl(['exec', '-it', copy, '-n', namespace, '-c', plan.container, '--', ...shell], names);
    const logs = kubectl(['logs', '-f', copy, '-n', namespace, '-c', plan.container], names);
    const remove = kubectl(['delete', 'pod', copy, '-n', namespace], names);
    const end = `It is deleted after ${LIFE_SECONDS / 60} min, or sooner with: ${remove}`;
    return plan.intent.variant === 'original'
      ? `What it says: ${logs}. ${end}`
      : `Look inside: ${exec}. Look at: env; ls -ln of each mount; the command it was given (in the plan); grep VmRSS /proc/1/status; getent hosts NAME and nc -vz NAME PORT for what it depends on; dmesg. ${end}`;
  },
});

const isLive = ({ intent }: Plan): boolean => intent.variant === LIVE;

function planCopy(input: PlanInput): Plan | Refusal {
  const { evidence, cause, choice, limits } = input;
  const [pod] = podTarget(evidence);
  const container = evidence.containers.find((c) => c.name === cause.container) ?? evidence.containers.at(-1);
  const unread = [evidence.pod.uid, container?.command].find((fact) => fact?.state === 'unread');
  if (unread?.state === 'unread')
    return {
      refusal: `A debug copy needs the whole pod, and ${unread === evidence.pod.uid ? 'its uid' : 'its command'} was not read (${unread.why}). Diagnose the pod in its cluster to be offered one.`,
    };
  if (!pod || !container) return { refusal: 'There is no pod to copy. Look at why none is made.' };
  if (choice?.variant === LIVE) return planLive(input, pod, container, LIFE_SECONDS);
  const variant: CopyVariant = choice?.variant === 'original' ? 'original' : 'asleep';
  const quota = quotaFor(evidence, container);
  if ('refusal' in quota) return quota;
  const identity = {
    action: 'debug-copy' as const,
    target: pod,
    container: container.name,
    intent: {
      variant,
      lifeSeconds: String(LIFE_SECONDS),
      probed: String(isProbed(container)),
      debugImage: variant === 'asleep' ? (limits.debugImage ?? '') : '',
    },
  };
  const id = planId(identity);
  const plan: Plan = {
    ...identity,
    id,
    title: VARIANTS[variant],
    risk: 'medium',
    diff: '',
    effect: '',
    blastRadius: `One more pod, with the requests of ${container.name}${quota.words}. ${pod.name} is not touched`,
    verification: 'Nothing is cured by it: what you see inside is the next piece of evidence.',
    undo: 'Delete the copy.',
    warnings: warningsFor(input, container, variant),
  };
  const copy = copyName(plan);
  return {
    ...plan,
    reads: [{ kind: 'Pod', name: copy }],
    diff: [
      `+ pod ${copy}: ${container.name} of ${pod.name}, ${variant === 'asleep' ? 'asleep' : 'with its own command'}`,
      ...(plan.intent.debugImage ? [`+ init container from ${plan.intent.debugImage}, which lends it a shell`] : []),
      `+ its own command: ${commandOf(container)}`,
      '+ no labels, owner, probes, hooks, host ports, node name or account token',
      `+ deleted after ${LIFE_SECONDS / 60} min`,
    ].join('\n'),
    effect: `${copy} starts beside ${pod.name}; no Service, controller or budget counts it.`,
  };
}

function commandOf({ command, args }: ContainerEvidence): string {
  return [...(known(command) ?? []), ...(known(args) ?? [])].join(' ').slice(0, 300) || 'that of the image';
}

function isProbed({ probes }: ContainerEvidence): boolean {
  return known(probes.liveness) !== undefined || known(probes.startup) !== undefined;
}

function warningsFor({ evidence, limits }: PlanInput, { name }: ContainerEvidence, variant: CopyVariant): string[] {
  const claims = (known(evidence.pod.volumes) ?? [])
    .filter((v) => v.type === 'persistentVolumeClaim')
    .map((v) => v.name);
  return [
    ...(variant === 'original'
      ? [
          'It runs the program once more, without an account token: what the program changes elsewhere at its start, it changes again.',
        ]
      : limits.debugImage
        ? []
        : [
            "It sleeps with the image's own sleep command. An image that has none (distroless, scratch) ends at once: set LOOPBREAKER_DEBUG_IMAGE, which lends it one.",
          ]),
    ...(claims.length > 0
      ? [`Volume ${claims.join(', ')} is an empty directory in the copy, so that two never write to one.`]
      : []),
    ...(evidence.containers.length > 1 ? [`Only ${name} is in it: init containers and neighbours are left out.`] : []),
  ];
}

/** Made from the plan, so that a second try finds the first one's copy. */
export function copyName({ id, target }: Plan): string {
  return `${target.name.slice(0, 40).replace(/[-.]+$/, '')}-copy-${id.slice(0, 8)}`;
}

function creation(plan: Plan, { target, related }: Now): Change {
  const name = copyName(plan);
  const { namespace } = plan.target;
  const there = related.find((found) => found.kind === 'Pod' && nameOf(found) === name);
  if (there)
    return text(at(there.metadata, 'annotations', PLAN_ANNOTATION)) === plan.id
      ? { is: 'already-done' }
      : { is: 'refused', because: `There is a pod ${name} already, and it is not this plan's.` };
  if (uidOf(target) !== plan.target.uid)
    return { is: 'drift', because: `${plan.target.name} was replaced since the plan was made` };
  const pod = copyOfPod(target, plan, name, LIFE_SECONDS);
  return pod
    ? { is: 'create-pod', namespace, name, pod }
    : { is: 'drift', because: `${plan.container} is not in ${plan.target.name} any more` };
}

function removal(plan: Plan, { related }: Now): Change {
  const { copy = '', copyOf } = plan.intent;
  const found = related.find((pod) => pod.kind === 'Pod' && nameOf(pod) === copy);
  if (!found || found.metadata.deletionTimestamp !== undefined) return { is: 'already-done' };
  if (text(at(found.metadata, 'annotations', PLAN_ANNOTATION)) !== copyOf)
    return { is: 'refused', because: `The pod ${copy} is not the copy that was made.` };
  return asChange([{ is: 'delete-pod', namespace: plan.target.namespace, name: copy, uid: uidOf(found) }]);
}
