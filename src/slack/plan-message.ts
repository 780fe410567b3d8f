// The message of one plan in the thread: what would change, whom it touches, how it is undone, and the decision.

import type { KnownBlock } from '@slack/types';
import type { Plan } from '../core/action.ts';
import { subjectOf } from '../core/headline.ts';
import { buttonValue, offersOf } from '../core/incident/offers.ts';
import type { IncidentState } from '../core/incident/state.ts';
import {
  actions,
  bold,
  button,
  clip,
  clock,
  context,
  type Message,
  message,
  mrkdwn,
  preformatted,
  section,
  withMentions,
} from './blocks.ts';

export function planMessageOf(state: IncidentState): Message {
  const plan = state.plan?.plan ?? state.operation?.plan;
  if (!plan) return decidedMessage(state);
  const blocks: KnownBlock[] = [
    ...section([
      `${bold(plan.title)} · ${mrkdwn(plan.target.kind)} ${bold(plan.target.name)} in \`${mrkdwn(plan.target.namespace)}\` · risk ${plan.risk}`,
    ]),
    ...preformatted(plan.diff.split('\n').slice(0, 40)),
    ...section(factsOf(plan, state)),
    ...decision(state),
  ];
  return message(`Plan: ${plan.title}`, blocks);
}

function factsOf(plan: Plan, state: IncidentState): string[] {
  return [
    `*Effect:* ${mrkdwn(plan.effect)}`,
    `*Touches:* ${mrkdwn(plan.blastRadius)}`,
    ...(state.plan ? [`*Dry run:* ${mrkdwn(clip(state.plan.dryRun, 400))}`] : []),
    `*Counts as recovered when:* ${mrkdwn(plan.verification)}`,
    `*Undo:* ${mrkdwn(plan.undo)}`,
    ...plan.warnings.map((w) => `⚠️ ${mrkdwn(w)}`),
  ];
}

function decision(state: IncidentState): KnownBlock[] {
  const approval = state.approval ?? state.operation?.approval;
  if (state.phase !== 'planned' || !state.plan) {
    return approval ? [context(`Approved by <@${approval.by}> at ${clock(approval.at)}`)] : [];
  }
  const { plan, askedBy, expiresAt } = state.plan;
  const buttons = offersOf(state).flatMap((offer) => {
    if (offer.is === 'cancel') return [button('cancel', 'Cancel', buttonValue(state, offer))];
    if (offer.is !== 'approve') return [];
    const confirm = {
      title: { type: 'plain_text' as const, text: clip(plan.title, 100) },
      text: { type: 'mrkdwn' as const, text: clip(`${mrkdwn(plan.effect)} ${mrkdwn(plan.blastRadius)}.`, 300) },
      confirm: { type: 'plain_text' as const, text: 'Approve' },
      deny: { type: 'plain_text' as const, text: 'Not yet' },
    };
    return [
      {
        ...button(
          'approve',
          'Approve',
          buttonValue(state, offer),
          plan.risk === 'high' ? ('danger' as const) : ('primary' as const),
        ),
        confirm,
      },
    ];
  });
  return [context(`Asked by <@${askedBy}> · expires at ${clock(expiresAt)}`), ...actions(buttons)];
}

function decidedMessage(state: IncidentState): Message {
  const subject = state.report ? subjectOf(state.report) : 'This';
  return message(`${subject}: the plan is closed`, section([withMentions(state.sentence || 'This plan is closed.')]));
}

/** The one line that ends an incident in its thread, also shown in the channel. */
export function outcomeMessageOf(state: IncidentState): Message {
  const { operation } = state;
  const subject = state.report ? subjectOf(state.report) : 'The workload';
  const outcome = operation?.outcome;
  if (!operation || !outcome) return message(subject, section([mrkdwn(subject)]));
  const line = outcome.recovered
    ? `🟢 ${bold(subject)} recovered: ${mrkdwn(outcome.words)}`
    : `🔴 ${bold(subject)} did not recover: ${mrkdwn(outcome.words)}`;
  return message(`${subject}: ${outcome.words}`, section([line]));
}
