// Who looks after an incident, and who wants to hear nothing of it for a while.

import type { Effect } from './effects.ts';
import type { IncidentEvent } from './events.ts';
import { msUntil } from './hearing.ts';
import { isOver, isQuestion } from './life.ts';
import { lookingSoon } from './pace.ts';
import type { IncidentState } from './state.ts';
import type { Step } from './step.ts';

const CARD: Effect = { job: 'post', message: 'card' };
/** It may never have been posted. */
const SHOWN: Effect[] = [CARD, { job: 'post', message: 'details' }];
/** Longer than this somebody has to say it again. */
export const MUTE_SECONDS_MAX = 14 * 86_400;

type EventOf<T extends IncidentEvent['type']> = Extract<IncidentEvent, { type: T }>;

export function caring(
  state: IncidentState,
  event: EventOf<'taken' | 'muted' | 'unmuted'>,
  now: string,
): Step | undefined {
  const { life } = state;
  if (isOver(state) || isQuestion(state)) return undefined;
  switch (event.type) {
    case 'taken':
      if (life.takenBy === event.whom) return undefined;
      return { state: { ...state, life: { ...life, takenBy: event.whom } }, effects: [CARD] };
    case 'muted': {
      const { until, by, reason } = event;
      const ms = msUntil(until, now);
      if (ms === 0 || ms > MUTE_SECONDS_MAX * 1_000) return undefined;
      return {
        state: { ...state, life: { ...life, mute: { until, by, reason } } },
        effects: [CARD, { job: 'unmute', until, delayMs: ms }],
      };
    }
    case 'unmuted': {
      if (life.mute?.until !== event.until) return undefined;
      // Time alone ends it no sooner than it was meant to.
      if (event.by === '' && msUntil(event.until, now) > 0) return undefined;
      return { state: lookingSoon({ ...state, life: { ...life, mute: null } }, now), effects: SHOWN };
    }
  }
}
