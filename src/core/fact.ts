// The three states of knowledge. "Not there" and "could not look" are different values everywhere,
// and a citation can be made only from something that was seen (or from a look that found nothing).

/** Where a fact was read. Fixed by the JSON contract. */
export type Source = 'status' | 'event' | 'log' | 'spec' | 'reference' | 'rollout' | 'node' | 'metrics';

export interface Seen<T> {
  state: 'seen';
  value: T;
  source: Source;
  /** Address a person can check, e.g. `status.containerStatuses[0].lastState.terminated.reason`. */
  at: string;
}

export interface Absent {
  state: 'absent';
  source: Source;
  at: string;
}

export interface Unread {
  state: 'unread';
  source: Source;
  at: string;
  /** Why it could not be read, as a phrase: "not permitted (403)", "not part of the pasted text". */
  why: string;
}

export type Fact<T> = Seen<T> | Absent | Unread;

/** One piece of proof: what was seen, and where. */
export interface Citation {
  source: Source;
  at: string;
  text: string;
}

export function seen<T>(value: T, source: Source, at: string): Seen<T> {
  return { state: 'seen', value, source, at };
}

export function absent(source: Source, at: string): Absent {
  return { state: 'absent', source, at };
}

export function unread(source: Source, at: string, why: string): Unread {
  return { state: 'unread', source, at, why };
}

/** The value when it was seen, otherwise undefined. */
export function known<T>(fact: Fact<T>): T | undefined {
  return fact.state === 'seen' ? fact.value : undefined;
}

/** True only when somebody looked: seen or absent. */
export function wasRead<T>(fact: Fact<T>): boolean {
  return fact.state !== 'unread';
}

/** Cites a seen fact in words. An unread fact proves nothing, so it yields nothing to cite. */
export function cite<T>(fact: Fact<T>, text: string, below = ''): Citation[] {
  return fact.state === 'seen' ? [{ source: fact.source, at: fact.at + below, text }] : [];
}

/** Cites a look that found nothing ("the API server says it does not exist"). */
export function citeAbsence<T>(fact: Fact<T>, text: string): Citation[] {
  return fact.state === 'absent' ? [{ source: fact.source, at: fact.at, text }] : [];
}
