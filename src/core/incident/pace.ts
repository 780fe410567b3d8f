// When the cluster is read again: soon after something happened, then less and less often. Invariant: as long as an
// incident is open and nobody is at work on it, exactly one look is due.

import { isOver, isQuestion, isTrouble } from './life.ts';
import type { IncidentState } from './state.ts';
import type { Step } from './step.ts';

const PACE_SECONDS = [15, 30, 60, 60, 120, 120, 300] as const;
const SLOW_SECONDS = 900;
/** Looks after which it becomes slow: about six hours. */
const SLOW_AFTER = 72;
/** A recovered incident is kept open for so long: what comes back within it is the same. */
export const REST_SECONDS = 600;
/** Nothing new for so long ends it: somebody has to ask again. */
export const SILENCE_SECONDS = 3 * 86_400;
/** So long is an answer to a question kept up to date. */
export const QUESTION_SECONDS = 86_400;

export function withNextLook(step: Step, now: string): Step {
  const { state, effects } = step;
  const { look } = state.life;
  if (!isWatched(state) || look.dueAt !== '') return step;
  const delayMs = delaySeconds(state) * 1_000;
  const round = look.round + 1;
  const dueAt = new Date(Date.parse(now) + delayMs).toISOString();
  return {
    state: { ...state, life: { ...state.life, look: { ...look, round, dueAt } } },
    effects: [...effects, { job: 'recheck', round, delayMs }],
  };
}

function isWatched(state: IncidentState): boolean {
  if (isOver(state) || state.target === null) return false;
  if (state.phase === 'recovered') return true;
  return (state.phase === 'diagnosed' || state.phase === 'not-recovered') && isTrouble(state);
}

function delaySeconds(state: IncidentState): number {
  const { calm, soonSeconds } = state.life.look;
  if (soonSeconds > 0) return Math.min(60, Math.max(3, soonSeconds));
  const pace = calm >= SLOW_AFTER ? SLOW_SECONDS : (PACE_SECONDS[calm] ?? 300);
  return Math.round((state.phase === 'recovered' ? Math.min(pace, 120) : pace) * spread(state.id));
}

/** Between 0.9 and 1.1, so that the incidents of one minute are not all read in the same second for ever. */
function spread(id: string): number {
  let sum = 0;
  for (let index = 0; index < id.length; index++) sum = (sum * 31 + id.charCodeAt(index)) % 1_000;
  return 0.9 + sum / 5_000;
}

/** Brings the next look forward, unless one is due within seconds anyway. */
export function lookingSoon(state: IncidentState, now: string, soonSeconds = 3): IncidentState {
  const { look } = state.life;
  const isSoon = look.dueAt !== '' && Date.parse(look.dueAt) - Date.parse(now) <= 5_000;
  return isSoon ? state : { ...state, life: { ...state.life, look: { ...look, dueAt: '', soonSeconds } } };
}

/** How long it must be steady: longer after each return, so that a card does not blink. */
export function steadySecondsNow(state: IncidentState, seconds: number): number {
  return Math.min(1_800, seconds * 2 ** Math.min(3, state.life.returns));
}

export function isSilent(state: IncidentState, now: string): boolean {
  const since = Date.parse(state.life.newsAt || state.life.openedAt);
  const seconds = isQuestion(state) ? QUESTION_SECONDS : SILENCE_SECONDS;
  return Number.isFinite(since) && Date.parse(now) - since > seconds * 1_000;
}
