// What becomes of an incident when a job has failed for good. Invariant: it is told, never swallowed.

import { backTo } from './deciding.ts';
import type { Effect, IncidentEvent, IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };
const PLAN: Effect = { job: 'post', message: 'plan' };

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function gaveUp(state: IncidentState, event: EventOf<'gave-up'>): Step | undefined {
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
      return state.phase === 'applying'
        ? {
            state: {
              ...state,
              phase: backTo(state),
              plan: null,
              approval: null,
              writing: null,
              sentence: event.sentence,
            },
            effects: [CARD, PLAN],
          }
        : undefined;
    case 'verify':
      return state.phase === 'verifying' && state.operation
        ? {
            state: {
              ...state,
              phase: 'not-recovered',
              operation: { ...state.operation, outcome: { recovered: false, at: '', words: event.sentence } },
            },
            effects: [CARD],
          }
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
