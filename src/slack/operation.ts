// The lines of a card once something is planned, decided or done: who asked, who approved, what is seen, how it ended.

import { subjectOf } from '../core/headline.ts';
import type { Approval, Operation, PendingPlan } from '../core/incident/plans.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { inSentence, type Plan } from '../core/plan.ts';
import { durationWords, listed } from '../core/spoken.ts';
import { bold, clock, mrkdwn, withClocks } from './mrkdwn.ts';

/** mrkdwn lines, the first with the one state icon; undefined while there is nothing but the answer. */
export function operationLines(state: IncidentState): string[] | undefined {
  const { operation, plan, approval, report } = state;
  if (!report) return undefined;
  const name = bold(subjectOf(report));
  switch (state.phase) {
    case 'planning':
      return [`🟠 ${name}: planning the change and trying it on the API server. Nothing is written yet.`];
    case 'planned':
      return plan
        ? [
            `🟠 ${name}: ${wish(plan.plan)}, asked by ${person(plan.askedBy)}`,
            `${neededWords(plan)} The thread shows what would change · expires at ${clock(plan.expiresAt, { near: plan.plannedAt })}`,
          ]
        : undefined;
    case 'applying':
      return plan && approval
        ? [
            `🟠 ${name}: ${wish(plan.plan)}, ${approvedBy(plan.approvals)}.${state.sentence ? '' : ' It is being written.'}`,
          ]
        : undefined;
    case 'verifying':
      if (operation?.plan.action === 'debug-copy')
        return [
          `🟠 ${name}: ${wish(operation.plan)}, ${approvedBy(operation.approvals)}. ${mrkdwn(operation.seen || 'It is written', 200)}.`,
        ];
      return operation
        ? [
            `🟡 ${name}: ${deed(operation.plan)}, ${approvedBy(operation.approvals)}`,
            `${mrkdwn(operation.seen || 'Watching the new pods', 200)} · ${durationWords(operation.steadySeconds)} without a restart means recovered`,
          ]
        : undefined;
    case 'recovered':
    case 'not-recovered':
      return operation?.outcome ? outcomeLines(state, operation) : undefined;
    default:
      return undefined;
  }
}

/** How an operation ended, on the card and, as its last word, in the thread. */
export function outcomeLines({ report }: IncidentState, operation: Operation): string[] {
  if (!operation.outcome) return [];
  const name = bold(report ? subjectOf(report) : operation.plan.target.name);
  const { recovered, at, words } = operation.outcome;
  const { approval, approvals } = operation;
  const seen = withClocks(mrkdwn(words, 300), at);
  if (recovered) {
    const passed = (from: string): string => durationWords(Math.max(0, Date.parse(at) - Date.parse(from) || 0) / 1000);
    const first = report?.status.since ? `${passed(report.status.since)} after the first crash, ` : '';
    return [
      `🟢 ${name} recovered at ${clock(at)} · ${first}${passed(approval.at)} after approval by ${people(approvals)} · ${deed(operation.plan)}`,
      seen,
    ];
  }
  const ending = operation.undoes
    ? `does not run · ${wish(operation.plan)}, ${approvedBy(approvals)}`
    : `did not recover: “${mrkdwn(operation.plan.title, 200)}”, ${approvedBy(approvals)}, was not the cure`;
  return [`🔴 ${name} ${ending}`, seen];
}

/** "Approved by @bob. One more approver is needed." */
function neededWords({ plan, approvals, requires }: PendingPlan): string {
  if (plan.copyOnly) return `For copying: ${mrkdwn(plan.copyOnly.owner, 120)} owns it.`;
  if (requires.denied) return `Nobody can approve it as it is: ${mrkdwn(requires.denied, 300)}`;
  const missing = Math.max(1, requires.minimum - approvals.length);
  const more = approvals.length > 0 ? 'more ' : '';
  const needed = missing === 1 ? `One ${more}approver is needed.` : `${missing} ${more}approvers are needed.`;
  return approvals.length > 0 ? `Approved by ${people(approvals)}. ${needed}` : needed;
}

/** "approved by @bob at 14:23"; with several people, when the last of them did. */
export function approvedBy(approvals: readonly Approval[]): string {
  const last = approvals.at(-1);
  return last ? `approved by ${people(approvals)} at ${clock(last.at)}` : 'approved';
}

export function people(approvals: readonly Approval[]): string {
  return listed(approvals.slice(0, 5).map(({ by }) => person(by)));
}

/** A mention, which pings: only of ids that Slack gave us. */
export function person(user: string): string {
  return /^[UW][A-Z0-9]{2,30}$/.test(user) ? `<@${user}>` : mrkdwn(user, 60);
}

/**
 * A sentence of the story as mrkdwn. It may hold words of the cluster, so people are named only in those sentences with
 * which the story itself names one.
 */
export function told(sentence: string): string {
  const [, before = '', user = '', after = ''] =
    /^(Not done: |)<@(\w+)>( (?:said no to “|withdrew “|may no longer approve|asked for this plan, ).*)$/s.exec(
      sentence,
    ) ?? [];
  return user ? `${before}${person(user)}${mrkdwn(`x${after}`, 600).slice(1)}` : said(sentence);
}

/** A sentence that names nobody, as mrkdwn. */
export function said(sentence: string): string {
  return withClocks(mrkdwn(sentence, 900));
}

/** What somebody wants: "roll back to revision 8", "undo (go forward again)". */
export function wish({ title }: Plan): string {
  const words = title.replace(/^Undo: (.*)$/s, 'undo ($1)');
  return mrkdwn(inSentence(words), 200);
}

/** What was done: "rolled back to revision 8". */
export function deed(plan: Plan): string {
  if (isUndo(plan)) return wish(plan);
  const { revision, to } = plan.intent;
  if (plan.action === 'rollback' && revision) return mrkdwn(`rolled back to revision ${revision}`, 200);
  if (plan.action === 'raise-memory-limit' && to) return mrkdwn(`memory limit raised to ${to}`, 200);
  return plan.action === 'restart' ? 'restarted' : wish(plan);
}

/** The plan that takes another back is no cure, so it is not judged as one. */
function isUndo(plan: Plan): boolean {
  return plan.title.startsWith('Undo');
}
