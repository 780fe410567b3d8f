// Approvals that Redis cannot make: the gateway seals each one with a key that only the two roles know, and the worker
// believes nothing else. What counts is asked of the policy twice, at the click and before the write.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ActionId } from '../core/action-id.ts';
import { APPROVED_ANNOTATION, PLAN_ANNOTATION } from '../core/change.ts';
import type { Approval, PendingPlan, Proposal, SignedVote } from '../core/incident/plans.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { at, canonical, number, object } from '../core/json.ts';
import { lookAt } from '../core/normalise/look.ts';
import { managedBy } from '../core/normalise/managed-by.ts';
import { planId } from '../core/plan.ts';
import { UNSEALED, whyNotEnough } from '../core/policy/decide.ts';
import type { Policy } from '../core/policy/policy.ts';
import { labelsAsked, requirementFor, type WorkloadFacts } from '../core/policy/requirement.ts';
import type { Choice } from '../core/report.ts';
import type { KubeObject } from '../core/snapshot.ts';
import type { Ports } from '../slack/ports.ts';

/** The first key makes seals, each of them proves one: an old key stays valid until it is taken away. */
export type SealKeys = readonly string[];

export function seal(keys: SealKeys, text: string): string {
  return createHmac('sha256', keys[0] ?? '')
    .update(text)
    .digest('hex');
}

export function provesSeal(keys: SealKeys, text: string, found: string): boolean {
  return keys.some((key) => {
    const wanted = Buffer.from(seal([key], text));
    return wanted.length === found.length && timingSafeEqual(wanted, Buffer.from(found));
  });
}

/** The proof of a journal entry's hash; another purpose than an approval, so no proof ever serves as one. */
export function proofOf(keys: SealKeys, hash: string): string {
  return seal(keys, journalText(hash));
}

export function provesEntry(keys: SealKeys, hash: string, proof: string): boolean {
  return provesSeal(keys, journalText(hash), proof);
}

const journalText = (hash: string): string => `loopbreaker journal 1\n${hash}`;

/** Who asked for which remedy: whoever may not approve what they asked for cannot ask in another's name. */
export interface Asked {
  action: ActionId;
  by: string;
  choice?: Choice | undefined;
}

const askedText = (incident: string, { action, by, choice }: Asked): string =>
  `loopbreaker ask 1\n${canonical({ incident, action, by, choice: choice ?? null })}`;

export function sealAsk(keys: SealKeys, incident: string, asked: Asked): string {
  return seal(keys, askedText(incident, asked));
}

/** Whether a gateway saw this person ask. Without a key nothing is approved anyway. */
export function provesAsk(keys: SealKeys, incident: string, asked: Asked, found = ''): boolean {
  return keys.length === 0 || provesSeal(keys, askedText(incident, asked), found);
}

/** What is proposed, in whole: a difference in words that hides another change would be approved as well. */
function proposedText(
  { id, target }: Pick<IncidentState, 'id' | 'target'>,
  { plan, askedBy, expiresAt }: Proposal,
): string {
  const cluster = target?.cluster ?? '';
  return `loopbreaker plan 1\n${canonical({ incident: id, cluster, plan, askedBy, expiresAt })}`;
}

export function sealPlan(keys: SealKeys, state: Pick<IncidentState, 'id' | 'target'>, proposal: Proposal): string {
  return seal(keys, proposedText(state, proposal));
}

/** Whether the worker made what is proposed, and nobody changed it since. */
export function provesPlan(
  keys: SealKeys,
  state: Pick<IncidentState, 'id' | 'target'>,
  proposal: Proposal & { seal?: string | undefined },
): boolean {
  return provesSeal(keys, proposedText(state, proposal), proposal.seal ?? '');
}

/** Everything an approval is for: whatever of it changes in Redis later, the seal no longer fits. */
function sealedText(
  state: Pick<IncidentState, 'id' | 'target'>,
  { plan, askedBy, expiresAt }: Pick<PendingPlan, 'plan' | 'askedBy' | 'expiresAt'>,
  { seal: _, ...vote }: SignedVote,
): string {
  const cluster = state.target?.cluster ?? '';
  return `loopbreaker approval 1\n${canonical({ incident: state.id, cluster, plan, askedBy, expiresAt, vote })}`;
}

