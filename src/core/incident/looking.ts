// What the cluster says when it is read again: still broken, broken in another way, over, gone, or back.
// Invariant: only a look makes an incident recover without a change of ours, and the same cause is never told twice.

import { gradedSentence, subjectOf } from '../headline.ts';
import type { Report } from '../report.ts';
import { durationWords } from '../spoken.ts';
import type { Effect } from './effects.ts';
import type { IncidentEvent, Look } from './events.ts';
import { isQuestion } from './life.ts';
import { isSilent, REST_SECONDS } from './pace.ts';
import type { IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };
const DETAILS: Effect = { job: 'post', message: 'details' };
const NEWS_MAX = 10;

type Looked = Extract<IncidentEvent, { type: 'looked' }>;

export function looking(state: IncidentState, event: Looked, now: string): Step | undefined {
  if (event.round !== state.life.look.round || state.life.look.dueAt === '') return undefined;
  const step = seen(noting(state, event, now), event, now);
  // The card also counts what was heard since: an edit that changes nothing is not sent.
  const isDrawn = step.effects.some((effect) => effect.job === 'post' && effect.message === 'card');
  return isDrawn ? step : { ...step, effects: [CARD, ...step.effects] };
}

function seen(state: IncidentState, event: Looked, now: string): Step {
  switch (state.phase) {
    case 'diagnosed':
    case 'not-recovered':
      return whileBroken(state, event, now);
    case 'recovered':
      return whileRecovered(state, event, now);
    default:
      return { state, effects: [] };
  }
}

function noting(state: IncidentState, { look, report, still }: Looked, now: string): IncidentState {
  const before = state.life.look;
  const after = {
    ...before,
    dueAt: '',
    calm: before.calm + 1,
    soonSeconds: look.is === 'waiting' ? look.soonSeconds : 0,
    mark: look.mark || before.mark,
    answeredAt: report || still ? now : before.answeredAt,
  };
  return { ...state, life: { ...state.life, look: after } };
}

function whileBroken(state: IncidentState, event: Looked, now: string): Step {
  const { look, report } = event;
  switch (look.is) {
    case 'recovered':
      return over(state, 'recovered', look, now);
    case 'gone':
      return over(state, 'gone', look, now);
    case 'broken': {
      if (isSilent(state, now)) return silence(state, now);
      if (!report) return { state: answered(state, event), effects: [] };
      if (!isAnotherCause(state.report, report)) return { state: answered(state, event), effects: [CARD, DETAILS] };
      const words = `The cause has changed. ${gradedSentence(report)}`;
      return told(answered(state, event), { words, mention: event.mention }, now, [CARD, DETAILS, ...joining(state)]);
    }
    default:
      return { state, effects: [] };
  }
}

function whileRecovered(state: IncidentState, event: Looked, now: string): Step {
  const { look } = event;
  const { life } = state;
  const since = life.ended?.at || state.operation?.outcome?.at || now;
  const seconds = (Date.parse(now) - Date.parse(since)) / 1_000;
  if (look.is === 'broken') return back(state, event, seconds, now);
  if (seconds < REST_SECONDS && look.is !== 'gone') return { state, effects: [] };
  return { state: { ...state, life: { ...life, closedAt: now } }, effects: [] };
}

/** It recovered by itself, or somebody deleted it. */
function over(state: IncidentState, phase: 'recovered' | 'gone', { words }: Look, now: string): Step {
  const { life } = state;
  const look = { ...life.look, calm: 0, soonSeconds: 0 };
  const ended = { at: now, words };
  const closedAt = phase === 'gone' ? now : '';
  return {
    state: { ...state, phase, plan: null, sentence: '', life: { ...life, ended, look, closedAt } },
    effects: [CARD],
  };
}

function back(state: IncidentState, event: Looked, seconds: number, now: string): Step {
  const { life, operation } = state;
  const words = `It crashed again ${durationWords(seconds)} after it had recovered.`;
  const returns = life.returns + 1;
  const returned = answered(
    {
      ...state,
      phase: operation ? 'not-recovered' : 'diagnosed',
      operation: operation && { ...operation, outcome: { recovered: false, at: now, words } },
      life: { ...life, ended: null, returns, newsAt: now, look: { ...life.look, calm: 0, soonSeconds: 0 } },
    },
    event,
  );
  // Only the first return is worth a line: the card counts the others.
  return returns === 1 ? told(returned, { words, mention: '' }, now, [CARD]) : { state: returned, effects: [CARD] };
}

/** Nothing new for days: it is let go of, and the card says so. */
function silence(state: IncidentState, now: string): Step {
  const life = { ...state.life, closedAt: now };
  if (isQuestion(state)) return { state: { ...state, life }, effects: [] };
  return { state: { ...state, phase: 'expired', plan: null, life }, effects: [CARD] };
}

function answered(state: IncidentState, { report, still, target }: Looked): IncidentState {
  if (report) return { ...state, report, target: target ?? state.target };
  return still && state.report ? { ...state, report: { ...state.report, ...still } } : state;
}

function told(state: IncidentState, news: { words: string; mention: string }, now: string, effects: Effect[]): Step {
  const { life, report } = state;
  const number = (life.news.at(-1)?.number ?? 0) + 1;
  const words = report ? `${subjectOf(report)}: ${news.words}` : news.words;
  const kept = [...life.news, { number, at: now, words, mention: news.mention }].slice(-NEWS_MAX);
  return {
    state: { ...state, life: { ...life, newsAt: now, look: { ...life.look, calm: 0 }, news: kept } },
    effects: [...effects, { job: 'post', message: `news.${number}` }],
  };
}

/** With another cause it may belong to others. */
function joining(state: IncidentState): Effect[] {
  return isQuestion(state) ? [] : [{ job: 'join' }];
}

/** A surer or another answer about the same thing; the same cause in other words is not. */
function isAnotherCause(before: Report | null, after: Report): boolean {
  const { cause, grade, container } = after.verdict;
  if (!before || cause === 'none' || cause === 'none-recovered' || cause === 'unknown' || grade === 'possible')
    return false;
  return cause !== before.verdict.cause || container !== before.verdict.container;
}
