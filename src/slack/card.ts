// The parent message of an incident: at most six lines that can be read on a phone, and the buttons of its state.

import type { Button, KnownBlock } from '@slack/types';
import { gradedSentence, stateWords, subjectOf } from '../core/headline.ts';
import { buttonValue, type Offer, offersOf } from '../core/incident/offers.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Report } from '../core/report.ts';
import {
  actions,
  bold,
  button,
  clip,
  clock,
  code,
  context,
  LIMITS,
  type Message,
  message,
  mrkdwn,
  section,
  withMentions,
} from './blocks.ts';

export interface CardSettings {
  /** Whether anybody may approve at all; when not, the card says how to set it up. */
  someoneMayApprove: boolean;
  remediation: boolean;
}

export function cardOf(state: IncidentState, settings: CardSettings): Message {
  switch (state.phase) {
    case 'asked':
      return askedCard(state);
    case 'choosing':
      return choosingCard(state);
    case 'refused':
      return refusedCard(state);
    default:
      return state.report ? answerCard(state, state.report, settings) : refusedCard(state);
  }
}

function askedCard(state: IncidentState): Message {
  const { wanted } = state.request;
  const name = wanted.name || 'what is crash looping';
  const done = state.progress.length ? ` · read: ${state.progress.map(mrkdwn).join(', ')}` : '';
  const line = `⚪ Looking at ${bold(name)} in ${code(wanted.namespace || 'every namespace of this channel')} on _${mrkdwn(wanted.cluster)}_${done}`;
  return message(`Looking at ${name}`, section([line]));
}

function refusedCard(state: IncidentState): Message {
  const sentence = state.sentence || 'This could not be answered.';
  return message(sentence, [...section([`⚪ ${mrkdwn(sentence)}`]), ...actions(buttonsOf(state))]);
}

function choosingCard(state: IncidentState): Message {
  const offers = offersOf(state)
    .filter((o): o is Extract<Offer, { is: 'pick' }> => o.is === 'pick')
    .slice(0, LIMITS.options);
  const text =
    state.request.wanted.name === ''
      ? `${offers.length} things are in trouble. Which one?`
      : `${offers.length} things match “${state.request.wanted.name}”. Which one?`;
  const listed = offers
    .slice(0, 5)
    .map(
      (o) =>
        `• ${bold(o.match.name)} · ${code(o.match.namespace)}${o.match.trouble ? ` · ${mrkdwn(o.match.trouble)}` : ''}`,
    );
  const options = offers.map((o) => ({
    text: {
      type: 'plain_text' as const,
      text: clip(
        `${o.match.namespace}/${o.match.name}${o.match.trouble ? ` · ${o.match.trouble}` : ''}`,
        LIMITS.optionText,
      ),
    },
    value: buttonValue(state, o),
  }));
  const picker: KnownBlock[] = options.length
    ? [
        {
          type: 'actions',
          elements: [
            {
              type: 'static_select',
              action_id: 'pick',
              placeholder: { type: 'plain_text', text: 'Choose one' },
              options,
            },
          ],
        },
      ]
    : [];
  return message(text, [...section([`⚪ ${mrkdwn(text)}`, ...listed]), ...picker]);
}

function answerCard(state: IncidentState, report: Report, settings: CardSettings): Message {
  const operation = operationLines(state);
  const lines = operation ?? answerLines(report);
  const fallback = `${subjectOf(report)}: ${gradedSentence(report)}`;
  const notes = [...(state.sentence ? [withMentions(state.sentence)] : []), ...approvalNote(state, settings)];
  return message(operation ? plain(operation[0] ?? fallback) : fallback, [
    ...section(lines),
    ...notes.map(context),
    ...actions(buttonsOf(state)),
  ]);
}

function answerLines(report: Report): string[] {
  const { target, verdict } = report;
  const proof = report.causes[0]?.evidence[0];
  const began = report.context.find((c) => c.kind === 'began-with-revision')?.text;
  const serving = report.status.serving;
  const quiet = ['none', 'none-recovered', 'readiness-probe-failing'].includes(verdict.cause);
  return [
    `${icon(report)} ${bold(subjectOf(report))} ${mrkdwn(stateWords(report))} · ${code(target.namespace)} on _${mrkdwn(target.cluster)}_`,
    sinceLine(report),
    bold(clip(gradedSentence(report), 600)),
    proof ? `${code(proof.text, 240)} — ${mrkdwn(proofPlace(report, proof.at))}` : '',
    capital([began ? mrkdwn(clip(began, 300)) : '', quiet ? '' : mrkdwn(serving)].filter(Boolean).join(' · ')),
    report.nextQuestion && verdict.grade !== 'confirmed'
      ? `_What would decide it:_ ${mrkdwn(clip(report.nextQuestion, 400))}`
      : restartWord(report),
  ];
}

function sinceLine(report: Report): string {
  const { since, restarts, nextStart, now, lastExit } = report.status;
  const parts = [
    since ? `Since ${clock(since)}` : '',
    restarts ? `${restarts} ${restarts === 1 ? 'restart' : 'restarts'}` : '',
    lastExit ? `last exit ${lastExit.code}` : '',
    nextStart && nextStart > now ? `next start about ${clock(nextStart)}` : '',
  ].filter(Boolean);
  return parts.length > 1
    ? `${parts.slice(0, 2).join(', ')}${parts.length > 2 ? ` · ${parts.slice(2).join(' · ')}` : ''}`
    : (parts[0] ?? '');
}