export function signVote(
  keys: SealKeys,
  state: IncidentState,
  pending: PendingPlan,
  vote: Omit<SignedVote, 'seal'>,
): SignedVote {
  return { ...vote, seal: seal(keys, sealedText(state, pending, { ...vote, seal: '' })) };
}

/** What the gateway does with the keys. */
export function sealsWith(keys: SealKeys): Pick<Ports, 'provesPlan' | 'sealPlan' | 'sealAsk' | 'sign'> {
  return {
    sealAsk: (incident, asked) => sealAsk(keys, incident, asked),
    provesPlan: (state, proposal) => provesPlan(keys, state, proposal),
    sealPlan: (state, proposal) => sealPlan(keys, state, proposal),
    sign: (state, pending, vote) => signVote(keys, state, pending, vote),
  };
}

/** What the policy may ask about the object that a plan changes, read from it as it is now. */
export function factsFrom(policy: Policy, target: KubeObject): WorkloadFacts {
  return {
    labels: labelsAsked(policy, object(target.metadata.labels)),
    replicas: replicasOf(target),
    managedBy: managedBy(
      lookAt({ cluster: '', now: '', objects: [target], logs: [], unread: [], templateHashes: {} }),
      target,
    ),
  };
}

function replicasOf(target: KubeObject): number | null {
  switch (target.kind) {
    case 'Deployment':
    case 'StatefulSet':
      return number(at(target, 'spec', 'replicas')) ?? 1;
    case 'DaemonSet':
      return number(at(target, 'status', 'desiredNumberScheduled')) ?? null;
    case 'Job':
      return number(at(target, 'spec', 'parallelism')) ?? 1;
    case 'CronJob':
      return number(at(target, 'spec', 'jobTemplate', 'spec', 'parallelism')) ?? 1;
    case 'Pod':
      return 1;
    default:
      return null;
  }
}

/** An approval is for now. */
const APPROVAL_LIFE_MS = 15 * 60_000;

/**
 * Why the approvals of this incident do not carry a write to `target` at this moment; undefined when they do. `now` is
 * RFC 3339, and `target` the object as it was just read.
 */
export function whyNotApproved(
  { keys, policy }: { keys: SealKeys; policy: Policy },
  state: IncidentState,
  target: KubeObject,
  now: string,
): string | undefined {
  const pending = state.plan;
  const cluster = state.target?.cluster;
  if (!pending || !cluster) return 'There is no plan to write.';
  if (keys.length === 0)
    return 'LOOPBREAKER_APPROVAL_KEY is not set here, so no approval can be believed. Set the same key for both roles.';
  if (planId(pending.plan) !== pending.plan.id)
    return 'The plan was changed after it was made, so it is not the one that was approved. Ask for the plan again.';
  const votes: SignedVote[] = [];
  for (const approval of pending.approvals) {
    if (!isGenuine(keys, state, pending, approval))
      return 'An approval does not carry my seal: it was changed, or made with another LOOPBREAKER_APPROVAL_KEY. Ask for the plan again.';
    votes.push(approval.signed as SignedVote);
  }
  if (!provesPlan(keys, state, pending)) return UNSEALED;
  const newest = Math.max(...votes.map((vote) => Date.parse(vote.at)));
  if (votes.length > 0 && !(Date.parse(now) - newest < APPROVAL_LIFE_MS))
    return 'The approval is older than 15 minutes. Ask for the plan again.';
  if (votes.length > 0 && isOutdated(target, pending, newest))
    return 'The approval is older than a change that was written since. Ask for the plan again.';
  const facts = factsFrom(policy, target);
  const requirement = requirementFor(policy, { cluster, plan: pending.plan, facts }, now);
  return whyNotEnough(requirement, { askedBy: pending.askedBy, expiresAt: pending.expiresAt, votes });
}

/** Redis may be put back to what it was; the workload says what was written since. */
function isOutdated({ metadata }: KubeObject, { plan }: PendingPlan, newest: number): boolean {
  const { [PLAN_ANNOTATION]: mark, [APPROVED_ANNOTATION]: written } = object(metadata.annotations);
  return mark !== plan.id && written !== undefined && !(Date.parse(String(written)) < newest);
}

function isGenuine(keys: SealKeys, state: IncidentState, pending: PendingPlan, approval: Approval): boolean {
  const { signed, planId: id, by } = approval;
  if (!signed || id !== pending.plan.id || signed.by !== by || signed.channel !== state.request.place.channel)
    return false;
  return provesSeal(keys, sealedText(state, pending, signed), signed.seal);
}
