// What is heard of an incident and what it turns out to be: another signal, its true identity, or that it is known already.
// Invariant: a signal that something is over changes no card; it only makes the worker read the cluster.

import type { Effect } from './effects.ts';
import type { IncidentEvent } from './events.ts';
import { isQuestion, NEW_LIFE } from './life.ts';
import { lookingSoon } from './pace.ts';
import type { IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };
const SHOWN: Effect[] = [CARD, { job: 'post', message: 'details' }];
const SENDERS_MAX = 8;

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function hearing(
  state: IncidentState,
  event: EventOf<'heard' | 'identified' | 'merged' | 'open-elsewhere' | 'settled'>,
  now: string,
): Step | undefined {
  const { life } = state;
  switch (event.type) {
    case 'heard': {
      const { signal } = event;
      const heard = withSignal(life.heard, signal);
      const newsAt = signal.status === 'firing' ? now : life.newsAt;
      return { state: lookingSoon({ ...state, life: { ...life, heard, newsAt } }, now), effects: [] };
    }
    case 'identified': {
      if (life.identity || isQuestion(state) || state.phase !== 'asked') return undefined;
      const { type: _type, identity, channel, route, former, mute } = event;
      const request = { ...state.request, place: { ...state.request.place, channel } };
      const wake: Effect[] = mute ? [{ job: 'unmute', until: mute.until, delayMs: msUntil(mute.until, now) }] : [];
      return { state: { ...state, request, life: { ...life, identity, route, former, mute } }, effects: wake };
    }
    case 'merged':
      if (state.phase !== 'asked' || isQuestion(state)) return undefined;
      return { state: { ...state, phase: 'merged', life: { ...life, into: event.into, closedAt: now } }, effects: [] };
    case 'open-elsewhere':
      if (!isQuestion(state)) return undefined;
      return { state: { ...state, life: { ...life, openAt: event.place } }, effects: [CARD] };
    case 'settled':
      if (!life.held || state.phase === 'asked' || state.phase === 'merged') return undefined;
      return { state: { ...state, life: { ...life, held: false } }, effects: SHOWN };
  }
}

/** The life of an incident that begins with this request. */
export function bornFrom({ request }: EventOf<'asked'>, now: string): IncidentState['life'] {
  const begun = { ...NEW_LIFE, openedAt: now, newsAt: now };
  if (request.by.kind === 'user') return begun;
  const { severity = '', at = now } = request.alert ?? {};
  const signal = { source: request.by.id, title: request.said, severity, status: 'firing' as const, at };
  return { ...begun, held: true, heard: withSignal([], signal) };
}

function withSignal(heard: IncidentState['life']['heard'], signal: EventOf<'heard'>['signal']) {
  const { source, title, severity, status, at } = signal;
  const known = heard.find((one) => one.source === source && one.title === title);
  const firing = status === 'firing';
  const before = known ?? { source, title, severity, count: 0, at, resolved: false };
  const after = {
    ...before,
    count: before.count + (firing ? 1 : 0),
    at: firing && at > before.at ? at : before.at,
    resolved: !firing,
  };
  return [...heard.filter((one) => one !== known), after].slice(-SENDERS_MAX);
}

export function msUntil(until: string, now: string): number {
  return Math.max(0, Date.parse(until) - Date.parse(now));
}
