// Gives a container more memory: at least half as much again as the limit that was hit, within every ceiling.
// The change is one of the template; a pod that its workload leaves as it is takes it while it runs.

import { defineAction, type PlanInput } from '../core/action.ts';
import { known } from '../core/fact.ts';
import type { Edit, Plan, Refusal } from '../core/plan.ts';
import { parseQuantity } from '../core/quantity.ts';
import { byteCeilings, inUnitOf, lowest } from './ceilings.ts';
import { changeByEdits } from './edit.ts';
import { heapWords, mebi } from './heap.ts';
import { completeInPlace, limitable } from './in-place.ts';
import { autoscaled, classChange, otherInPod, ownLimit, ownRequest } from './own-template.ts';
import { keepsMemory, LIMIT_PERMISSIONS, listOf, templatePlan, undoMemory } from './template.ts';

/** A peak under a limit that was hit is only a floor, so the first step is generous: twice the limit. */
const STEP = 2;
/** Never less than this factor of the limit that was hit. */
const LEAST_FACTOR = 1.5;
/** Room above an observed peak. */
const ABOVE_PEAK = 1.25;

export default defineAction({
  id: 'raise-memory-limit',
  title: 'Raise the memory limit',
  risk: 'medium',
  permissions: LIMIT_PERMISSIONS,
  raisesMemory: true,
  plan: planRaise,
  complete: completeInPlace,
  change: changeByEdits,
  undo: undoMemory,
});

function planRaise(input: PlanInput): Plan | Refusal {
  const container = input.evidence.containers.find((c) => c.name === input.cause.container);
  const found = limitable(input, 'A higher memory limit', container);
  if ('refusal' in found) return found;
  const limit = container && known(container.memoryLimit);
  const bytes = parseQuantity(limit ?? '');
  if (!container || !limit || !bytes)
    return {
      refusal:
        'The container has no memory limit of its own: the node ran out of memory. Look at the node and at the pods beside it.',
    };
  const autoscaler = autoscaled(input.evidence, container.name);
  if (autoscaler) return { refusal: autoscaler };
  const ceiling = lowest(byteCeilings(input, container, bytes));
  const peak = known(container.memoryUse) ?? 0;
  const wanted = Math.min(Math.max(bytes * STEP, peak * ABOVE_PEAK), ceiling.value);
  const to = inUnitOf(wanted, limit, ceiling.value);
  if ((parseQuantity(to) ?? 0) < bytes * LEAST_FACTOR)
    return {
      refusal: `More memory for ${container.name} is bounded by ${ceiling.what} at ${mebi(Math.max(0, ceiling.value))}: less than half as much again as ${limit} would not help. Raise that bound first.`,
    };
  const request = ownRequest(input.evidence, container, 'memory');
  const from = ownLimit(input.evidence, container, 'memory');
  const edits: Edit[] = [
    {
      at: [listOf(container), `name=${container.name}`, 'resources', 'limits', 'memory'],
      ...(from === undefined ? {} : { from }),
      to,
    },
  ];
  const requestWords = request
    ? `its request stays ${request}`
    : 'it asks for no memory of its own, so it also reserves that much on its node';
  return templatePlan(input, found, {
    action: 'raise-memory-limit',
    title: `Memory limit to ${to}`,
    risk: 'medium',
    container: container.name,
    intent: { from: from ?? 'unset', to },
    edits,
    diff: `~ ${container.name}: memory limit ${from ?? 'unset'} → ${to}`,
    effect: `${container.name} may use up to ${to}; ${requestWords}.${heapWords(container, parseQuantity(to) ?? wanted)}`,
    undo: found.inPlace
      ? `Set the limit of the template back to ${from}. ${keepsMemory(found.inPlace.name, to)}`
      : from === undefined
        ? 'Take the limit out of the template again.'
        : `Set the limit back to ${from}.`,
    warnings: [
      ...otherInPod(container.name, 'memory limit', from, limit),
      ...(request && !found.inPlace ? classChange(input.evidence) : []),
      ...nodeRoom(input, request ? parseQuantity(request) : wanted, wanted),
    ],
  });
}

function nodeRoom({ evidence }: PlanInput, request: number | undefined, wanted: number): string[] {
  const node = known(evidence.node);
  const allocatable = parseQuantity(node?.allocatable.memory ?? '');
  if (!node || allocatable === undefined) return [];
  if ((request ?? 0) > allocatable)
    return [`Node ${node.name} has only ${node.allocatable.memory} in all: the pod fits only on a larger node.`];
  return wanted > allocatable ? [`Node ${node.name} has only ${node.allocatable.memory} in all.`] : [];
}
