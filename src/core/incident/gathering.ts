// An incident among others: one message speaks for all of them, and hears when this one is over or back. It stands in the
// thread of that message, as `member`; a card that it had before becomes a line that leads there.
// Invariant: whatever ends or brings back a member is told to its storm, by whichever event that came about.

import type { Effect } from './effects.ts';
import type { IncidentEvent } from './events.ts';
import { isOver, isQuestion } from './life.ts';
import type { IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };
const MEMBER: Effect = { job: 'post', message: 'member' };
const DETAILS: Effect = { job: 'post', message: 'details' };

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function gathering(state: IncidentState, event: EventOf<'gathered' | 'parted'>): Step | undefined {
  const { life } = state;
  if (event.type === 'parted') {
    if (life.storm !== event.storm || life.storm === '') return undefined;
    return { state: { ...state, life: { ...life, storm: '', held: false } }, effects: [CARD, DETAILS, MEMBER] };
  }
  if (isQuestion(state) || isEnded(state)) return undefined;
  const isShownAtLast = life.storm === event.storm && life.held && !event.silent;
  // Slack moves no message: one that has stood in a thread before is shown by itself from then on.
  const isFree = life.storm === '' && state.messages.member === undefined;
  if (!isShownAtLast && !isFree) return undefined;
  const held = event.silent && life.held;
  return { state: { ...state, life: { ...life, storm: event.storm, held } }, effects: [CARD] };
}

/** Tells the storm that this one ended or came back. */
export function withStorm(before: IncidentState, step: Step): Step {
  const { state, effects } = step;
  if (state.life.storm === '' || isEnded(before) === isEnded(state)) return step;
  return { state, effects: [...effects, { job: isEnded(state) ? 'leave' : 'join' }] };
}

/** Which messages show it: among others its evidence would bury theirs. */
export function amongOthers(state: IncidentState, effect: Effect): Effect[] {
  if (state.life.storm === '' || effect.job !== 'post') return [effect];
  if (effect.message === 'details') return [];
  if (effect.message !== 'card') return [effect];
  return state.messages.card ? [MEMBER, CARD] : [MEMBER];
}

export function isEnded(state: IncidentState): boolean {
  return state.phase === 'recovered' || isOver(state);
}
