// Approve, reject, withdraw, undo. Who may is asked of the policy and of Slack at this very moment; what counts is sealed,
// so that the worker believes nothing that the gateway did not see.

import type { Offer } from '../core/incident/offers.ts';
import { type PendingPlan, wayBack } from '../core/incident/plans.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { approversWords, decideClick, type Person, UNSEALED, type Vote, whyNotReject } from '../core/policy/decide.ts';
import { nameFor } from '../core/policy/impersonate.ts';
import { type Denied, isDenied, type Requirement, requirementFor, requiresOf } from '../core/policy/requirement.ts';
import { whyNotTyped } from '../core/typed-value.ts';
import { groupsOf, standingOf } from './access.ts';
import { refuse } from './attempts.ts';
import type { Click } from './clicks.ts';
import { nameModal, reasonModal, valueModal } from './modals.ts';
import { tell } from './tell.ts';

type Wanted = Extract<Offer, { is: 'plan' }>;

const NO_WAY_BACK =
  'How to undo this does not carry my seal: it was changed, or noted by an earlier version. Undo it by hand: kubectl rollout undo.';
const GONE = 'This plan is no longer open: the card shows what can be done now.';

export async function approve(c: Click, state: IncidentState, planId: string): Promise<void> {
  const pending = state.plan;
  if (pending?.plan.id !== planId) return tell(c.respond, GONE);
  const person = await personOf(c, required(c, state, pending));
  // Slack took its time: the policy is asked as it is now.
  const requirement = required(c, state, pending);
  const now = c.ports.now();
  const { name } = pending.plan.target;
  const votes = pending.approvals.flatMap((one) => one.signed ?? []);
  const question = { name, askedBy: pending.askedBy, expiresAt: pending.expiresAt, votes };
  const decision = decideClick(requirement, question, person, { now, typed: c.entered?.name });
  if (decision.is === 'no') return refuse(c, state, 'approve', decision.sentence);
  if (!c.ports.provesPlan(state, pending)) return refuse(c, state, 'approve', UNSEALED);
  const lapsed = await lapsedIn(c, requirement, votes);
  if (lapsed) return refuse(c, state, 'approve', lapsed);
  // Whose approval is the last is known only then, so everybody needs a name to write in.
  const written = nameFor(c.ports.policy(), c.user);
  if (written && 'refusal' in written) return refuse(c, state, 'approve', written.refusal);
  if (decision.is === 'type-the-name' || isDenied(requirement)) return open(c, nameModal(c, pending));
  const signed = c.ports.sign(state, pending, {
    by: c.user,
    groups: person.groups ?? [],
    typed: c.entered?.name === name,
    at: now,
    channel: c.channel,
    policyHash: c.ports.policy().hash,
  });
  const event = { type: 'approved' as const, planId, by: c.user, minimum: requirement.minimum, signed };
  await answer(c, await c.ports.tell(state.id, event), planId, requirement);
}

/** What came of it, for the person who pressed; the cards tell everybody else. */
async function answer(c: Click, after: IncidentState, planId: string, requirement: Requirement): Promise<void> {
  if (after.phase === 'planned' && after.plan?.plan.id === planId) {
    const missing = Math.max(requirement.minimum, after.plan.requires.minimum) - after.plan.approvals.length;
    const who = missing === 1 ? 'person has' : 'people have';
    return tell(c.respond, `Your approval counts. ${missing} more ${who} to approve: ${approversWords(requirement)}.`);
  }
  const decided = after.approval ?? after.operation?.approval;
  if (decided?.planId !== planId) return tell(c.respond, GONE);
  if (decided.by !== c.user)
    return tell(c.respond, `Already approved by <@${decided.by}>: the card shows how it goes.`);
}

