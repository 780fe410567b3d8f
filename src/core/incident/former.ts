// What an earlier incident of the same workload says to the next one: what it was, and what ended it.

import { inSentence } from '../plan.ts';
import { type Former, shownAt } from './life.ts';
import type { IncidentState } from './state.ts';

const WITHIN_MS = 24 * 3_600_000;

/** Null when it did not end within a day, or there is nothing to say of it. `now` is RFC 3339. */
export function formerOf(state: IncidentState, now: string): Former | null {
  const { life, operation, report } = state;
  const at = life.ended?.at || operation?.outcome?.at || life.closedAt;
  if (!report || at === '' || Date.parse(now) - Date.parse(at) > WITHIN_MS) return null;
  const cause = report.verdict.summary.replace(/[.\s]{1,9}$/, '');
  const ended = state.phase === 'recovered' ? fixedBy(state) : life.ended?.words;
  const words = [cause, ended].filter(Boolean).join(', ').slice(0, 400);
  return { incident: state.id, ...shownAt(state), at, words };
}

function fixedBy({ operation, life }: IncidentState): string {
  if (life.ended || !operation?.outcome?.recovered) return 'over without a change of mine';
  const { title } = operation.plan;
  return `fixed by ${inSentence(title)}`;
}
