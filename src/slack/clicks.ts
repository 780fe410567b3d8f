// A click -> an event. The button's value is only an opaque id: what it stands for is looked up in the incident as it
// is now, and who may do it is asked at this moment.

import { setTimeout as pause } from 'node:timers/promises';
import type { RespondFn } from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { MessageName } from '../core/incident/messages.ts';
import { type Offer, offerWithId, readButtonValue } from '../core/incident/offers.ts';
import { planMessage, planNamed } from '../core/incident/plan-messages.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { rootOf } from '../core/storm/members.ts';
import { covers, namespaceRefused, readScope } from './access.ts';
import { refuse } from './attempts.ts';
import { handOver, mute, take, unmute } from './care.ts';
import { approve, reject, undo, want, withdraw } from './decisions.ts';
import type { Entered } from './modals.ts';
import { person, told } from './operation.ts';
import type { Ports } from './ports.ts';
import { tell, tellFormatted } from './tell.ts';

export interface Click {
  value: string;
  user: string;
  userTeam: string;
  channel: string;
  messageTs: string;
  teamId: string;
  client: WebClient;
  /** Opens a modal for three seconds after the click. */
  triggerId: string;
  /** What was entered in the modal that this click had opened. */
  entered?: Entered;
  ports: Ports;
  respond: RespondFn;
}

const STALE = 'This button is out of date: the card shows what can be done now.';

export async function click(c: Click): Promise<void> {
  const id = readButtonValue(c.value);
  const found = id && (await findOnce(c, id.incident));
  if (!id || !found || found.on === 'none') return tell(c.respond, STALE);
  const { state, on } = found;
  const sees = (why: string): Promise<void> => refuse(c, state, 'read', why);
  if (c.userTeam !== c.teamId) return sees('Only members of this workspace may use Loopbreaker.');
  const scope = await readScope(c.client, c.ports.policy(), { user: c.user, channel: c.channel, teamId: c.teamId });
  if (!scope.allowed) return sees(scope.sentence);
  const offer = offerWithId(state, id.offer);
  if (!covers(scope.value, ...concerned(state, offer))) return sees(namespaceRefused(c.ports.policy()));
  if (!offer || !isOffered(state, offer, on, c.messageTs))
    return tellFormatted(c.respond, endOfPlan(state, c.messageTs) || STALE);
  await fulfil(c, state, offer);
}

/** A message of its own, or the card of those that wait for it, which has its remedies; `none` of them. */
type On = 'own' | 'storm' | 'none';

/** Somebody may press a button sooner than Slack's answer to our posting it was noted. */
async function findOnce(c: Click, incident: string): Promise<{ state: IncidentState; on: On } | undefined> {
  const until = performance.now() + NOTED_WITHIN_MS;
  for (;;) {
    const state = await c.ports.read(incident);
    if (!state) return undefined;
    const on = await standsOn(c, state);
    if (on !== 'none' || performance.now() > until) return { state, on };
    await pause(LOOK_AGAIN_MS);
  }
}

async function standsOn({ channel, messageTs, ports }: Click, state: IncidentState): Promise<On> {
  if (state.request.place.channel !== channel) return 'none';
  if (Object.values(state.messages).includes(messageTs)) return 'own';
  const storm = state.life.storm === '' ? undefined : await ports.storm(state.life.storm);
  return storm?.messages.storm === messageTs && rootOf(storm)?.incident === state.id ? 'storm' : 'none';
}

const NOTED_WITHIN_MS = 700;
const LOOK_AGAIN_MS = 25;

/** The cluster and the namespaces that an answer to this click would show something of. */
function concerned(state: IncidentState, offer: Offer | undefined): [cluster: string, namespaces: string[]] {
  if (offer?.is === 'pick') return [offer.match.cluster, [offer.match.namespace]];
  if (state.target) return [state.target.cluster, [state.target.namespace]];
  const { cluster, namespace, allowedNamespaces } = state.request.wanted;
  return [cluster, namespace ? [namespace] : allowedNamespaces];
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
      return want(c, state, offer);
    case 'take':
      return take(c, state);
    case 'hand-over':
      return handOver(c, state);
    case 'mute':
      return mute(c, state);
    case 'unmute':
      return unmute(c, state);
    case 'undo':
      return undo(c, state);
    case 'cancel':
      return withdraw(c, state, offer.planId);
    case 'reject':
      return reject(c, state, offer.planId);
    case 'approve':
      return approve(c, state, offer.planId);
  }
}

/** A plan is decided on its own message, and everything else is asked for on the card; with others waiting, on theirs too. */
function isOffered({ messages, plan }: IncidentState, { is }: Offer, on: On, ts: string): boolean {
  if (on === 'storm') return is === 'plan';
  const isDecision = is === 'approve' || is === 'reject' || is === 'cancel';
  return isDecision
    ? plan !== null && messages[planMessage(plan)] === ts
    : [messages.card, messages.member].includes(ts);
}

/** What became of the plan whose message this is, where its buttons are still to be taken away; mrkdwn. */
function endOfPlan(state: IncidentState, ts: string): string {
  const name = Object.entries(state.messages).find(([, at]) => at === ts)?.[0] ?? '';
  const found = name.startsWith('plan') ? planNamed(state, name as MessageName) : undefined;
  const approval = found?.operation?.approval ?? (found?.pending && state.approval);
  if (approval) return `Already approved by ${person(approval.by)}: the card shows how it went.`;
  return found?.sentence ? `${told(found.sentence)} The card shows what can be done now.` : '';
}
