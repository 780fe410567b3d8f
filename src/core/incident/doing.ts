// From an approved plan to its outcome: written, watched, verified, or not written after all.

import type { DebugCopy } from '../copy.ts';
import { type Plan, planId } from '../plan.ts';
import type { Report } from '../report.ts';
import { closed } from './deciding.ts';
import type { Effect } from './effects.ts';
import type { IncidentEvent } from './events.ts';
import { directs, outcomeMessage, postPlan, withFollowed } from './plan-messages.ts';
import type { Operation, PendingPlan } from './plans.ts';
import type { IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };
const DETAILS: Effect = { job: 'post', message: 'details' };

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function doing(
  state: IncidentState,
  event: EventOf<'writing' | 'applied' | 'not-applied' | 'watched' | 'verified' | 'done' | 'copy-ended'>,
  now: string,
): Step | undefined {
  switch (event.type) {
    case 'writing': {
      if (state.phase !== 'applying' || state.plan?.plan.id !== event.planId || state.writing) return undefined;
      const { type: _type, ...writing } = event;
      return { state: { ...state, writing }, effects: [] };
    }
    case 'applied': {
      const { plan, approval, operation: before } = state;
      if (state.phase !== 'applying' || !plan || !approval || plan.plan.id !== event.planId) return undefined;
      const writing = state.writing ?? { planId: event.planId, undo: null, undoRefusal: WRITTEN_BEFORE };
      const operation = {
        ...writing,
        number: plan.number,
        undo: writing.undo && aimedAt(writing.undo, event.templateHash),
        undoSeal: event.undoSeal,
        plan: plan.plan,
        undoes: plan.undoes,
        askedBy: plan.askedBy,
        approval,
        approvals: plan.approvals,
        facts: plan.facts,
        appliedAt: now,
        specHash: event.specHash,
        steadySeconds: event.steadySeconds,
        seen: '',
        outcome: null,
      };
      const copies = copiesAfter(state, plan.plan, event.copy);
      const isUndo = before !== null && before.plan.id === plan.undoes;
      const earlier = before ? withFollowed(state, before, isUndo) : state.earlier;
      return {
        state: { ...state, phase: 'verifying', operation, plan: null, writing: null, sentence: '', copies, earlier },
        effects: [
          CARD,
          postPlan(plan),
          ...(isUndo ? [postPlan(before)] : []),
          { job: 'verify', planId: event.planId },
          ...cleanUp(plan.plan, event.copy),
        ],
      };
    }
    case 'not-applied':
      if (state.phase !== 'applying' || state.plan?.plan.id !== event.planId) return undefined;
      return event.drift && !state.plan.undoes
        ? plannedAgain(state, state.plan, event.sentence)
        : closed(state, state.plan, event.sentence);
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
      return verified(state, state.operation, { recovered: event.recovered, at: now, words: event.words });
    }
    case 'done':
      if (state.phase !== 'verifying' || state.operation?.plan.id !== event.planId) return undefined;
      return {
        state: {
          ...state,
          phase: 'diagnosed',
          approval: null,
          sentence: event.words,
          operation: { ...state.operation, done: event.words },
          report: state.report && withFound(state.report, state.operation.plan, event.found),
        },
        effects: [CARD, postPlan(state.operation), ...(event.found ? [DETAILS] : []), ...told(state, state.operation)],
      };
    case 'copy-ended': {
      if (!state.copies?.some((copy) => copy.planId === event.planId)) return undefined;
      const copies = event.gone ? state.copies.filter((copy) => copy.planId !== event.planId) : state.copies;
      const sentence = state.phase === 'diagnosed' ? event.words : state.sentence;
      return { state: { ...state, copies, sentence }, effects: [CARD] };
    }
  }
}

/** An attempt that was given up had written it all the same: then its mark is found, and nothing was noted. */
const WRITTEN_BEFORE = 'It was found written already, so what stood there before is not known.';

/** The same change for the workload as it is now: it needs approvals of its own. */
function plannedAgain(state: IncidentState, pending: PendingPlan, sentence: string): Step {
  const { action } = pending.plan;
  const after = closed(state, pending, sentence);
  const planning: Effect = {
    job: 'plan',
    action,
    by: pending.askedBy,
    ...(pending.choice && { choice: pending.choice }),
    ...(pending.askSeal && { seal: pending.askSeal }),
  };
  return { state: { ...after.state, phase: 'planning' }, effects: [...after.effects, planning] };
}

/** Watched to its end: said in the thread, in the plan's own message, and to those who asked and approved. */
export function verified(state: IncidentState, before: Operation, outcome: NonNullable<Operation['outcome']>): Step {
  const operation = { ...before, outcome };
  return {
    state: { ...state, phase: outcome.recovered ? 'recovered' : 'not-recovered', operation },
    effects: [
      CARD,
      postPlan(operation),
      { job: 'post', message: outcomeMessage(operation) },
      ...told(state, operation),
    ],
  };
}

function told({ earlier = [] }: IncidentState, operation: Operation): Effect[] {
  return directs(operation, earlier.findLast((one) => one.operation?.plan.id === operation.undoes)?.operation);
}

/** A copy that was made is remembered until it is deleted, by whom ever. */
function copiesAfter({ copies = [] }: IncidentState, { intent }: Plan, made: DebugCopy | undefined): DebugCopy[] {
  const left = copies.filter((copy) => copy.planId !== intent.copyOf);
  return made ? [...left, made] : left;
}

function cleanUp({ id, intent }: Plan, made: DebugCopy | undefined): Effect[] {
  return made ? [{ job: 'clean-up', planId: id, delayMs: Number(intent.lifeSeconds) * 1000 }] : [];
}

/** What a copy proved stands among the evidence. */
function withFound(report: Report, { target }: Plan, found: string | undefined): Report {
  if (!found) return report;
  const fact = { kind: 'debug-copy' as const, text: found, at: `${target.kind}/${target.name}` };
  return { ...report, context: [...report.context, fact] };
}

/** An undo is a plan for the object as the write left it. */
export function aimedAt(undo: Plan, templateHash: string): Plan {
  const target = { ...undo.target, templateHash };
  return { ...undo, target, id: planId({ ...undo, target }) };
}
