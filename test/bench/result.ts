// What a benchmark gives back. A bound is a promise; null where none is made.

export interface Result {
  name: string;
  value: number;
  unit: string;
  bound: number | null;
  holds: boolean;
  /** What the value is made of, where a person would ask. */
  rows?: Row[];
}

export type Row = { [column: string]: string | number };

export interface Bench {
  /** Every name this part may give, for `--only`. */
  names: readonly string[];
  run(): Promise<Result[]>;
}

export function atMost(name: string, value: number, unit: string, bound: number | null): Result {
  return { name, value: round(value), unit, bound, holds: bound === null || value <= bound };
}

export function atLeast(name: string, value: number, unit: string, bound: number): Result {
  return { name, value: round(value), unit, bound, holds: value >= bound };
}

/** A value without a promise. */
export function info(name: string, value: number, unit: string): Result {
  return { name, value: round(value), unit, bound: null, holds: true };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: number[]): number {
  return percentile(values, 0.5);
}

export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
