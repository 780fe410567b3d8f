// The message of one plan in the thread: what would change, whom it touches, how it is undone, and the decision.

import type { Button, KnownBlock } from '@slack/types';
import { capital, subjectOf } from '../core/headline.ts';
import { buttonValue, offersOf } from '../core/incident/offers.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Plan } from '../core/plan.ts';
import { actions, button, confirmation, context, type Message, message, preformatted, section } from './blocks.ts';
import { bold, clock, code, mrkdwn } from './mrkdwn.ts';
import { approvedBy, outcomeLines, people, person, told, wish } from './operation.ts';

export function planMessageOf(state: IncidentState): Message {
  // A sentence without a pending plan says how the plan came to nothing; an older operation is not this message's.
  const plan = state.plan?.plan ?? (state.sentence === '' ? state.operation?.plan : undefined);
  if (!plan) return closedMessage(state);
  const { kind, name, namespace } = plan.target;
  const blocks: KnownBlock[] = [
    ...section([
      `${bold(plan.title)} · ${mrkdwn(kind, 80)} ${bold(name)} in ${code(namespace, 80)} · ${plan.risk} risk`,
    ]),
    ...preformatted(plan.diff.split('\n').slice(0, 40), 2_000),
    ...section(factsOf(plan, state)),
    ...forCopying(plan),
    ...decision(state, plan),
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

function factsOf(plan: Plan, state: IncidentState): string[] {
  return [
    `*Effect:* ${mrkdwn(plan.effect, 400)}`,
    `*Touches:* ${mrkdwn(plan.blastRadius, 300)}`,
    ...(state.plan ? [`*Dry run:* ${mrkdwn(state.plan.dryRun, 400)}`] : []),
    `*${plan.action === 'debug-copy' ? 'Cures' : 'Counts as recovered when'}:* ${mrkdwn(plan.verification, 300)}`,
    `*Undo:* ${mrkdwn(plan.undo, 300)}`,
    ...plan.warnings.slice(0, 5).map((warning) => `*Beware:* ${mrkdwn(warning, 250)}`),
  ];
}

function decision(state: IncidentState, plan: Plan): KnownBlock[] {
  if (state.phase === 'planned' && state.plan) {
    const { askedBy, approvals, plannedAt, expiresAt, requires } = state.plan;
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
  const approvals = state.plan?.approvals ?? state.operation?.approvals ?? [];
  return approvals.length ? context(capital(approvedBy(approvals))) : [];
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

function closedMessage(state: IncidentState): Message {
  const sentence = told(state.sentence) || 'This plan is closed.';
  return message(sentence, section([sentence]));
}

/** The last word in the thread. */
export function outcomeMessageOf(state: IncidentState): Message {
  const lines = outcomeLines(state);
  const subject = bold(state.report ? subjectOf(state.report) : 'The workload') || 'The workload';
  return lines.length ? message(lines[0] ?? '', section(lines)) : message(subject, section([subject]));
}
