// The story of a storm: one pure function. Invariants: nothing is posted before it is one; it is one only of incidents
// that were read and last; and it ends only when all its members have.

import { ending, isStorm, MINUTE, withMember } from './members.ts';
import type { StormEffect, StormEvent, StormState } from './state.ts';

export interface StormStep {
  state: StormState;
  effects: StormEffect[];
}

const SECOND = 1_000;
/** An overview takes nobody in after so long without a newcomer. */
const CALM_MS = MINUTE;
/** After the last member of a place recovered: longer than an incident stays open to come back. */
const REST_MS = 15 * MINUTE;

const CARD: StormEffect = { job: 'post', message: 'storm' };
const END: StormEffect = { job: 'post', message: 'storm-end' };

type EventOf<T extends StormEvent['type']> = Extract<StormEvent, { type: T }>;

/** `now` is RFC 3339. The first event must be `joined`. */
export function stormStep(state: StormState | null, event: StormEvent, now: string): StormStep {
  if (event.type === 'joined') return state ? joined(state, event, now) : begun(event, now);
  if (!state) throw new Error(`a storm begins with "joined", not with "${event.type}"`);
  switch (event.type) {
    case 'left':
      return withEnd({ ...state, members: ending(state.members, { [event.incident]: event.how }) }, now);
    case 'parted':
      return withEnd({ ...state, members: state.members.filter((one) => one.incident !== event.incident) }, now);
    case 'checked':
      return checked(state, event, now);
    case 'due':
      return due(state, now);
    case 'posted':
      return { state: { ...state, messages: { ...state.messages, [event.message]: event.ts } }, effects: [] };
  }
}

function begun({ id, subject, limits, cluster, channel, mention, member, root }: EventOf<'joined'>, now: string) {
  const state: StormState = {
    schemaVersion: 1,
    id,
    phase: 'gathering',
    takes: true,
    subject,
    limits,
    cluster,
    channel,
    mentions: mention ? [mention] : [],
    members: [{ ...member, at: now, ended: '' }],
    root,
    startedAt: now,
    joinedAt: now,
    endedAt: '',
    messages: {},
  };
  const delayMs = subject.is === 'digest' ? Math.max(0, Date.parse(subject.at) - Date.parse(now)) : waitMs(state);
  return { state, effects: [{ job: 'storm-due' as const, delayMs }] };
}

/** How long it waits for a newcomer. */
function waitMs({ subject, limits }: StormState): number {
  return subject.is === 'overview' ? CALM_MS : limits.waitSeconds * SECOND;
}

function joined(before: StormState, event: EventOf<'joined'>, now: string): StormStep {
  const { incident } = event.member;
  const known = before.members.some((one) => one.incident === incident);
  if (!known && !before.takes) return { state: before, effects: [] };
  const state = withMember(before, event, now);
  if (before.phase === 'gathering') return { state, effects: isStorm(state, now) ? [{ job: 'check' }] : [] };
  const gather: StormEffect = { job: 'gather', member: incident };
  if (before.phase === 'open') return { state, effects: [CARD, gather] };
  return { state: { ...state, phase: 'open', endedAt: '' }, effects: [CARD, END, gather] };
}

/** The members were read: those that have ended make no storm. */
function checked(before: StormState, { ended }: EventOf<'checked'>, now: string): StormStep {
  const state = { ...before, members: ending(before.members, ended) };
  const isDue = state.subject.is === 'digest' && !state.takes;
  if (state.phase !== 'gathering' || !(isDue || isStorm(state, now))) return { state, effects: [] };
  return { state: { ...state, phase: 'open' }, effects: [CARD, { job: 'gather' }] };
}

function due(state: StormState, now: string): StormStep {
  if (state.subject.is === 'digest' && state.phase === 'gathering')
    return { state: { ...state, takes: false }, effects: [{ job: 'check' }] };
  if (!state.takes) return { state, effects: [] };
  if (state.phase === 'over') {
    const rested = Date.parse(now) - Date.parse(state.endedAt) >= REST_MS;
    return { state: rested ? { ...state, takes: false } : state, effects: [] };
  }
  // A place is taken for broken as long as anything waits for it.
  if (state.phase === 'open' && state.subject.is === 'place') return { state, effects: [] };
  const leftMs = waitMs(state) - (Date.parse(now) - Date.parse(state.joinedAt));
  if (leftMs > 0) return { state, effects: [{ job: 'storm-due', delayMs: leftMs }] };
  if (state.phase === 'gathering') return { state: { ...state, takes: false, phase: 'over' }, effects: [] };
  const calm = withEnd({ ...state, takes: false }, now);
  return { ...calm, effects: [...calm.effects, { job: 'gather' }] };
}

/** An open storm is drawn anew, and is over when none of its members lasts; an overview not before it is calm. */
function withEnd(state: StormState, now: string): StormStep {
  if (state.phase !== 'open') return { state, effects: [] };
  const mayGrow = state.subject.is === 'overview' && state.takes;
  if (mayGrow || state.members.some((one) => one.ended === '')) return { state, effects: [CARD] };
  // Of small things nobody waits for the end.
  const effects: StormEffect[] = state.subject.is === 'digest' ? [CARD] : [CARD, END];
  const rest: StormEffect[] = state.takes ? [{ job: 'storm-due', delayMs: REST_MS }] : [];
  return { state: { ...state, phase: 'over', endedAt: now }, effects: [...effects, ...rest] };
}
