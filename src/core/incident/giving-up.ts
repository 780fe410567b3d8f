// What becomes of an incident when a job has failed for good. Invariant: it is told, never swallowed.

import { backTo, closed } from './deciding.ts';
import { verified } from './doing.ts';
import type { Effect } from './effects.ts';
import type { IncidentEvent } from './events.ts';
import type { PendingPlan } from './plans.ts';
import type { IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function gaveUp(state: IncidentState, event: EventOf<'gave-up'>, now: string): Step | undefined {
  switch (event.job) {
    case 'diagnose':
      return state.phase === 'asked'
        ? { state: { ...state, phase: 'refused', sentence: event.sentence }, effects: [CARD] }
        : undefined;
    case 'plan':
      return state.phase === 'planning'
        ? { state: { ...state, phase: backTo(state), sentence: event.sentence }, effects: [CARD] }
        : undefined;
    case 'apply':
      return state.phase === 'applying' && state.plan ? unwritten(state, state.plan, event.sentence, now) : undefined;
    case 'verify':
      return state.phase === 'verifying' && state.operation
        ? verified(state, state.operation, { recovered: false, at: now, words: event.sentence })
        : undefined;
    case 'recheck':
      // The next look is due as if this one had seen nothing.
      return { state: { ...state, life: { ...state.life, look: { ...state.life.look, dueAt: '' } } }, effects: [] };
    case 'settle':
      return state.life.held
        ? { state: { ...state, life: { ...state.life, held: false } }, effects: [CARD] }
        : undefined;
    default:
      return undefined;
  }
}

const LOOKED_FOR_MS = 60 * 60_000;
const LOOK_AGAIN_MS = 60_000;

/** A write that has begun may have been done though its answer was lost: nobody would watch it, so it is looked for. */
function unwritten(state: IncidentState, pending: PendingPlan, sentence: string, now: string): Step {
  if (!state.writing) return closed(state, pending, sentence);
  const unknown = `Whether “${pending.plan.title}” was written is not known`;
  if (!(Date.parse(now) - Date.parse(state.approval?.at ?? '') < LOOKED_FOR_MS))
    return closed(state, pending, `${unknown}. ${sentence} Look at the workload, then diagnose again.`);
  return {
    state: { ...state, sentence: `${unknown} yet. ${sentence} I look again every minute.` },
    effects: [CARD, { job: 'apply', planId: pending.plan.id, delayMs: LOOK_AGAIN_MS }],
  };
}
