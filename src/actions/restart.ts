// Rolls the pods anew without changing anything else. Offered only where a new start can meet a changed world.

import { type Change, defineAction, type Plan, planId } from '../core/action.ts';
import { at, isObject } from '../core/json.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { checkTarget, escapePointer, guarded } from './guard.ts';
import { blastRadius, changeable, VERIFICATION } from './target.ts';

/** kubectl's own annotation for `rollout restart`; its value is the plan, since a pure change has no clock. */
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

export default defineAction({
  id: 'restart',
  title: 'Restart',
  risk: 'low',
  permissions: ['deployments', 'statefulsets', 'daemonsets'].map((resource) => ({
    apiGroup: 'apps',
    resource,
    verbs: ['get', 'patch'],
  })),
  plan: (input) => {
    const found = changeable(input, 'A restart');
    if ('refusal' in found) return found;
    const { workload, target, warnings } = found;
    const draft = { action: 'restart' as const, target, container: '', intent: { stamp: input.evidence.now } };
    return {
      ...draft,
      id: planId(draft),
      title: 'Restart',
      risk: 'low',
      diff: `+ template annotation ${RESTARTED}: ${input.evidence.now}`,
      effect: `All pods of ${workload.name} are replaced by new ones with the same template.`,
      blastRadius: blastRadius(workload),
      verification: VERIFICATION,
      undo: 'A restart changes nothing that could be taken back.',
      warnings,
    };
  },
  change: (plan, { target }) => checkTarget(plan, target) ?? restartPatch(plan, target),
  undo: () => ({ refusal: 'A restart changes nothing that could be taken back.' }),
});

function restartPatch(plan: Plan, target: KubeObject): Change {
  const stamp = plan.intent.stamp ?? '';
  const annotations = at(target, 'spec', 'template', 'metadata', 'annotations');
  const metadata = at(target, 'spec', 'template', 'metadata');
  const path = '/spec/template/metadata';
  if (isObject(annotations))
    return guarded(plan, target, [
      { op: 'add', path: `${path}/annotations/${escapePointer(RESTARTED)}`, value: stamp },
    ]);
  if (isObject(metadata))
    return guarded(plan, target, [{ op: 'add', path: `${path}/annotations`, value: { [RESTARTED]: stamp } }]);
  return guarded(plan, target, [{ op: 'add', path, value: { annotations: { [RESTARTED]: stamp } } }]);
}
