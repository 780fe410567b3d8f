// The arithmetic of replicas: how many are asked for, how far a rollout may go above and below, and how counts are written.
import type { Kinds } from '../kinds.ts';

export type Deployment = Kinds['deployments.apps'];

export const replicasOf = (object: { spec?: { replicas?: number } }): number => object.spec?.replicas ?? 1;

const share = (value: number | string, replicas: number, round: (n: number) => number): number =>
  typeof value === 'string' ? round((Number.parseInt(value, 10) / 100) * replicas) : value;

/** How many pods more than asked for there may be, and how many may be missing. */
export function room(d: Deployment): { surge: number; unavailable: number } {
  if (d.spec?.strategy?.type === 'Recreate') return { surge: 0, unavailable: replicasOf(d) };
  const { maxSurge = '25%', maxUnavailable = '25%' } = d.spec?.strategy?.rollingUpdate ?? {};
  const surge = share(maxSurge, replicasOf(d), Math.ceil);
  const unavailable = share(maxUnavailable, replicasOf(d), Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** Leaves out what is zero, as Go's omitempty does. */
export const counts = <T extends Record<string, number>>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== 0)) as Partial<T>;
