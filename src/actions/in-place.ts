// A limit changed in a running pod, after the template: only where the workload leaves its pods as they are, and only while
// the container runs. A resize that meets a waiting container never reaches its pod; docs/in-place.md tells why.

import type { PlanInput } from '../core/action.ts';
import type { Now } from '../core/change.ts';
import type { ContainerEvidence } from '../core/evidence/container.ts';
import type { WorkloadEvidence } from '../core/evidence/workload.ts';
import { known } from '../core/fact.ts';
import { at, object, objects, text } from '../core/json.ts';
import { type Edit, type Plan, planId, type Refusal } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { podTemplateOf } from '../core/template-hash.ts';
import { containerOf, isGuaranteed, podInPlace } from './resize-step.ts';
import { type Changeable, changeable, podTarget, workloadOf } from './target.ts';

/** A workload whose limits may be changed: through new pods or, where it makes none, in the pod that runs. */
export function limitable(
  input: PlanInput,
  what: string,
  container: ContainerEvidence | undefined,
): Changeable | Refusal {
  const found = changeable(input, what);
  const [pod] = podTarget(input.evidence);
  if (!('refusal' in found) || !container || !pod || known(input.evidence.resizesPods) !== true) return found;
  const kept = workloadOf(input.evidence, what);
  if ('refusal' in kept || !leavesItsPods(kept.workload) || (kept.owner && !input.limits.writeOwned)) return found;
  const obstacle = obstacleIn(input, container);
  if (obstacle) return { refusal: `In place it cannot be changed: ${obstacle}. ${found.refusal}` };
  return { ...kept, inPlace: pod, warnings: [...kept.warnings, laterPods(kept.workload)] };
}

const leavesItsPods = ({ paused, updateStrategy }: WorkloadEvidence): boolean =>
  paused || updateStrategy === 'OnDelete';

function obstacleIn({ evidence }: PlanInput, container: ContainerEvidence): string | undefined {
  if (container.kind === 'init') return `${container.name} is an init container`;
  if (known(container.state)?.is !== 'running')
    return `${container.name} is not running at this moment, and a resize would not reach the pod of a container that waits`;
  const others = (known(evidence.siblings) ?? []).filter((pod) => pod.trouble !== '').length;
  return others > 0 ? `${others} more of its pods ${others === 1 ? 'is' : 'are'} in trouble` : undefined;
}

const laterPods = ({ name, paused }: WorkloadEvidence): string =>
  paused
    ? `${name} stays paused: its template keeps the new limit for when it is resumed, and a pod that is replaced before then has the old one.`
    : `${name} uses OnDelete: its other pods get the new limit when somebody deletes them.`;

/** Adds what only the pod itself tells: whether its request has to rise too, and whether the resize restarts it. */
export function completeInPlace(plan: Plan, { target, related }: Now): Plan {
  const pod = podInPlace(plan, related);
  const container = pod && containerOf(pod, plan.container);
  if (!pod || !container) return plan;
  const raised = isGuaranteed(pod) ? requestsToo(plan, target) : [];
  const edits = [...(plan.edits ?? []), ...raised];
  const restarts = objects(container.resizePolicy).some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === 'RestartContainer' && edits.some((edit) => edit.at.at(-1) === resourceName),
  );
  return {
    ...plan,
    id: planId({ ...plan, edits }),
    edits,
    diff: [plan.diff, ...raised.map((edit) => requestLine(plan, edit))].join('\n'),
    warnings: restarts
      ? [...plan.warnings, `${plan.container} is restarted once by this: its resizePolicy says so.`]
      : plan.warnings,
  };
}

/** The class of a pod may not change in place: one that asks for all it may use goes on doing so. */
function requestsToo(plan: Plan, target: KubeObject): Edit[] {
  const asked = object(at(containerOf({ ...target, spec: podTemplateOf(target)?.spec }, plan.container), 'resources'));
  return (plan.edits ?? []).flatMap(({ at: path, to }) => {
    const from = text(object(asked.requests)[path.at(-1) ?? '']);
    const place = path.map((step) => (step === 'limits' ? 'requests' : step));
    return from === undefined || to === undefined ? [] : [{ at: place, from, to }];
  });
}

const requestLine = ({ container }: Plan, { at: path, from, to }: Edit): string =>
  `~ ${container}: ${path.at(-1) === 'cpu' ? 'CPU' : path.at(-1)} request ${from} → ${to}`;
