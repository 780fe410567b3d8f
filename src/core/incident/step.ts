// The story of an incident: one pure function. Edges only translate; whatever is not a legal next step changes
// nothing, so that a repeated click, a late job or a second worker can do no harm.

import { answering } from './answering.ts';
import { caring } from './caring.ts';
import { deciding } from './deciding.ts';
import { doing } from './doing.ts';
import type { Effect } from './effects.ts';
import type { IncidentEvent } from './events.ts';
import { amongOthers, gathering, withStorm } from './gathering.ts';
import { gaveUp } from './giving-up.ts';
import { bornFrom, hearing } from './hearing.ts';
import { isMuted, whole } from './life.ts';
import { looking } from './looking.ts';
import { withNextLook } from './pace.ts';
import { planning } from './planning.ts';
import type { IncidentState } from './state.ts';

export interface Step {
  state: IncidentState;
  effects: Effect[];
}

const CARD: Effect = { job: 'post', message: 'card' };

/** `now` is RFC 3339. The first event must be `asked`; anything else on no state is a programming error. */
export function step(state: IncidentState | null, event: IncidentEvent, now: string): Step {
  if (event.type === 'asked') return state ? { state, effects: [] } : heldBack(asked(event, now), now);
  if (!state) throw new Error(`an incident begins with "asked", not with "${event.type}"`);
  const before = whole(state);
  const after = next(before, event, now);
  return after ? heldBack(withStorm(before, withNextLook(after, now)), now) : { state: before, effects: [] };
}

/** Of an incident that is not shown yet nothing is posted; of a muted one nothing new. */
function heldBack(step: Step, now: string): Step {
  const { effects } = step;
  const state = shownAtLast(step.state);
  const isKept = (effect: Effect): boolean => {
    if (effect.job !== 'post') return true;
    if (state.life.held) return false;
    const isShown = state.messages.card !== undefined || state.messages.member !== undefined;
    return !isMuted(state, now) || (!effect.message.startsWith('news.') && isShown);
  };
  return { state, effects: effects.filter(isKept).flatMap((effect) => amongOthers(state, effect)) };
}

/** What cannot be answered is shown as it is. */
function shownAtLast(state: IncidentState): IncidentState {
  const isStuck = state.phase === 'refused' || state.phase === 'choosing';
  return isStuck && state.life.held ? { ...state, life: { ...state.life, held: false } } : state;
}

function asked(event: Extract<IncidentEvent, { type: 'asked' }>, now: string): Step {
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
    life: bornFrom(event, now),
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
      return answering(state, event, now);
    case 'attempt-refused':
      return { state: { ...state, refusedAttempts: (state.refusedAttempts ?? 0) + 1 }, effects: [] };
    case 'posted': {
      const messages = { ...state.messages, [event.message]: event.ts };
      // It was on its way when others turned out to share its cause.
      const isLate = event.message === 'card' && state.life.storm !== '';
      return { state: { ...state, messages }, effects: isLate ? [CARD] : [] };
    }
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
    case 'copy-ended':
      return doing(state, event, now);
    case 'heard':
    case 'identified':
    case 'merged':
    case 'open-elsewhere':
    case 'settled':
      return hearing(state, event, now);
    case 'gathered':
    case 'parted':
      return gathering(state, event);
    case 'looked':
      return looking(state, event, now);
    case 'taken':
    case 'muted':
    case 'unmuted':
      return caring(state, event, now);
    case 'gave-up':
      return gaveUp(state, event, now);
  }
}