/** A remedy, in the way that was chosen; where only a person knows the value, it is asked for first. */
export async function want(c: Click, state: IncidentState, offer: Wanted): Promise<void> {
  const { action, choice, asks } = offer;
  if (asks && !c.entered) return open(c, valueModal(c, asks, state.report?.target.workload.name ?? ''));
  const value = c.entered?.value ?? '';
  const refusal = asks && whyNotTyped(asks.name, value);
  if (refusal) return refuse(c, state, 'set-a-value', refusal);
  const chosen = asks ? { ...choice, value } : choice;
  const asked = { action, by: c.user, ...(chosen ? { choice: chosen } : {}) };
  await c.ports.tell(state.id, { type: 'plan-wanted', ...asked, seal: c.ports.sealAsk(state.id, asked) });
}

/** Whoever could approve may say no, and why. */
export async function reject(c: Click, state: IncidentState, planId: string): Promise<void> {
  const pending = state.plan;
  if (pending?.plan.id !== planId) return tell(c.respond, GONE);
  const requirement = required(c, state, pending);
  const refusal = whyNotReject(requirement, await personOf(c, requirement));
  if (refusal) return refuse(c, state, 'reject', refusal);
  if (!c.entered) return open(c, reasonModal(c, pending));
  await c.ports.tell(state.id, { type: 'rejected', planId, by: c.user, reason: c.entered.reason ?? '' });
}

export async function withdraw(c: Click, state: IncidentState, planId: string): Promise<void> {
  if (state.plan?.askedBy !== c.user)
    return refuse(c, state, 'withdraw', 'Only whoever asked for this plan may withdraw it. Approvers can reject it.');
  await c.ports.tell(state.id, { type: 'cancelled', planId, by: c.user });
}

/** Taking back is a plan of its own, under the same policy. */
export async function undo(c: Click, state: IncidentState): Promise<void> {
  const { operation, target } = state;
  if (!operation?.undo || !target) return;
  if (!c.ports.provesPlan(state, { ...wayBack(operation.undo), seal: operation.undoSeal }))
    return tell(c.respond, NO_WAY_BACK);
  const now = c.ports.now();
  const subject = { cluster: target.cluster, plan: operation.undo, facts: operation.facts };
  const requirement = requirementFor(c.ports.policy(), subject, now);
  const seconds = isDenied(requirement) ? UNDECIDED_SECONDS : requirement.expiresAfterSeconds;
  const expiresAt = new Date(Date.parse(now) + seconds * 1000).toISOString();
  const seal = c.ports.sealPlan(state, { plan: operation.undo, askedBy: c.user, expiresAt });
  const requires = requiresOf(requirement);
  await c.ports.tell(state.id, { type: 'undo-wanted', by: c.user, expiresAt, requires, seal });
}

/** So long stands a plan that nobody may approve as the policy is. */
const UNDECIDED_SECONDS = 900;

function required(c: Click, state: IncidentState, { plan, facts }: PendingPlan): Requirement | Denied {
  return requirementFor(c.ports.policy(), { cluster: state.target?.cluster ?? '', plan, facts }, c.ports.now());
}

/** Groups are asked for only where the rule does not name the person. */
async function personOf(c: Click, requirement: Requirement | Denied): Promise<Person> {
  const ask = isDenied(requirement) || requirement.users.includes(c.user) ? [] : requirement.groups;
  const [standing, groups] = await Promise.all([standingOf(c.client, c), groupsOf(c.client, c.user, ask)]);
  return { id: c.user, standing, groups };
}

/** Whoever approved before may have left since: their word counts as long as they could give it now. */
async function lapsedIn(c: Click, requirement: Requirement | Denied, votes: readonly Vote[]): Promise<string> {
  if (isDenied(requirement)) return '';
  for (const { by } of votes) {
    const person = await personOf({ ...c, user: by }, requirement);
    const refusal = whyNotReject(requirement, person);
    if (refusal && (person.standing === 'unknown' || person.groups === null)) return refusal;
    if (refusal) return `<@${by}>, who approved before, may no longer. Reject this plan, and ask for it again.`;
  }
  return '';
}

async function open(c: Click, view: ReturnType<typeof nameModal>): Promise<void> {
  await c.client.views.open({ trigger_id: c.triggerId, view });
}
