// Gives a container more CPU time: a start or an answer that is throttled is slow, and probes count in seconds.

import { defineAction, type PlanInput } from '../core/action.ts';
import { known } from '../core/fact.ts';
import type { Plan, Refusal } from '../core/plan.ts';
import { parseQuantity } from '../core/quantity.ts';
import { lowest, namespaceCeilings } from './ceilings.ts';
import { changeByEdits } from './edit.ts';
import { completeInPlace, limitable } from './in-place.ts';
import { autoscaled, classChange, otherInPod, ownLimit, ownRequest } from './own-template.ts';
import { LIMIT_PERMISSIONS, listOf, templatePlan, undoLimit } from './template.ts';

/** A limit this small starves most programs: the first step goes at least here. Cores. */
const LEAST_CORES = 0.1;
const LEAST_FACTOR = 1.5;

export default defineAction({
  id: 'raise-cpu-limit',
  title: 'Raise the CPU limit',
  risk: 'medium',
  permissions: LIMIT_PERMISSIONS,
  plan: planRaise,
  complete: completeInPlace,
  change: changeByEdits,
  undo: (plan) => undoLimit('CPU limit', plan),
});

function planRaise(input: PlanInput): Plan | Refusal {
  const container = input.evidence.containers.find((c) => c.name === input.cause.container);
  const found = limitable(input, 'A higher CPU limit', container);
  if ('refusal' in found) return found;
  const limit = container && known(container.cpuLimit);
  const cores = parseQuantity(limit ?? '');
  if (!container || !limit || !cores)
    return {
      refusal:
        'The container has no CPU limit of its own: it shares what the node has. Give it a CPU request, or look at what else runs on the node.',
    };
  const autoscaler = autoscaled(input.evidence, container.name);
  if (autoscaler) return { refusal: autoscaler };
  const allocatable = parseQuantity(known(input.evidence.node)?.allocatable.cpu ?? '');
  const ceiling = lowest([
    ...namespaceCeilings(input, container, 'cpu', cores),
    ...(allocatable ? [{ value: allocatable, what: `the CPUs of node ${known(input.evidence.node)?.name}` }] : []),
  ]);
  // Small limits are multiplied more: from 10m to 20m changes nothing that anybody could notice.
  const wanted = Math.min(Math.max(cores * (cores < 0.25 ? 4 : 2), LEAST_CORES), ceiling.value);
  if (wanted < cores * LEAST_FACTOR)
    return {
      refusal: `More CPU for ${container.name} is bounded by ${ceiling.what} at ${millicores(ceiling.value)}: that is no real change from ${limit}. Raise that bound first.`,
    };
  const to = millicores(wanted);
  const request = ownRequest(input.evidence, container, 'cpu');
  const from = ownLimit(input.evidence, container, 'cpu');
  return templatePlan(input, found, {
    action: 'raise-cpu-limit',
    title: `CPU limit to ${to}`,
    risk: 'medium',
    container: container.name,
    intent: { from: from ?? 'unset', to },
    edits: [
      {
        at: [listOf(container), `name=${container.name}`, 'resources', 'limits', 'cpu'],
        ...(from === undefined ? {} : { from }),
        to,
      },
    ],
    diff: `~ ${container.name}: CPU limit ${from ?? 'unset'} → ${to}`,
    effect: `${container.name} may use up to ${to} of CPU time; ${
      request
        ? `its request stays ${request}`
        : 'it asks for none of its own, so it also reserves that much on its node'
    }.`,
    undo: from === undefined ? 'Take the limit out of the template again.' : `Set the limit back to ${from}.`,
    warnings: [
      ...otherInPod(container.name, 'CPU limit', from, limit),
      ...(request && !found.inPlace ? classChange(input.evidence) : []),
    ],
  });
}

function millicores(cores: number): string {
  const thousandths = Math.floor(cores * 1000);
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}
