// The shape that all changes of a pod template share: a plan of a few edits, written under guards, taken back by the
// opposite edits. What belongs to somebody else is handed over as a manifest instead.

import type { PlanInput } from '../core/action.ts';
import type { ContainerEvidence } from '../core/evidence/container.ts';
import { POD_RESIZE } from '../core/normalise/resizes-pods.ts';
import { inSentence, type Plan, planId, type Refusal } from '../core/plan.ts';
import { asManifest, inverse, misfitOf } from './edit.ts';
import { ownContainer, ownSpec } from './own-template.ts';
import { blastRadius, type Changeable, oneInPlace, VERIFICATION, VERIFICATION_IN_PLACE } from './target.ts';

export type Draft = Pick<Plan, 'action' | 'title' | 'risk' | 'container' | 'diff' | 'effect' | 'undo'> & {
  intent?: Plan['intent'];
  edits: NonNullable<Plan['edits']>;
  warnings?: string[];
};

export function templatePlan(input: PlanInput, found: Changeable, draft: Draft): Plan | Refusal {
  const { target, also, inPlace } = found;
  const spec = ownSpec(input.evidence);
  if (spec && draft.container && !ownContainer(input.evidence, draft.container))
    return {
      refusal: `${draft.container} is not in the template of ${found.workload.name}: a mesh or another webhook adds it to the pods when they are made. Change it where that is set up.`,
    };
  const misfit = spec && misfitOf(spec, draft.edits);
  if (misfit)
    return {
      refusal: `The template of ${found.workload.name} is not what its pod shows (${misfit}): a webhook, a mesh or another controller changes the pods when they are made. Change it there.`,
    };
  const identity = {
    action: draft.action,
    target,
    container: draft.container,
    intent: draft.intent ?? {},
    edits: draft.edits,
    ...(also.length > 0 ? { also } : {}),
    ...(inPlace ? { inPlace } : {}),
  };
  return {
    ...identity,
    id: planId(identity),
    title: draft.title,
    risk: draft.risk,
    diff: draft.diff,
    effect: inPlace ? `${draft.effect} ${inPlace.name} takes it as it runs, after the template.` : draft.effect,
    blastRadius: inPlace ? oneInPlace(found.workload, inPlace.name) : blastRadius(input.evidence, found.workload),
    verification: inPlace ? VERIFICATION_IN_PLACE : VERIFICATION,
    undo: draft.undo,
    warnings: [...found.warnings, ...(draft.warnings ?? [])],
    ...handedOver(input, found, asManifest(draft.edits)),
  };
}

/** Marks a change to something that another owner would put back. */
export function handedOver({ limits }: PlanInput, { owner }: Changeable, change: string): Pick<Plan, 'copyOnly'> {
  return owner && !limits.writeOwned ? { copyOnly: { owner, change } } : {};
}

/** A limit goes back to what it was. */
export function undoLimit(what: string, plan: Plan): Plan {
  const { from = '', to = '' } = plan.intent;
  return { ...undoByEdits({ ...plan, intent: { from: to, to: from } }), title: `Undo: ${what} back to ${from}` };
}

/** The same for memory: a running container keeps what it has, for it may use it by now. */
export function undoMemory(plan: Plan): Plan {
  const undo = undoLimit('memory limit', plan);
  const { inPlace, ...rest } = undo;
  if (!inPlace) return undo;
  const { from = '', to = '' } = plan.intent;
  const effect = `The template asks for ${from} again. ${keepsMemory(inPlace.name, to)}`;
  return { ...rest, id: planId(rest), effect, verification: VERIFICATION };
}

export const keepsMemory = (pod: string, limit: string): string => `${pod} keeps ${limit} until it is replaced.`;

/** The opposite edits. The hash of the template after the write is learnt from the server's answer. */
export function undoByEdits(plan: Plan): Plan {
  const identity = {
    action: plan.action,
    target: plan.target,
    container: plan.container,
    intent: plan.intent,
    edits: inverse(plan.edits ?? []),
    ...(plan.also ? { also: plan.also.map((pod) => ({ ...pod, uid: '' })) } : {}),
    ...(plan.inPlace ? { inPlace: plan.inPlace } : {}),
  };
  return {
    ...plan,
    ...identity,
    id: planId(identity),
    title: `Undo: ${inSentence(plan.title)}`,
    diff: plan.diff.split('\n').map(reversed).reverse().join('\n'),
    blastRadius: whomAgain(plan),
    effect: `${plan.target.kind} ${plan.target.name} is again as it was before “${plan.title}”.`,
    undo: `${plan.title} again.`,
  };
}

/** The same pods; how many of them serve has changed since the plan was made. */
export const whomAgain = ({ blastRadius }: Plan): string => blastRadius.split(';')[0] ?? '';

/** "~ api: memory limit 64Mi → 128Mi", "~ image a:1 → a:2" or "~ env A removed" read backwards; others stay as they are. */
export function reversed(line: string): string {
  const set = /^(~ (?:.*?: [^:]*? |image |(?:memory|cpu) (?:limit|request) ))(\S+) → (\S+)$/.exec(line);
  if (set) return `${set[1]}${set[3]} → ${set[2]}`;
  const come = /^(~ .*) (added|removed)$/.exec(line);
  if (come) return `${come[1]} ${come[2] === 'added' ? 'removed' : 'added'}`;
  if (line.startsWith('+ ')) return `- ${line.slice(2)}`;
  if (line.startsWith('- ')) return `+ ${line.slice(2)}`;
  return line;
}

/** Where a container stands in the template: a step down from its spec. */
export function listOf(container: ContainerEvidence): 'containers' | 'initContainers' {
  return container.kind === 'main' ? 'containers' : 'initContainers';
}

/** What patching templates needs; pods are deleted where their controller never replaces a broken one. */
export const TEMPLATE_PERMISSIONS = [
  ...['deployments', 'statefulsets', 'daemonsets'].map((resource) => ({
    apiGroup: 'apps',
    resource,
    verbs: ['get', 'patch'],
  })),
  { apiGroup: '', resource: 'pods', verbs: ['get', 'delete'] },
  { apiGroup: 'policy', resource: 'poddisruptionbudgets', verbs: ['list'] },
];

/** The same, and the resize of a running pod: a Role of its own, for whoever wants that. */
export const LIMIT_PERMISSIONS = [...TEMPLATE_PERMISSIONS, { apiGroup: '', resource: POD_RESIZE, verbs: ['patch'] }];
