// The message of one plan in the thread: what would change, whom it touches, how it is undone, and the decision.

import type { Button, KnownBlock } from '@slack/types';
import { capital, subjectOf } from '../core/headline.ts';
import type { MessageName } from '../core/incident/messages.ts';
import { buttonValue, offersOf } from '../core/incident/offers.ts';
import { type NamedPlan, planNamed } from '../core/incident/plan-messages.ts';
import type { Operation, PendingPlan } from '../core/incident/plans.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Plan } from '../core/plan.ts';
import { actions, button, confirmation, context, type Message, message, preformatted, section } from './blocks.ts';
import { bold, clock, code, mrkdwn } from './mrkdwn.ts';
import { approvedBy, outcomeLines, people, person, said, told, wish } from './operation.ts';

/** One that was posted is never left with buttons that nobody should press; undefined: it need not be posted any more. */
export function planMessageOf(state: IncidentState, name: MessageName): Message | undefined {
  const found = planNamed(state, name);
  if (!found) return state.messages[name] ? closedMessage('This plan is closed.') : undefined;
  const plan = (found.pending ?? found.operation)?.plan;
  if (found.operation?.done) return closedMessage(said(found.operation.done));
  if (!plan) return closedMessage(told(found.sentence) || 'This plan is closed.');
  return openMessage(state, found, plan);
}

function openMessage(state: IncidentState, found: NamedPlan, plan: Plan): Message {
  const { kind, name, namespace } = plan.target;
  const blocks: KnownBlock[] = [
    ...section([
      `${bold(plan.title)} · ${mrkdwn(kind, 80)} ${bold(name)} in ${code(namespace, 80)} · ${plan.risk} risk`,
    ]),
    ...preformatted(plan.diff.split('\n').slice(0, 40), 2_000),
    ...section(factsOf(plan, found.pending)),
    ...forCopying(plan),
    ...decision(state, found, plan),
  ];
  return message(`Plan for ${bold(name)}: ${wish(plan)}`, blocks);
}

/** Where somebody else owns the object, the change is made in their place, by hand. */
function forCopying({ copyOnly }: Plan): KnownBlock[] {
  if (!copyOnly) return [];
  const owner = mrkdwn(copyOnly.owner, 120);
  const where = copyOnly.path ? `in ${code(copyOnly.path, 300)}` : 'there';
  const line = `${owner} owns it and would put its own version back. Make this change ${where}:`;
  return [...section([line]), ...preformatted(copyOnly.change.split('\n'), 2_000)];
}

function factsOf(plan: Plan, pending: PendingPlan | null): string[] {
  return [
    `*Effect:* ${mrkdwn(plan.effect, 400)}`,
    `*Touches:* ${mrkdwn(plan.blastRadius, 300)}`,
    ...(pending ? [`*Dry run:* ${mrkdwn(pending.dryRun, 400)}`] : []),
    `*${plan.action === 'debug-copy' ? 'Cures' : 'Counts as recovered when'}:* ${mrkdwn(plan.verification, 300)}`,
    `*Undo:* ${mrkdwn(plan.undo, 300)}`,
    ...plan.warnings.slice(0, 5).map((warning) => `*Beware:* ${mrkdwn(warning, 250)}`),
  ];
}

function decision(state: IncidentState, { pending, operation, undone }: NamedPlan, plan: Plan): KnownBlock[] {
  if (state.phase === 'planned' && pending) {
    const { askedBy, approvals, plannedAt, expiresAt, requires } = pending;
    const note = [
      `Asked by ${person(askedBy)}`,
      approvals.length ? `approved by ${people(approvals)}` : '',
      `expires at ${clock(expiresAt, { near: plannedAt })}`,
    ];
    return [
      ...context(note.filter(Boolean).join(' · '), mrkdwn(requires.denied, 400)),
      ...actions(buttonsOf(state, plan)),
    ];
  }
  const approvals = pending?.approvals ?? operation?.approvals ?? [];
  const note = [capital(approvedBy(approvals)), endOf(operation), undone ? 'undone since' : ''];
  return approvals.length ? context(note.filter(Boolean).join(' · ')) : [];
}

/** "recovered at 14:26" */
function endOf(operation: Operation | null): string {
  const { recovered, at } = operation?.outcome ?? { recovered: false, at: '' };
  return at && `${recovered ? 'recovered' : 'did not recover'} at ${clock(at)}`;
}

function buttonsOf(state: IncidentState, plan: Plan): Button[] {
  return offersOf(state).flatMap((offer) => {
    if (offer.is === 'cancel' || (offer.is === 'reject' && !plan.copyOnly))
      return [button(offer.is, offer.title, buttonValue(state, offer))];
    if (offer.is !== 'approve' || plan.copyOnly) return [];
    const confirm = confirmation(`${plan.title}?`, `${plan.effect} ${plan.blastRadius}.`, 'Approve', 'Not yet');
    const style = plan.risk === 'high' ? ('danger' as const) : ('primary' as const);
    return [button('approve', 'Approve', buttonValue(state, offer), { style, confirm })];
  });
}

function closedMessage(sentence: string): Message {
  return message(sentence, section([sentence]));
}

/** The last word in the thread; undefined when too many changes have come since. */
export function outcomeMessageOf(state: IncidentState, name: MessageName): Message | undefined {
  const operation = planNamed(state, name)?.operation;
  if (!operation) return undefined;
  const lines = outcomeLines(state, operation);
  const subject = bold(state.report ? subjectOf(state.report) : 'The workload') || 'The workload';
  return lines.length ? message(lines[0] ?? '', section(lines)) : message(subject, section([subject]));
}
