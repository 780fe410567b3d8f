// I take it, hand over, mute, unmute. Whoever may read an incident may look after it; an incident is handed only to a
// member of the workspace.

import type { IncidentState } from '../core/incident/state.ts';
import { standingRefusal } from '../core/policy/decide.ts';
import { standingOf } from './access.ts';
import { handOverModal, muteModal } from './care-modals.ts';
import type { Click } from './clicks.ts';
import { tell } from './tell.ts';

export async function take(c: Click, state: IncidentState): Promise<void> {
  const { life } = await c.ports.tell(state.id, { type: 'taken', by: c.user, whom: c.user });
  if (life.takenBy !== c.user) await tell(c.respond, 'This incident is over: nobody has to take it.');
}

export async function handOver(c: Click, state: IncidentState): Promise<void> {
  if (c.entered?.whom === undefined)
    return void (await c.client.views.open({ trigger_id: c.triggerId, view: handOverModal(c, state) }));
  const { whom } = c.entered;
  const refusal =
    whom === '' ? undefined : standingRefusal(await standingOf(c.client, { user: whom, teamId: c.teamId }));
  if (refusal) return tell(c.respond, `<@${whom}> cannot take it. ${refusal}`);
  await c.ports.tell(state.id, { type: 'taken', by: c.user, whom });
}

export async function mute(c: Click, state: IncidentState): Promise<void> {
  if (c.entered?.muteSeconds === undefined)
    return void (await c.client.views.open({ trigger_id: c.triggerId, view: muteModal(c, state) }));
  const { muteSeconds, reason = '' } = c.entered;
  const until = new Date(Date.parse(c.ports.now()) + muteSeconds * 1_000).toISOString();
  await c.ports.tell(state.id, { type: 'muted', by: c.user, until, reason });
}

export async function unmute(c: Click, state: IncidentState): Promise<void> {
  const until = state.life.mute?.until;
  if (until) await c.ports.tell(state.id, { type: 'unmuted', by: c.user, until });
}
