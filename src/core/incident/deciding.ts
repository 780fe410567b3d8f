// What people and the clock make of a pending plan: approvals until there are enough, or an end without a write.

import type { Effect } from './effects.ts';
import type { IncidentEvent } from './events.ts';
import { directs, postPlan, withClosed } from './plan-messages.ts';
import type { PendingPlan } from './plans.ts';
import type { IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function deciding(
  state: IncidentState,
  event: EventOf<'approved' | 'rejected' | 'cancelled' | 'expired'>,
  now: string,
): Step | undefined {
  const pending = state.plan;
  if (state.phase !== 'planned' || pending?.plan.id !== event.planId) return undefined;
  const late = Date.parse(now) >= Date.parse(pending.expiresAt);
  if (event.type === 'approved' && !late) return approved(state, pending, event, now);
  // The same change may have been asked for anew since.
  if (event.type === 'expired' && !late) return undefined;
  return closed(state, pending, whyClosed(event, pending));
}

/** The plan comes to nothing. Whoever had it approved hears of it. */
export function closed(state: IncidentState, pending: PendingPlan, sentence: string): Step {
  const earlier = withClosed(state, pending, sentence);
  const told = state.approval ? directs(pending) : [];
  return {
    state: { ...state, phase: backTo(state), plan: null, approval: null, writing: null, sentence, earlier },
    effects: [CARD, postPlan(pending), ...told],
  };
}

/** One person counts once; the last approval that is needed starts the write. */
function approved(
  state: IncidentState,
  pending: PendingPlan,
  { planId, by, minimum = 1, signed }: EventOf<'approved'>,
  now: string,
): Step | undefined {
  if (pending.approvals.some((one) => one.by === by)) return undefined;
  const approval = { planId, by, at: now, ...(signed ? { signed } : {}) };
  const approvals = [...pending.approvals, approval];
  const plan = { ...pending, approvals };
  // Whatever the policy asked for when the plan was shown is asked for still, and more if it asks for more now.
  if (approvals.length < Math.max(minimum, pending.requires.minimum))
    return { state: { ...state, plan }, effects: [CARD, postPlan(plan)] };
  const effects: Effect[] = [CARD, postPlan(plan), { job: 'apply', planId }];
  return { state: { ...state, phase: 'applying', plan, approval }, effects };
}

function whyClosed(
  event: EventOf<'approved' | 'rejected' | 'cancelled' | 'expired'>,
  { plan, approvals, requires }: PendingPlan,
): string {
  switch (event.type) {
    case 'rejected':
      return `Not done: <@${event.by}> said no to “${plan.title}”${event.reason ? `: ${event.reason}` : ''}.`;
    case 'cancelled':
      return `Not done: <@${event.by}> withdrew “${plan.title}”.`;
    default: {
      const had =
        approvals.length > 0 ? `with ${approvals.length} of ${requires.minimum} approvals` : 'without an approval';
      return `“${plan.title}” expired ${had}. Ask for it again.`;
    }
  }
}

/** The phase to return to when a plan comes to nothing. */
export function backTo(state: IncidentState): IncidentState['phase'] {
  if (state.life.ended) return 'recovered';
  const outcome = state.operation?.outcome;
  if (!outcome) return 'diagnosed';
  return outcome.recovered ? 'recovered' : 'not-recovered';
}
