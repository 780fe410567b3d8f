// The story of an incident: one pure function. Edges only translate; whatever is not a legal next step changes
// nothing, so that a repeated click, a late job or a second worker can do no harm.

import { type Plan, planId } from '../action.ts';
import { backTo, deciding } from './deciding.ts';
import type { Effect, IncidentEvent, IncidentState, PolicyTerms } from './state.ts';

export interface Step {
  state: IncidentState;
  effects: Effect[];
}

const CARD: Effect = { job: 'post', message: 'card' };
const PLAN: Effect = { job: 'post', message: 'plan' };
const MOST_PROGRESS = 12;
/** A plan from before there was a policy: it may be looked at, and needs a signed approval like any other. */
const NO_TERMS: PolicyTerms = {
  facts: { labels: {}, replicas: null, managedBy: [] },
  requires: { denied: '', rule: '', minimum: 1, requesterCounts: true, typedConfirmation: false },
};

/** `now` is RFC 3339. The first event must be `asked`; anything else on no state is a programming error. */
export function step(state: IncidentState | null, event: IncidentEvent, now: string): Step {
  if (event.type === 'asked') return state ? { state, effects: [] } : asked(event);
  if (!state) throw new Error(`an incident begins with "asked", not with "${event.type}"`);
  return next(state, event, now) ?? { state, effects: [] };
}

function asked(event: Extract<IncidentEvent, { type: 'asked' }>): Step {
  const state: IncidentState = {
    schemaVersion: 1,
    id: event.id,
    phase: 'asked',
    request: event.request,
    progress: [],
    sentence: '',
    matches: [],
    target: null,
    report: null,
    plan: null,
    approval: null,
    writing: null,
    operation: null,
    messages: {},
  };
  return { state, effects: [CARD, { job: 'diagnose' }] };
}

function next(state: IncidentState, event: Exclude<IncidentEvent, { type: 'asked' }>, now: string): Step | undefined {
  switch (event.type) {
    case 'arrived':
    case 'found-many':
    case 'picked':
    case 'refused':
    case 'diagnosed':
    case 'diagnose-again':
      return answering(state, event);
    case 'posted':
      return { state: { ...state, messages: { ...state.messages, [event.message]: event.ts } }, effects: [] };
    case 'plan-wanted':
    case 'planned':
    case 'plan-refused':
    case 'undo-wanted':
      return planning(state, event, now);
    case 'approved':
    case 'rejected':
    case 'cancelled':
    case 'expired':
      return deciding(state, event, now);
    case 'writing':
    case 'applied':
    case 'not-applied':
    case 'watched':
    case 'verified':
    case 'done':
      return doing(state, event, now);
    case 'gave-up':
      return gaveUp(state, event);
  }
}

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

function answering(
  state: IncidentState,
  event: EventOf<'arrived' | 'found-many' | 'picked' | 'refused' | 'diagnosed' | 'diagnose-again'>,
): Step | undefined {
  if (event.type === 'diagnose-again') {
    if (!['diagnosed', 'not-recovered', 'recovered', 'refused'].includes(state.phase)) return undefined;
    return {
      state: { ...state, phase: 'asked', progress: [], sentence: '', plan: null },
      effects: [CARD, { job: 'diagnose' }],
    };
  }
  if (event.type === 'picked') {
    if (state.phase !== 'choosing') return undefined;
    const { cluster, namespace, kind, name } = event.match;
    const wanted = { ...state.request.wanted, cluster, namespace, kind, name, selector: '' };
    return {
      state: { ...state, phase: 'asked', matches: [], request: { ...state.request, wanted } },
      effects: [CARD, { job: 'diagnose' }],
    };
  }
  if (state.phase !== 'asked') return undefined;
  switch (event.type) {
    case 'arrived':
      return { state: { ...state, progress: [...state.progress, event.what].slice(-MOST_PROGRESS) }, effects: [CARD] };
    case 'found-many':
      return { state: { ...state, phase: 'choosing', matches: event.matches }, effects: [CARD] };
    case 'refused':
      return { state: { ...state, phase: 'refused', sentence: event.sentence }, effects: [CARD] };
    case 'diagnosed':
      return {
        state: { ...state, phase: 'diagnosed', target: event.target, report: event.report, sentence: '' },
        effects: [CARD, { job: 'post', message: 'details' }],
      };
  }
}

function planning(
  state: IncidentState,
  event: EventOf<'plan-wanted' | 'planned' | 'plan-refused' | 'undo-wanted'>,
  now: string,
): Step | undefined {
  switch (event.type) {
    case 'plan-wanted': {
      if (!['diagnosed', 'not-recovered'].includes(state.phase)) return undefined;
      const effects: Effect[] = [CARD, { job: 'plan', action: event.action, by: event.by }];
      return {
        state: {
          ...state,
          phase: 'planning',
          sentence: '',
          plan: null,
          approval: null,
          messages: without(state.messages),
        },
        effects,
      };
    }
    case 'planned': {
      if (state.phase !== 'planning') return undefined;
      const plan = {
        plan: event.plan,
        askedBy: event.askedBy,
        plannedAt: now,
        expiresAt: event.expiresAt,
        dryRun: event.dryRun,
        undoes: null,
        facts: event.facts ?? NO_TERMS.facts,
        requires: event.requires ?? NO_TERMS.requires,
        approvals: [],
      };
      return {
        state: { ...state, phase: 'planned', plan },
        effects: [CARD, PLAN, expiry(event.plan.id, now, event.expiresAt)],
      };
    }
    case 'plan-refused':
      if (state.phase !== 'planning') return undefined;
      return { state: { ...state, phase: backTo(state), sentence: event.sentence }, effects: [CARD] };
    case 'undo-wanted': {
      const undo = state.operation?.undo;
      if (!undo || !state.operation || !['recovered', 'not-recovered'].includes(state.phase)) return undefined;
      const plan = {
        plan: undo,
        askedBy: event.by,
        plannedAt: now,
        expiresAt: event.expiresAt,
        dryRun: 'runs again just before the write',
        undoes: state.operation.plan.id,
        facts: state.operation.facts,
        requires: event.requires ?? NO_TERMS.requires,
        approvals: [],
      };
      return {
        state: { ...state, phase: 'planned', plan, approval: null, messages: without(state.messages) },
        effects: [CARD, PLAN, expiry(undo.id, now, event.expiresAt)],
      };
    }
  }
}

/** Every plan gets a message of its own. */
function without(messages: IncidentState['messages']): IncidentState['messages'] {
  const { plan: _plan, outcome: _outcome, ...kept } = messages;
  return kept;
}

function expiry(planId: string, now: string, expiresAt: string): Effect {
  return { job: 'expire', planId, delayMs: Math.max(0, Date.parse(expiresAt) - Date.parse(now)) };
}

function doing(
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

/** A job that failed for good is told, never swallowed. */
function gaveUp(state: IncidentState, event: EventOf<'gave-up'>): Step | undefined {
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
    default:
      return undefined;
  }
}