/** Where the proof stands, for a reader on a phone: "last words", "event", or the field. */
function proofPlace(report: Report, at: string): string {
  const finished = report.status.lastExit?.finishedAt.slice(11, 19);
  if (at.startsWith('log.')) return finished ? `last words, ${finished}` : 'last words';
  if (at.startsWith('event:')) return `event ${at.slice(6)}`;
  return at;
}

function restartWord(report: Report): string {
  const refusal = report.proposals.find((p) => p.action === 'restart')?.refusal;
  const others = report.proposals.some((p) => p.refusal === null);
  return refusal && !others ? mrkdwn(refusal) : '';
}

function icon(report: Report): string {
  if (report.verdict.cause === 'none' || report.verdict.cause === 'none-recovered') return '🟢';
  if (report.verdict.cause === 'readiness-probe-failing' || report.status.state === 'pending') return '🟡';
  return report.verdict.grade === 'unknown' ? '⚪' : '🔴';
}

/** Once something was planned or done, the card tells that story. */
function operationLines(state: IncidentState): string[] | undefined {
  const name = bold(subjectOf(state.report as Report));
  const { operation, plan, approval } = state;
  switch (state.phase) {
    case 'planning':
      return [`🟠 ${name}: planning the change and trying it on the API server`, proofReminder(state)];
    case 'planned':
      return plan
        ? [
            `🟠 ${name}: ${mrkdwn(lower(plan.plan.title))}, asked by <@${plan.askedBy}>`,
            `Waiting for an approval until ${clock(plan.expiresAt)} · details and buttons in the thread`,
            proofReminder(state),
          ]
        : undefined;
    case 'applying':
      return plan && approval
        ? [
            `🟠 ${name}: ${mrkdwn(lower(plan.plan.title))}, approved by <@${approval.by}> at ${clock(approval.at)}, is being written`,
            proofReminder(state),
          ]
        : undefined;
    case 'verifying':
      return operation
        ? [
            `🟡 ${name}: ${mrkdwn(lower(operation.plan.title))}, approved by <@${operation.approval.by}> at ${clock(operation.approval.at)}`,
            `${mrkdwn(operation.seen || 'Watching the new pods')} · steady for ${operation.steadySeconds} s means recovered`,
            proofReminder(state),
          ]
        : undefined;
    case 'recovered':
    case 'not-recovered':
      return operation?.outcome ? outcomeLines(state) : undefined;
    default:
      return undefined;
  }
}

function outcomeLines(state: IncidentState): string[] {
  const name = bold(subjectOf(state.report as Report));
  const { operation } = state;
  if (!operation?.outcome) return [];
  const { recovered, at, words } = operation.outcome;
  const minutes = (from: string): string => spell((Date.parse(at) - Date.parse(from)) / 1000);
  const since = state.report?.status.since;
  if (recovered) {
    const first = since ? `${minutes(since)} after the first crash, ` : '';
    return [
      `🟢 ${name} recovered at ${clock(at)} · ${first}${minutes(operation.approval.at)} after approval by <@${operation.approval.by}> · ${mrkdwn(lower(operation.plan.title))}`,
      mrkdwn(words),
    ];
  }
  return [
    `🔴 ${name}: “${mrkdwn(operation.plan.title)}” was not the cure, approved by <@${operation.approval.by}> at ${clock(operation.approval.at)}`,
    mrkdwn(words),
    proofReminder(state),
  ];
}

function proofReminder(state: IncidentState): string {
  return state.report ? `_${mrkdwn(clip(state.report.verdict.summary, 300))}_` : '';
}

/** 94 → "94 s", 1440 → "24 min". */
export function spell(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?';
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}

function approvalNote(state: IncidentState, settings: CardSettings): string[] {
  if (!offersOf(state).some((o) => o.is === 'plan' || o.is === 'approve')) return [];
  if (!settings.remediation)
    return ['Changes are switched off (LOOPBREAKER_REMEDIATION=off): plans are shown, nothing is written.'];
  return settings.someoneMayApprove
    ? []
    : ['Nobody may approve a change yet: set LOOPBREAKER_APPROVERS to the Slack user ids of those who may.'];
}

/** Buttons of the card. Approve and Cancel stand in the plan's own message, beside its difference. */
function buttonsOf(state: IncidentState): Button[] {
  return offersOf(state)
    .filter((o) => o.is !== 'pick' && o.is !== 'approve' && o.is !== 'cancel')
    .map((o, i) =>
      button(`${o.is}-${i}`, o.title, buttonValue(state, o), i === 0 && o.is === 'plan' ? 'primary' : undefined),
    );
}

function lower(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}

function capital(line: string): string {
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/** mrkdwn to plain words for notifications. */
function plain(line: string): string {
  return line
    .replace(/<!date\^\d+\^[^|]+\|([^>]*)>/g, '$1')
    .replace(/<@([^>]+)>/g, '@$1')
    .replace(/[*_`]/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');
}
