// A copy of the pod to look into, while the real one goes on crashing: without labels, owner, account token, host ports,
// probes or its neighbours, so that no Service, controller or budget takes it for one of theirs. It ends by itself.

import {
  type Change,
  defineAction,
  type Now,
  PLAN_ANNOTATION,
  type Plan,
  type PlanInput,
  planId,
  type Refusal,
} from '../core/action.ts';
import { known } from '../core/fact.ts';
import { at, text } from '../core/json.ts';
import { kubectl } from '../core/kubectl.ts';
import { nameOf, uidOf } from '../core/normalise/look.ts';
import { copyOfPod } from './copy-of-pod.ts';
import { podTarget } from './target.ts';
import { asChange } from './write.ts';

/** Seconds after which the copy is stopped by the kubelet, whoever forgot it. */
const LIFE_SECONDS = 1_800;
const VARIANTS = ['asleep', 'original'] as const;
type Variant = (typeof VARIANTS)[number];

export default defineAction({
  id: 'debug-copy',
  title: 'Start a copy to look into',
  risk: 'medium',
  permissions: [{ apiGroup: '', resource: 'pods', verbs: ['get', 'create', 'delete'] }],
  plan: planCopy,
  change: (plan, now) => (plan.intent.copyOf ? removal(plan, now) : creation(plan, now)),
  undo: (plan) => {
    const intent = { copyOf: plan.id, copy: copyName(plan) };
    const identity = { action: 'debug-copy' as const, target: plan.target, container: plan.container, intent };
    return {
      ...plan,
      ...identity,
      id: planId(identity),
      reads: [{ kind: 'Pod', name: intent.copy }],
      title: 'Undo: delete the copy',
      diff: `- pod ${intent.copy}`,
      effect: `${intent.copy} is deleted.`,
      undo: 'Start another copy.',
    };
  },
  heals: false,
  report: (plan) => {
    if (plan.intent.copyOf) return `${plan.intent.copy} is deleted.`;
    const { namespace } = plan.target;
    const copy = copyName(plan);
    const names = [copy, namespace, plan.container];
    const exec = kubectl(['exec', '-it', copy, '-n', namespace, '-c', plan.container, '--', 'sh'], names);
    const logs = kubectl(['logs', '-f', copy, '-n', namespace, '-c', plan.container], names);
    const remove = kubectl(['delete', 'pod', copy, '-n', namespace], names);
    return plan.intent.variant === 'original'
      ? `The copy ${copy} runs the original command without probes: ${logs}. If it lives, the probe is to blame; if it ends, the program is. It is stopped after ${LIFE_SECONDS / 60} min; then: ${remove}`
      : `The copy ${copy} sleeps: ${exec}. Look at: env; ls -ln of each mount; the command it was given (${plan.intent.command || 'that of the image'}); grep VmRSS /proc/1/status; getent hosts NAME and nc -vz NAME PORT for what it depends on; dmesg. It is stopped after ${LIFE_SECONDS / 60} min; then: ${remove}`;
  },
});

function planCopy(input: PlanInput): Plan | Refusal {
  const { evidence, cause, choice } = input;
  const [pod] = podTarget(evidence);
  const container = evidence.containers.find((c) => c.name === cause.container) ?? evidence.containers.at(-1);
  if (!pod || !container) return { refusal: 'There is no pod to copy. Look at why none is made.' };
  const variant: Variant = choice?.variant === 'original' ? 'original' : 'asleep';
  const claims = (known(evidence.pod.volumes) ?? [])
    .filter((v) => v.type === 'persistentVolumeClaim')
    .map((v) => v.name);
  const identity = {
    action: 'debug-copy' as const,
    target: pod,
    container: container.name,
    intent: { variant, lifeSeconds: String(LIFE_SECONDS) },
  };
  const id = planId(identity);
  const plan: Plan = {
    ...identity,
    id,
    title: variant === 'asleep' ? 'Start a sleeping copy' : 'Start a copy without probes',
    risk: 'medium',
    diff: '',
    effect: '',
    blastRadius: `One more pod, with the requests of ${container.name}; it counts against the quota. ${pod.name} is not touched`,
    verification: 'Nothing is cured by it: what you see inside is the next piece of evidence.',
    undo: 'Delete the copy.',
    warnings: [
      ...(variant === 'asleep'
        ? [
            `It sleeps with the image's own sleep command. An image that has none (distroless, scratch) ends at once with StartError: then use kubectl debug with an image of your own.`,
          ]
        : ['It runs the program once more: what the program changes elsewhere at its start, it changes again.']),
      ...(claims.length > 0
        ? [`Volume ${claims.join(', ')} is an empty directory in the copy, so that two never write to one.`]
        : []),
      ...(evidence.containers.length > 1
        ? [`Only ${container.name} is in it: init containers and neighbours are left out.`]
        : []),
    ],
  };
  const copy = copyName(plan);
  return {
    ...plan,
    reads: [{ kind: 'Pod', name: copy }],
    diff: [
      `+ pod ${copy}: ${container.name} of ${pod.name}, ${variant === 'asleep' ? 'asleep' : 'with its own command'}`,
      '+ no labels, owner, probes, hooks, host ports, node name or account token',
      `+ stopped after ${LIFE_SECONDS / 60} min`,
    ].join('\n'),
    effect: `${copy} starts beside ${pod.name}; no Service, controller or budget counts it.`,
  };
}

/** Made from the plan, so that a second try finds the first one's copy. */
function copyName({ id, target }: Plan): string {
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
