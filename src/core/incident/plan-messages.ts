// Which messages are of which plan. Invariant: every plan that is asked for has messages of its own, which say how it ended
// however late they are edited, and whatever was planned after it.

import type { Effect } from './effects.ts';
import type { MessageName, OutcomeMessage, PlanMessage } from './messages.ts';
import type { EarlierPlan, Numbered, Operation, PendingPlan } from './plans.ts';
import type { IncidentState } from './state.ts';

const EARLIER_MAX = 10;

export const planMessage = ({ number }: Numbered): PlanMessage => (number === undefined ? 'plan' : `plan.${number}`);

export const outcomeMessage = ({ number }: Numbered): OutcomeMessage =>
  number === undefined ? 'outcome' : `outcome.${number}`;

export function postPlan(one: Numbered): Effect {
  return { job: 'post', message: planMessage(one) };
}

/** Of the plan that is made next. */
export function nextNumber({ plan, operation, earlier = [] }: IncidentState): number {
  return 1 + Math.max(0, ...[plan, operation, ...earlier].map((one) => one?.number ?? 0));
}

/** Pending, or as it ended. */
export interface NamedPlan extends EarlierPlan {
  pending: PendingPlan | null;
}

/** The plan that a message is of, by the message's name; undefined when the incident no longer knows. */
export function planNamed(state: IncidentState, name: MessageName): NamedPlan | undefined {
  const { plan, operation, earlier = [] } = state;
  const nothing = { sentence: '', operation: null, undone: false, pending: null };
  const all: NamedPlan[] = earlier.map((one) => ({ ...one, pending: null }));
  if (operation) all.push({ ...nothing, number: operation.number, operation });
  if (plan) all.push({ ...nothing, number: plan.number, pending: plan });
  const [, mark = ''] = name.split('.');
  return all.findLast((one) =>
    one.number === undefined
      ? mark === '' || (one.operation ?? one.pending)?.plan.id.slice(0, 8) === mark
      : mark === String(one.number),
  );
}

/** The plan came to nothing. */
export function withClosed(state: IncidentState, { number }: PendingPlan, sentence: string): EarlierPlan[] {
  return withEarlier(state, { number, sentence: sentence.slice(0, 1_000), operation: null, undone: false });
}

/** Another change follows the one that was written; only the newest can be taken back. */
export function withFollowed(state: IncidentState, before: Operation, undone: boolean): EarlierPlan[] {
  const operation = { ...before, undo: null, undoRefusal: '' };
  return withEarlier(state, { number: before.number, sentence: '', operation, undone });
}

function withEarlier({ earlier = [] }: IncidentState, one: EarlierPlan): EarlierPlan[] {
  return [...earlier, one].slice(-EARLIER_MAX);
}

type Change = Pick<Operation, 'plan' | 'number' | 'askedBy' | 'approvals'>;

/** Whoever asked for a change and whoever approved it hears how it ended, and so do those whose change it took back. */
export function directs(change: Change, takenBack?: Change | null): Effect[] {
  const { number, plan } = change;
  const all = [change, ...(takenBack ? [takenBack] : [])];
  const people = all.flatMap(({ askedBy = '', approvals }) => [askedBy, ...approvals.map(({ by }) => by)]);
  const users = [...new Set(people)].filter((id) => SLACK_USER.test(id));
  return users.map((user) => ({ job: 'post', message: `direct.${number ?? plan.id.slice(0, 8)}.${user}` }));
}

const SLACK_USER = /^[UW][A-Z0-9]{2,20}$/;
