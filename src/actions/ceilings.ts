// How far a limit may be raised: configuration, LimitRange, quota. Each ceiling knows its name, for the refusal.

import type { PlanInput } from '../core/action.ts';
import type { ContainerEvidence } from '../core/evidence/container.ts';
import { known } from '../core/fact.ts';
import { at, words } from '../core/json.ts';
import { formatBytesLike, parseQuantity } from '../core/quantity.ts';
import { ownRequest } from './own-request.ts';

export interface Ceiling {
  /** Bytes or cores. */
  value: number;
  /** As the end of "is bounded by". */
  what: string;
}

export function lowest(ceilings: Ceiling[]): Ceiling {
  return ceilings.reduce((a, b) => (b.value < a.value ? b : a), { value: Number.POSITIVE_INFINITY, what: 'nothing' });
}

/** Ceilings for the memory limit of one container that has `bytes` now. */
export function byteCeilings(input: PlanInput, container: ContainerEvidence, bytes: number): Ceiling[] {
  const { limits } = input;
  return [
    { value: bytes * limits.memoryFactorMax, what: `the configured factor of ${limits.memoryFactorMax}` },
    { value: limits.memoryBytesMax, what: 'the configured ceiling' },
    ...namespaceCeilings(input, container, 'memory', bytes),
  ];
}

/** What LimitRanges and quotas of the namespace leave for the limit of one container that has `has` now. */
export function namespaceCeilings(
  { evidence }: PlanInput,
  container: ContainerEvidence,
  resource: 'memory' | 'cpu',
  has: number,
): Ceiling[] {
  const ceilings: Ceiling[] = [];
  const request = parseQuantity(ownRequest(evidence, container, resource) ?? '');
  for (const range of known(evidence.limitRanges) ?? []) {
    for (const item of range.limits.filter((l) => l.type === 'Container')) {
      const max = quantityAt(item, 'max', resource);
      if (max !== undefined) ceilings.push({ value: max, what: `LimitRange ${range.name}` });
      const ratio = quantityAt(item, 'maxLimitRequestRatio', resource);
      if (ratio !== undefined && request !== undefined)
        ceilings.push({ value: ratio * request, what: `the ratio of limit to request in LimitRange ${range.name}` });
    }
  }
  const pods = Math.max(1, known(evidence.workload)?.replicas ?? 1);
  for (const quota of known(evidence.quotas) ?? []) {
    // Without a request of its own a container reserves its limit.
    const keys = [`limits.${resource}`, ...(request === undefined ? [`requests.${resource}`, resource] : [])];
    for (const key of keys) {
      const hard = parseQuantity(quota.hard[key] ?? '');
      const used = parseQuantity(quota.used[key] ?? '');
      if (hard === undefined || used === undefined) continue;
      ceilings.push({ value: has + Math.max(0, hard - used) / pods, what: `quota ${quota.name} (${key})` });
    }
  }
  return ceilings;
}

function quantityAt(item: unknown, ...path: string[]): number | undefined {
  return parseQuantity(words(at(item, ...path)) ?? '');
}

/** Bytes in the unit of `like`; in Mi where a whole number of that unit would pass the ceiling. */
export function inUnitOf(bytes: number, like: string, ceiling: number): string {
  const rounded = formatBytesLike(bytes, like);
  return (parseQuantity(rounded) ?? 0) <= ceiling ? rounded : `${Math.floor(bytes / 2 ** 20)}Mi`;
}
