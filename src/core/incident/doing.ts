// From an approved plan to its outcome: written, watched, verified, or not written after all.

import { type Plan, planId } from '../action.ts';
import { backTo } from './deciding.ts';
import type { Effect, IncidentEvent, IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };
const PLAN: Effect = { job: 'post', message: 'plan' };

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function doing(
  state: IncidentState,
  event: EventOf<'writing' | 'applied' | 'not-applied' | 'watched' | 'verified' | 'done'>,
  now: string,
): Step | undefined {
  switch (event.type) {
    case 'writing': {
      if (state.phase !== 'applying' || state.plan?.plan.id !== event.planId || state.writing) return undefined;
      const { type: _type, ...writing } = event;
      return { state: { ...state, writing }, effects: [] };
    }
    case 'applied': {
      const { plan, approval, writing } = state;
      if (state.phase !== 'applying' || !plan || !approval || !writing || plan.plan.id !== event.planId)
        return undefined;
      const operation = {
        ...writing,
        undo: writing.undo && aimedAt(writing.undo, event.templateHash),
        plan: plan.plan,
        approval,
        approvals: plan.approvals,
        facts: plan.facts,
        appliedAt: now,
        steadySeconds: event.steadySeconds,
        seen: '',
        outcome: null,
      };
      return {
        state: { ...state, phase: 'verifying', operation, plan: null, writing: null, sentence: '' },
        effects: [CARD, PLAN, { job: 'verify', planId: event.planId }],
      };
    }
    case 'not-applied':
      if (state.phase !== 'applying' || state.plan?.plan.id !== event.planId) return undefined;
      return {
        state: { ...state, phase: backTo(state), plan: null, approval: null, writing: null, sentence: event.sentence },
        effects: [CARD, PLAN],
      };
    case 'watched': {
      if (state.phase !== 'verifying' || !state.operation) return undefined;
      const planId = state.operation.plan.id;
      return {
        state: { ...state, operation: { ...state.operation, seen: event.seen } },
        effects: [CARD, { job: 'verify', planId, delayMs: 1_000 }],
      };
    }
    case 'verified': {
      if (state.phase !== 'verifying' || !state.operation) return undefined;
      const outcome = { recovered: event.recovered, at: now, words: event.words };
      return {
        state: {
          ...state,
          phase: event.recovered ? 'recovered' : 'not-recovered',
          operation: { ...state.operation, outcome },
        },
        effects: [CARD, { job: 'post', message: 'outcome' }],
      };
    }
    case 'done':
      if (state.phase !== 'verifying' || state.operation?.plan.id !== event.planId) return undefined;
      return {
        state: { ...state, phase: 'diagnosed', operation: null, approval: null, sentence: event.words },
        effects: [CARD, PLAN],
      };
  }
}

/** An undo is a plan for the object as the write left it. */
function aimedAt(undo: Plan, templateHash: string): Plan {
  const target = { ...undo.target, templateHash };
  return { ...undo, target, id: planId({ ...undo, target }) };
}
