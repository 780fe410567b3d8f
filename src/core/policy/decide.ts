// One person's click on a plan, and all clicks together: who counts, and whether they are enough. Both the gateway (at
// the click) and the worker (before the write) ask here, each with the policy it holds at that moment.

import { type Denied, isDenied, type Requirement } from './requirement.ts';

/** What Slack says about somebody at this moment; `unknown`: it could not be asked. */
export type Standing = 'member' | 'guest' | 'deactivated' | 'external' | 'unknown';

export interface Person {
  id: string;
  standing: Standing;
  /** Which of the rule's user groups they are in; null: could not be asked. */
  groups: string[] | null;
}

/** One recorded approval, as far as counting goes. */
export interface Vote {
  by: string;
  /** Which of the rule's user groups they were in when they approved. */
  groups: string[];
  /** Whether they typed the workload's name. */
  typed: boolean;
  /** RFC 3339. */
  at: string;
}

export interface Pending {
  name: string;
  askedBy: string;
  expiresAt: string;
  votes: readonly Vote[];
}

export type Decision =
  | { is: 'no'; sentence: string }
  /** A modal asks for the workload's name first. */
  | { is: 'type-the-name' }
  /** It counts; `missing` more are needed, 0 means enough. */
  | { is: 'counts'; missing: number };

/** Of a plan as it is kept. */
export const UNSEALED =
  'This plan does not carry my seal: it was changed, made by an earlier version, or sealed with another LOOPBREAKER_APPROVAL_KEY. Withdraw it, and ask for it again.';

/** `typed` is what the person entered, undefined when nobody asked them yet. */
export function decideClick(
  requirement: Requirement | Denied,
  pending: Pending,
  person: Person,
  { now, typed }: { now: string; typed: string | undefined },
): Decision {
  const refusal = standingRefusal(person.standing);
  if (refusal) return { is: 'no', sentence: refusal };
  if (Date.parse(now) >= Date.parse(pending.expiresAt))
    return { is: 'no', sentence: 'This plan has expired. Ask for it again from the card.' };
  if (isDenied(requirement)) return { is: 'no', sentence: requirement.denied };
  const named = isNamed(requirement, person);
  if (named !== 'yes') return { is: 'no', sentence: named };
  if (person.id === pending.askedBy && !requirement.requesterCounts)
    return {
      is: 'no',
      sentence: `You asked for this plan, so somebody else has to approve it: ${approversWords(requirement, person.id)}.`,
    };
  if (pending.votes.some((vote) => vote.by === person.id))
    return { is: 'no', sentence: `You have approved this already. ${missingWords(requirement, pending.votes)}` };
  if (requirement.typedConfirmation && typed !== pending.name)
    return typed === undefined
      ? { is: 'type-the-name' }
      : { is: 'no', sentence: `That is not its name. Type exactly: ${pending.name}` };
  return { is: 'counts', missing: Math.max(0, requirement.minimum - pending.votes.length - 1) };
}

/** Why this person may not say no to a plan for everybody; undefined when they may: whoever could approve it. */
export function whyNotReject(requirement: Requirement | Denied, person: Person): string | undefined {
  const refusal = standingRefusal(person.standing) ?? (isDenied(requirement) ? requirement.denied : undefined);
  if (refusal || isDenied(requirement)) return refusal;
  const named = isNamed(requirement, person);
  return named === 'yes' ? undefined : named.replace('approve this', 'reject this');
}

/** Why these approvals do not carry a write under this requirement; undefined when they do. */
export function whyNotEnough(
  requirement: Requirement | Denied,
  { askedBy, expiresAt, votes }: Omit<Pending, 'name'>,
): string | undefined {
  if (isDenied(requirement)) return requirement.denied;
  const counting = new Set<string>();
  for (const vote of votes) {
    const named = isNamed(requirement, { id: vote.by, standing: 'member', groups: vote.groups });
    if (named !== 'yes') return `<@${vote.by}> may no longer approve this. Ask for the plan again.`;
    if (vote.by === askedBy && !requirement.requesterCounts)
      return 'Whoever asked for this plan approved it, and the policy asks for somebody else. Ask for the plan again.';
    if (requirement.typedConfirmation && !vote.typed)
      return 'The policy asks for the name of the workload now, which was not typed. Ask for the plan again.';
    if (!(Date.parse(vote.at) < Date.parse(expiresAt)))
      return 'An approval came after the plan had expired. Ask for the plan again.';
    counting.add(vote.by);
  }
  const missing = requirement.minimum - counting.size;
  return missing > 0
    ? `${missing} more ${missing === 1 ? 'approval is' : 'approvals are'} needed. Ask for the plan again.`
    : undefined;
}

/** Who may, for a sentence in Slack. A group is named by its id: mentioning it would ping everybody in it. */
export function approversWords({ users, groups }: Pick<Requirement, 'users' | 'groups'>, but = ''): string {
  const people = users.filter((id) => id !== but).map((id) => `<@${id}>`);
  return (
    [...people, ...groups.map((id) => `members of the user group ${id}`)].join(', ') ||
    'nobody else is named, and whoever runs Loopbreaker can name somebody'
  );
}

export function standingRefusal(standing: Standing): string | undefined {
  switch (standing) {
    case 'member':
      return undefined;
    case 'guest':
      return 'Guests may not use Loopbreaker. Ask a full member of the workspace.';
    case 'deactivated':
      return 'This account is deactivated.';
    case 'external':
      return 'Only members of this workspace may use Loopbreaker.';
    case 'unknown':
      return 'I could not ask Slack who you are, so the answer is no for now. Try again in a minute.';
  }
}

function isNamed(requirement: Requirement, { id, groups }: Person): 'yes' | string {
  if (requirement.users.includes(id)) return 'yes';
  if (requirement.groups.length > 0 && groups === null)
    return 'I could not ask Slack who belongs to the approvers’ group, so the answer is no for now. Try again in a minute.';
  if (groups?.some((group) => requirement.groups.includes(group))) return 'yes';
  return `You may not approve this. Those who may: ${approversWords(requirement)}.`;
}

function missingWords({ minimum }: Requirement, votes: readonly Vote[]): string {
  const missing = Math.max(0, minimum - votes.length);
  return missing === 0
    ? 'It is enough.'
    : `${missing} more ${missing === 1 ? 'person has' : 'people have'} to approve.`;
}
