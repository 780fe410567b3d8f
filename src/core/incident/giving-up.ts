// What becomes of an incident when a job has failed for good. Invariant: it is told, never swallowed.

import { backTo, closed } from './deciding.ts';
import { verified } from './doing.ts';
import type { Effect } from './effects.ts';
import type { IncidentEvent } from './events.ts';
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
      return state.phase === 'applying' && state.plan ? closed(state, state.plan, event.sentence) : undefined;
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
