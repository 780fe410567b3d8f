// A click -> an event. The button's value is only an opaque id: what it stands for is looked up in the incident as it
// is now, and who may do it is asked at this moment.

import type { RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { type Offer, offerWithId, readButtonValue } from '../core/incident/offers.ts';
import type { IncidentEvent, IncidentState } from '../core/incident/state.ts';
import { type AccessRules, mayApprove, readScope, type Scope } from './access.ts';
import type { Ports } from './ports.ts';
import { tell } from './tell.ts';

export interface Click {
  value: string;
  user: string;
  userTeam: string;
  channel: string;
  messageTs: string;
  teamId: string;
  client: WebClient;
  rules: AccessRules;
  ports: Ports;
  respond: RespondFn;
}

const STALE = 'This button is out of date: the card shows what can be done now.';

export async function click(c: Click): Promise<void> {
  const id = readButtonValue(c.value);
  const state = id && (await c.ports.read(id.incident));
  if (!id || !state) return tell(c.respond, STALE);
  if (state.request.place.channel !== c.channel || !Object.values(state.messages).includes(c.messageTs))
    return tell(c.respond, STALE);
  if (c.userTeam !== c.teamId) return tell(c.respond, 'Only members of this workspace may use Loopbreaker.');
  const scope = await readScope(c.client, c.rules, { user: c.user, channel: c.channel, teamId: c.teamId });
  if (!scope.allowed) return tell(c.respond, scope.sentence);
  if (!covers(scope.value, state)) return tell(c.respond, 'You may not read this namespace from this channel.');
  const offer = offerWithId(state, id.offer);
  if (!offer) return tell(c.respond, alreadyDecided(state) ?? STALE);
  await fulfil(c, state, offer);
}

function covers(scope: Scope, state: IncidentState): boolean {
  const cluster = state.target?.cluster ?? state.request.wanted.cluster;
  const namespaces = scope.get(cluster);
  if (!namespaces) return false;
  return namespaces.includes('*') || !state.target || namespaces.includes(state.target.namespace);
}

async function fulfil(c: Click, state: IncidentState, offer: Offer): Promise<void> {
  switch (offer.is) {
    case 'pick':
      await c.ports.tell(state.id, { type: 'picked', match: offer.match, by: c.user });
      return;
    case 'diagnose-again':
      await c.ports.tell(state.id, { type: 'diagnose-again', by: c.user });
      return;
    case 'plan':
      await c.ports.tell(state.id, { type: 'plan-wanted', action: offer.action, by: c.user });
      return;
    case 'undo':
      await c.ports.tell(state.id, { type: 'undo-wanted', by: c.user, expiresAt: expiry(c.ports) });
      return;
    case 'cancel':
      return cancel(c, state, offer.planId);
    case 'approve':
      return approve(c, state, offer.planId);
  }
}

async function cancel(c: Click, state: IncidentState, planId: string): Promise<void> {
  if (state.plan?.askedBy !== c.user) {
    const allowed = await mayApprove(c.client, c.rules, { user: c.user, teamId: c.teamId });
    if (!allowed.allowed) return tell(c.respond, 'Only whoever asked for this plan, or an approver, may cancel it.');
  }
  await c.ports.tell(state.id, { type: 'cancelled', planId, by: c.user });
}

async function approve(c: Click, state: IncidentState, planId: string): Promise<void> {
  if (!c.ports.settings.remediation)
    return tell(
      c.respond,
      'Changes are switched off (LOOPBREAKER_REMEDIATION=off). Whoever runs Loopbreaker can switch them on.',
    );
  const allowed = await mayApprove(c.client, c.rules, { user: c.user, teamId: c.teamId });
  if (!allowed.allowed) return tell(c.respond, allowed.sentence);
  const event: IncidentEvent = { type: 'approved', planId, by: c.user };
  const after = await c.ports.tell(state.id, event);
  const decided = after.approval ?? after.operation?.approval;
  if (decided?.planId === planId && decided.by !== c.user)
    return tell(c.respond, `Already approved by <@${decided.by}>.`);
  if (decided?.planId !== planId) return tell(c.respond, 'This plan has expired. Ask for it again from the card.');
}

function alreadyDecided(state: IncidentState): string | undefined {
  const approval = state.approval ?? state.operation?.approval;
  return approval ? `Already approved by <@${approval.by}>.` : undefined;
}

function expiry(ports: Ports): string {
  return new Date(Date.parse(ports.now()) + ports.settings.approvalSeconds * 1000).toISOString();
}
