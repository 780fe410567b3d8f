// From the question to the answer: read, choose, refuse, diagnose, and diagnose again.

import type { Effect, IncidentEvent, IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };
const MOST_PROGRESS = 12;

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function answering(
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
