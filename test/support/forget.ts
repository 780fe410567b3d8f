// Takes knowledge away from evidence: any fact can become "unread", as if nobody had been able to look.

import type { Evidence } from '../../src/core/evidence.ts';
import type { Fact } from '../../src/core/fact.ts';

export type Path = (string | number)[];

/** Where all facts of the evidence stand, those of neighbours left out. */
export function factPaths(evidence: Evidence): Path[] {
  const { behind: _, ...own } = evidence;
  return pathsIn(own, []);
}

function pathsIn(value: unknown, path: Path): Path[] {
  if (isFact(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item, i) => pathsIn(item, [...path, i]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...path, key]));
}

export function isFact(value: unknown): value is Fact<unknown> {
  const state = (value as Fact<unknown> | null)?.state;
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Fact<unknown>).at === 'string' &&
    (state === 'seen' || state === 'absent' || state === 'unread')
  );
}

export function factAt(evidence: Evidence, path: Path): Fact<unknown> {
  return path.reduce<unknown>(
    (here, step) => (here as { [key: string | number]: unknown })[step],
    evidence,
  ) as Fact<unknown>;
}

/** The same evidence with these facts unread; the original stays as it is. */
export function forget(evidence: Evidence, paths: Path[]): Evidence {
  return paths.reduce(
    (e, path) => replaced(e, path, (f) => ({ state: 'unread', source: f.source, at: f.at, why: 'forgotten' })),
    evidence,
  );
}

function replaced<T>(value: T, [step, ...rest]: Path, change: (fact: Fact<unknown>) => Fact<unknown>): T {
  if (step === undefined) return change(value as Fact<unknown>) as T;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as { [key: string | number]: unknown };
  copy[step] = replaced(copy[step], rest, change);
  return copy as T;
}

/** Facts that a citation of this container may rest on: those whose address it begins with. */
export function factsCited(evidence: Evidence, citation: { at: string }, container: string): Path[] {
  const at = citation.at;
  return factPaths(evidence).filter((path) => {
    const fact = factAt(evidence, path);
    const own =
      path[0] !== 'containers' || evidence.containers[Number(path[1])]?.name === container || container === '';
    // During back-off the present log is the previous one: who hides a log hides both.
    if (path.includes('logs')) return own && at.startsWith('log.');
    if (path[0] === 'events') return at.startsWith('event:');
    return begins(at, fact.at) && (own || !at.startsWith('log'));
  });
}

export function begins(at: string, prefix: string): boolean {
  const next = at[prefix.length];
  return at.startsWith(prefix) && (next === undefined || ':.[/'.includes(next));
}
