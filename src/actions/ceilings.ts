// How far a limit may be raised: configuration, the nodes, limit ranges, quotas. Each ceiling knows its name, for the refusal.

import type { PlanInput } from '../core/action.ts';
import type { ContainerEvidence } from '../core/evidence/container.ts';
import { known } from '../core/fact.ts';
import { at, type JsonObject, words } from '../core/json.ts';
import { formatBytesLike, parseQuantity } from '../core/quantity.ts';
import { ownRequest, ownSpec } from './own-template.ts';
import { countsPod } from './quota-scope.ts';

export interface Ceiling {
  /** Bytes or cores. */
  value: number;
  /** As the end of "is bounded by". */
  what: string;
}

type Resource = 'memory' | 'cpu';

export function lowest(ceilings: Ceiling[]): Ceiling {
  return ceilings.reduce((a, b) => (b.value < a.value ? b : a), { value: Number.POSITIVE_INFINITY, what: 'nothing' });
}

/** Ceilings for the memory limit of one container that has `bytes` now; 0 for none. */
export function byteCeilings(input: PlanInput, container: ContainerEvidence, bytes: number): Ceiling[] {
  const { limits } = input;
  return [
    ...(bytes
      ? [{ value: bytes * limits.memoryFactorMax, what: `the configured factor of ${limits.memoryFactorMax}` }]
      : []),
    { value: limits.memoryBytesMax, what: 'the configured ceiling' },
    ...(limits.largestNode
      ? [{ value: limits.largestNode.memory, what: `the largest node, ${limits.largestNode.name},` }]
      : []),
    ...namespaceCeilings(input, container, 'memory', bytes),
  ];
}

/** What LimitRanges and quotas of the namespace leave for the limit of one container that has `has` now. */
export function namespaceCeilings(
  input: PlanInput,
  container: ContainerEvidence,
  resource: Resource,
  has: number,
): Ceiling[] {
  const request = parseQuantity(ownRequest(input.evidence, container, resource) ?? '');
  return [...ofRanges(input, container, resource, request), ...ofQuotas(input, resource, has, request)];
}

function ofRanges(
  { evidence }: PlanInput,
  container: ContainerEvidence,
  resource: Resource,
  request: number | undefined,
): Ceiling[] {
  const limitOf = (c: ContainerEvidence): number =>
    parseQuantity(known(resource === 'memory' ? c.memoryLimit : c.cpuLimit) ?? '') ?? 0;
  const besides = evidence.containers.filter((c) => c !== container && c.kind !== 'init');
  const others = container.kind === 'init' ? 0 : besides.reduce((sum, c) => sum + limitOf(c), 0);
  return (known(evidence.limitRanges) ?? []).flatMap(({ name, limits }) =>
    limits.flatMap((item) => {
      const max = quantityAt(item, 'max', resource);
      const ratio = quantityAt(item, 'maxLimitRequestRatio', resource);
      if (item.type === 'Pod')
        return max === undefined ? [] : [{ value: max - others, what: `LimitRange ${name} for the whole pod` }];
      if (item.type !== 'Container') return [];
      return [
        ...(max === undefined ? [] : [{ value: max, what: `LimitRange ${name}` }]),
        ...(ratio === undefined || request === undefined
          ? []
          : [{ value: ratio * request, what: `the ratio of limit to request in LimitRange ${name}` }]),
      ];
    }),
  );
}

/** Every pod is to have it, and a rollout that takes no old pod away first needs room for one more beside them. */
function ofQuotas({ evidence }: PlanInput, resource: Resource, has: number, request: number | undefined): Ceiling[] {
  const workload = known(evidence.workload);
  const pods = Math.max(1, workload?.replicas ?? 1);
  const keepsAll = workload?.keepsAllWhileRolling ?? false;
  const kept = keepsAll ? pods - 1 : pods;
  const why = keepsAll ? ', in which an old pod counts until a new one is ready' : '';
  const priorityClass = words(at(ownSpec(evidence), 'priorityClassName')) ?? '';
  // Without a request of its own a container reserves its limit.
  const keys = [`limits.${resource}`, ...(request === undefined ? [`requests.${resource}`, resource] : [])];
  return (known(evidence.quotas) ?? [])
    .filter((quota) => countsPod(quota, { ends: false, bestEffort: false, priorityClass }))
    .flatMap((quota) =>
      keys.flatMap((key) => {
        const hard = parseQuantity(quota.hard[key] ?? '');
        const used = parseQuantity(quota.used[key] ?? '');
        if (hard === undefined || used === undefined) return [];
        return [{ value: (Math.max(0, hard - used) + kept * has) / pods, what: `quota ${quota.name} (${key}${why})` }];
      }),
    );
}

function quantityAt(item: JsonObject, ...path: string[]): number | undefined {
  return parseQuantity(words(at(item, ...path)) ?? '');
}

/** Bytes in the unit of `like`; in a smaller one of its kind where a whole number of that unit would pass the ceiling. */
export function inUnitOf(bytes: number, like: string, ceiling: number): string {
  const smaller = /[kMGTPE]$/.test(like) ? ['M', 'k'] : ['Mi', 'Ki'];
  const rounded = formatBytesLike(bytes, like);
  const within = [rounded, ...smaller.map((unit) => roundedDown(bytes, unit))];
  return (
    within.find((one) => (parseQuantity(one) ?? 0) <= ceiling && (parseQuantity(one) ?? 0) > bytes * NEARLY) ?? rounded
  );
}

/** Rounding down takes less than this share away, or a smaller unit is used. */
const NEARLY = 0.99;

const roundedDown = (bytes: number, unit: string): string =>
  `${Math.floor(bytes / (parseQuantity(`1${unit}`) ?? 1))}${unit}`;
