// A new start without any other change: the whole Deployment anew, or the one pod of a StatefulSet or DaemonSet.
// Offered only where a new start can meet a changed world.

import { defineAction, type PlanInput } from '../core/action.ts';
import type { Now } from '../core/change.ts';
import { known } from '../core/fact.ts';
import { at, isObject } from '../core/json.ts';
import { type Plan, planId, type Refusal } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { blastRadius, type Changeable, changeable, deletable, podTarget, VERIFICATION } from './target.ts';
import { TEMPLATE_PERMISSIONS } from './template.ts';
import { escapePointer, type Operations, stepsFor } from './write.ts';

/** kubectl's own annotation for `rollout restart`; its value is the plan, since a pure change has no clock. */
export const RESTARTED = 'kubectl.kubernetes.io/restartedAt';
const NO_UNDO = 'A restart changes nothing that could be taken back.';

export default defineAction({
  id: 'restart',
  title: 'Restart',
  risk: 'low',
  permissions: TEMPLATE_PERMISSIONS,
  plan: (input) => {
    const isRolled = known(input.evidence.workload)?.kind === 'Deployment';
    const found = isRolled ? changeable(input, 'A restart') : deletable(input, 'A restart');
    if ('refusal' in found) return found;
    return isRolled ? rolled(input, found) : deleted(input, found);
  },
  change: (plan, now: Now) =>
    stepsFor(plan, now, (target) => (plan.also ? [] : restartOperations(target, plan.intent.stamp ?? ''))),
  undo: () => ({ refusal: NO_UNDO }),
});

function rolled({ evidence }: PlanInput, { workload, target, warnings }: Changeable): Plan {
  const draft = { action: 'restart' as const, target, container: '', intent: { stamp: evidence.now } };
  return {
    ...draft,
    id: planId(draft),
    title: 'Restart',
    risk: 'low',
    diff: `+ template annotation ${RESTARTED}: ${evidence.now}`,
    effect: `All pods of ${workload.name} are replaced by new ones with the same template.`,
    blastRadius: blastRadius(evidence, workload),
    verification: VERIFICATION,
    undo: NO_UNDO,
    warnings,
  };
}

function deleted({ evidence }: PlanInput, { workload, target, warnings }: Changeable): Plan | Refusal {
  const also = podTarget(evidence);
  const [pod] = also;
  if (!pod) return { refusal: `${workload.name} has no pod that could be restarted.` };
  const draft = { action: 'restart' as const, target, container: '', intent: { pod: pod.name }, also };
  return {
    ...draft,
    id: planId(draft),
    title: `Restart ${pod.name}`,
    risk: 'low',
    diff: `- pod ${pod.name} (uid ${pod.uid}); ${workload.kind} ${workload.name} makes it anew`,
    effect: `${pod.name} is deleted and started again from the template as it is; the other pods stay as they are.`,
    blastRadius: `1 of ${workload.replicas} ${workload.replicas === 1 ? 'pod' : 'pods'} of ${workload.kind} ${workload.name}; ${workload.readyReplicas} serve now`,
    verification: VERIFICATION,
    undo: NO_UNDO,
    warnings: [`What ${pod.name} keeps outside persistent volumes is lost${ephemeralWords(evidence)}.`, ...warnings],
  };
}

function ephemeralWords(evidence: PlanInput['evidence']): string {
  const empty = (known(evidence.pod.volumes) ?? []).filter((v) => v.type === 'emptyDir').map((v) => v.name);
  return empty.length > 0 ? `, the emptyDir ${empty.join(', ')} too` : '';
}

/** The patch that rolls a workload anew. */
export function restartOperations(target: KubeObject, stamp: string): Operations {
  const metadata = at(target, 'spec', 'template', 'metadata');
  const path = '/spec/template/metadata';
  if (isObject(at(metadata, 'annotations')))
    return [{ op: 'add', path: `${path}/annotations/${escapePointer(RESTARTED)}`, value: stamp }];
  if (isObject(metadata)) return [{ op: 'add', path: `${path}/annotations`, value: { [RESTARTED]: stamp } }];
  return [{ op: 'add', path, value: { annotations: { [RESTARTED]: stamp } } }];
}
