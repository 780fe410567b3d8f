// Who clicked what they may not: told to them alone, and kept in the incident's journal for those who look back.

import type { Attempt } from '../core/incident/events.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Click } from './clicks.ts';
import { tell } from './tell.ts';

/** Beyond this a journal would tell of nothing else; whoever goes on is in the log. */
const MOST_KEPT = 100;

/** The refusal stands whether or not it can be kept. */
export async function refuse(c: Click, state: IncidentState, attempt: Attempt, why: string): Promise<void> {
  await tell(c.respond, why);
  const fields = { incident: state.id, by: c.user, team: c.userTeam, channel: c.channel, attempt };
  c.ports.log.warn(fields, 'an attempt was refused');
  if ((state.refusedAttempts ?? 0) >= MOST_KEPT) return;
  const planId = attempt === 'read' ? '' : (state.plan?.plan.id ?? '');
  await c.ports.tell(state.id, { type: 'attempt-refused', by: c.user, attempt, planId, why: why.slice(0, 500) });
}
