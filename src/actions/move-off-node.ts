// Deletes this one pod, so that its controller makes it anew elsewhere. Whether "elsewhere" is another node is up to the
// scheduler: the command that keeps it away from the old one is printed, not run.

import { defineAction, type PlanInput } from '../core/action.ts';
import { known } from '../core/fact.ts';
import { kubectl } from '../core/kubectl.ts';
import { type Plan, planId, type Refusal } from '../core/plan.ts';
import { deletable, podTarget, VERIFICATION } from './target.ts';
import { TEMPLATE_PERMISSIONS } from './template.ts';
import { stepsFor } from './write.ts';

const NO_UNDO = 'A deleted pod does not come back; its controller makes a new one.';

export default defineAction({
  id: 'move-off-node',
  title: 'Move off this node',
  risk: 'medium',
  permissions: TEMPLATE_PERMISSIONS,
  plan: planMove,
  change: (plan, now) => stepsFor(plan, now, () => []),
  undo: () => ({ refusal: NO_UNDO }),
});

function planMove(input: PlanInput): Plan | Refusal {
  const found = deletable(input, 'Moving the pod');
  if ('refusal' in found) return found;
  const { evidence } = input;
  const { workload, target, warnings } = found;
  const node = known(evidence.pod.nodeName);
  const also = podTarget(evidence);
  const [pod] = also;
  if (!pod || !node) return { refusal: 'The pod is on no node yet, so there is nothing to move it off.' };
  const cordon = kubectl(['cordon', node], [node]);
  if (workload.kind === 'DaemonSet')
    return {
      refusal: `A DaemonSet starts its pod on the same node again, so deleting it does not move it. Cure node ${node}, or take it out: ${cordon}`,
    };
  const draft = { action: 'move-off-node' as const, target, container: '', intent: { pod: pod.name, node }, also };
  return {
    ...draft,
    id: planId(draft),
    title: `Move ${pod.name} off ${node}`,
    risk: 'medium',
    diff: `- pod ${pod.name} (uid ${pod.uid}) on node ${node}; ${workload.kind} ${workload.name} makes it anew`,
    effect: `${pod.name} is deleted and started again wherever the scheduler has room.`,
    blastRadius: `1 of ${workload.replicas} ${workload.replicas === 1 ? 'pod' : 'pods'} of ${workload.kind} ${workload.name}; ${workload.readyReplicas} serve now`,
    verification: VERIFICATION,
    undo: NO_UNDO,
    warnings: [
      `Unless node ${node} is cordoned first, the new pod may land on it again: ${cordon}`,
      `What ${pod.name} keeps outside persistent volumes is lost; a volume that only ${node} has keeps the pod there.`,
      ...warnings,
    ],
  };
}
