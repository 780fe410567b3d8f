// From a wished remedy to a plan that waits for an approval, and the same for taking a change back.

import { backTo } from './deciding.ts';
import type { Effect } from './effects.ts';
import type { IncidentEvent } from './events.ts';
import { nextNumber, postPlan } from './plan-messages.ts';
import type { PendingPlan, PolicyTerms } from './plans.ts';
import type { IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };
/** A plan from before there was a policy: it may be looked at, and needs a signed approval like any other. */
const NO_TERMS: PolicyTerms = {
  facts: { labels: {}, replicas: null, managedBy: [] },
  requires: { denied: '', rule: '', minimum: 1, requesterCounts: true, typedConfirmation: false },
};

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function planning(
  state: IncidentState,
  event: EventOf<'plan-wanted' | 'planned' | 'plan-refused' | 'undo-wanted'>,
  now: string,
): Step | undefined {
  switch (event.type) {
    case 'plan-wanted': {
      if (!['diagnosed', 'not-recovered'].includes(state.phase)) return undefined;
      const { action, by, choice, seal } = event;
      const asked = { action, by, ...(choice ? { choice } : {}), ...(seal ? { seal } : {}) };
      const effects: Effect[] = [CARD, { job: 'plan', ...asked }];
      return {
        state: { ...state, phase: 'planning', sentence: '', plan: null, approval: null },
        effects,
      };
    }
    case 'planned': {
      if (state.phase !== 'planning') return undefined;
      const plan = {
        number: nextNumber(state),
        plan: event.plan,
        askedBy: event.askedBy,
        askSeal: event.askSeal,
        plannedAt: now,
        expiresAt: event.expiresAt,
        dryRun: event.dryRun,
        undoes: null,
        facts: event.facts ?? NO_TERMS.facts,
        requires: event.requires ?? NO_TERMS.requires,
        approvals: [],
        choice: event.choice,
        seal: event.seal,
      };
      return {
        state: { ...state, phase: 'planned', plan, sentence: '' },
        effects: [CARD, postPlan(plan), expiry(plan, now)],
      };
    }
    case 'plan-refused':
      if (state.phase !== 'planning') return undefined;
      return { state: { ...state, phase: backTo(state), sentence: event.sentence }, effects: [CARD] };
    case 'undo-wanted': {
      const undo = state.operation?.undo;
      if (!undo || !state.operation || !['diagnosed', 'recovered', 'not-recovered'].includes(state.phase))
        return undefined;
      const plan = {
        number: nextNumber(state),
        plan: undo,
        askedBy: event.by,
        plannedAt: now,
        expiresAt: event.expiresAt,
        dryRun: 'runs again just before the write',
        undoes: state.operation.plan.id,
        facts: state.operation.facts,
        requires: event.requires ?? NO_TERMS.requires,
        approvals: [],
        seal: event.seal,
      };
      return {
        state: { ...state, phase: 'planned', plan, approval: null },
        effects: [CARD, postPlan(plan), expiry(plan, now)],
      };
    }
  }
}

function expiry({ plan, expiresAt }: PendingPlan, now: string): Effect {
  return { job: 'expire', planId: plan.id, delayMs: Math.max(0, Date.parse(expiresAt) - Date.parse(now)) };
}
