// From the question to the answer: read, choose, refuse, diagnose, and diagnose again.

import type { Effect } from './effects.ts';
import type { IncidentEvent } from './events.ts';
import { isQuestion, isTrouble } from './life.ts';
import type { IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };
const DETAILS: Effect = { job: 'post', message: 'details' };
const MOST_PROGRESS = 12;
/** Others of the same cause may be diagnosed in the same moment: one card is for all of them. */
const SETTLE_MS = 2_500;

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function answering(
  state: IncidentState,
  event: EventOf<'arrived' | 'found-many' | 'picked' | 'refused' | 'diagnosed' | 'diagnose-again'>,
  now: string,
): Step | undefined {
  if (event.type === 'diagnose-again') {
    if (!['diagnosed', 'not-recovered', 'recovered', 'refused', 'gone', 'expired'].includes(state.phase))
      return undefined;
    const life = { ...state.life, closedAt: '', ended: null };
    return {
      state: { ...state, phase: 'asked', matches: [], progress: [], sentence: '', plan: null, life },
      effects: [CARD, { job: 'diagnose' }],
    };
  }
  if (event.type === 'picked') {
    if (state.phase !== 'choosing' && state.phase !== 'refused') return undefined;
    const { cluster, namespace, kind, name } = event.match;
    const wanted = { ...state.request.wanted, cluster, namespace, kind, name, selector: '' };
    return {
      state: { ...state, phase: 'asked', matches: [], sentence: '', request: { ...state.request, wanted } },
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
      return {
        state: { ...state, phase: 'refused', sentence: event.sentence, matches: event.near ?? [] },
        effects: [CARD],
      };
    case 'diagnosed':
      return diagnosed({ ...state, target: event.target, report: event.report, sentence: '' }, now);
  }
}

/** A signal about something that runs again is over as soon as it is read; a question is answered with that. */
function diagnosed(state: IncidentState, now: string): Step {
  const { life } = state;
  const isCalm = !isTrouble(state) && !isQuestion(state);
  const look = { ...life.look, answeredAt: now };
  return {
    state: {
      ...state,
      phase: isCalm ? 'recovered' : 'diagnosed',
      life: { ...life, look, ended: isCalm ? { at: now, words: '' } : null },
    },
    effects: [
      ...(isCalm || isQuestion(state) ? [] : [{ job: 'join' as const }]),
      ...(life.held ? [{ job: 'settle' as const, delayMs: SETTLE_MS }] : [CARD, DETAILS]),
    ],
  };
}
