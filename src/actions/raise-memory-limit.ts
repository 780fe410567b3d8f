// Gives a container more memory: at least half as much again as the limit that was hit, within the ceilings.

import { type Change, defineAction, type Plan, type PlanInput, planId, type Refusal } from '../core/action.ts';
import { known } from '../core/fact.ts';
import { at, objects, words } from '../core/json.ts';
import { formatBytesLike, parseQuantity } from '../core/quantity.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { checkTarget, guarded } from './guard.ts';
import { blastRadius, changeable, VERIFICATION } from './target.ts';

/** A peak under a limit that was hit is only a floor, so the first step is generous: twice the limit. */
const STEP = 2;
/** Never less than this factor of the limit that was hit. */
const LEAST_FACTOR = 1.5;

export default defineAction({
  id: 'raise-memory-limit',
  title: 'Raise the memory limit',
  risk: 'medium',
  permissions: ['deployments', 'statefulsets', 'daemonsets'].map((resource) => ({
    apiGroup: 'apps',
    resource,
    verbs: ['get', 'patch'],
  })),
  plan: planRaise,
  change: (plan, { target }) => checkTarget(plan, target) ?? limitPatch(plan, target),
  undo: (plan) => {
    const intent = { from: plan.intent.to ?? '', to: plan.intent.from ?? '' };
    // The hash of the template after the write is learnt by the executor from the server's answer.
    const draft = { action: 'raise-memory-limit' as const, target: plan.target, container: plan.container, intent };
    return {
      ...plan,
      ...draft,
      id: planId(draft),
      title: `Undo: memory limit back to ${intent.to}`,
      diff: `~ ${plan.container}: memory limit ${intent.from} → ${intent.to}`,
      effect: `The memory limit of ${plan.container} is ${intent.to} again.`,
      undo: `Raise it to ${intent.from} again.`,
    };
  },
});

function planRaise(input: PlanInput): Plan | Refusal {
  const found = changeable(input, 'A higher memory limit');
  if ('refusal' in found) return found;
  const { workload, target, warnings } = found;
  const container = input.evidence.containers.find((c) => c.name === input.cause.container);
  const limit = container && known(container.memoryLimit);
  const bytes = parseQuantity(limit ?? '');
  if (!container || !limit || !bytes)
    return {
      refusal:
        'The container has no memory limit of its own: the node ran out of memory. Look at the node and at the pods beside it.',
    };
  const wanted = bounded(bytes, input);
  if ('refusal' in wanted) return wanted;
  const to = formatBytesLike(wanted.bytes, limit);
  const draft = {
    action: 'raise-memory-limit' as const,
    target,
    container: container.name,
    intent: { from: limit, to },
  };
  const heap = heapWords(container.name, input);
  return {
    ...draft,
    id: planId(draft),
    title: `Memory limit to ${to}`,
    risk: 'medium',
    diff: `~ ${container.name}: memory limit ${limit} → ${to}`,
    effect: `${container.name} may use up to ${to}; its request stays.${heap}`,
    blastRadius: blastRadius(workload),
    verification: VERIFICATION,
    undo: `Set the limit back to ${limit}.`,
    warnings: [...warnings, ...nodeRoom(input, wanted.bytes)],
  };
}

function bounded(bytes: number, { evidence, limits, cause }: PlanInput): { bytes: number } | Refusal {
  const ceilings: { bytes: number; what: string }[] = [
    { bytes: bytes * limits.memoryFactorMax, what: `the configured factor of ${limits.memoryFactorMax}` },
    { bytes: limits.memoryBytesMax, what: 'the configured ceiling' },
  ];
  for (const range of known(evidence.limitRanges) ?? []) {
    for (const item of range.limits) {
      const max = parseQuantity(words(at(item, 'max', 'memory')) ?? '');
      if (item.type === 'Container' && max !== undefined)
        ceilings.push({ bytes: max, what: `LimitRange ${range.name}` });
    }
  }
  const lowest = ceilings.reduce((a, b) => (b.bytes < a.bytes ? b : a));
  const wanted = Math.min(bytes * STEP, lowest.bytes);
  if (wanted < bytes * LEAST_FACTOR) {
    return {
      refusal: `More memory for ${cause.container} is bounded by ${lowest.what} at ${formatBytesLike(lowest.bytes, 'Mi')}: less than half as much again would not help. Raise that bound first.`,
    };
  }
  return { bytes: wanted };
}

function nodeRoom({ evidence }: PlanInput, bytes: number): string[] {
  const node = known(evidence.node);
  const allocatable = parseQuantity(node?.allocatable.memory ?? '');
  return node && allocatable !== undefined && bytes > allocatable
    ? [`Node ${node.name} has only ${node.allocatable.memory} in all.`]
    : [];
}

/** A runtime with a heap flag of its own does not use more memory just because it may. */
function heapWords(name: string, { evidence }: PlanInput): string {
  const container = evidence.containers.find((c) => c.name === name);
  const said = container ? [...(known(container.command) ?? []), ...(known(container.args) ?? [])].join(' ') : '';
  const heap = /-Xmx\S+|-XX:MaxRAMPercentage=\S+|--max-old-space-size=\S+/.exec(said)?.[0];
  return heap ? ` It starts with ${heap}: the limit must hold that heap and what lies outside it.` : '';
}

function limitPatch(plan: Plan, target: KubeObject): Change {
  const containers = objects(at(target, 'spec', 'template', 'spec', 'containers'));
  const inits = objects(at(target, 'spec', 'template', 'spec', 'initContainers'));
  const [list, index] = locate(containers, inits, plan.container);
  if (index < 0) return { is: 'drift', because: `container ${plan.container} is no longer in the template` };
  const path = `/spec/template/spec/${list}/${index}`;
  const container = (list === 'containers' ? containers : inits)[index];
  const now = words(at(container, 'resources', 'limits', 'memory'));
  if (now !== plan.intent.from)
    return { is: 'drift', because: `the memory limit is ${now ?? 'unset'} now, not ${plan.intent.from}` };
  const request = parseQuantity(words(at(container, 'resources', 'requests', 'memory')) ?? '');
  const to = parseQuantity(plan.intent.to ?? '') ?? 0;
  const operations = [
    { op: 'test' as const, path: `${path}/name`, value: plan.container },
    { op: 'test' as const, path: `${path}/resources/limits/memory`, value: plan.intent.from },
    { op: 'replace' as const, path: `${path}/resources/limits/memory`, value: plan.intent.to },
  ];
  // A request above the limit is refused by the API server; it can only be so when a limit is lowered again.
  if (request !== undefined && request > to)
    operations.push({ op: 'replace', path: `${path}/resources/requests/memory`, value: plan.intent.to });
  return guarded(plan, target, operations);
}

function locate(
  containers: { [key: string]: unknown }[],
  inits: { [key: string]: unknown }[],
  name: string,
): ['containers' | 'initContainers', number] {
  const main = containers.findIndex((c) => c.name === name);
  return main >= 0 ? ['containers', main] : ['initContainers', inits.findIndex((c) => c.name === name)];
}
