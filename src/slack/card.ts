// The parent message of an incident: at most six lines that can be read on a phone, and the buttons of its state.

import type { ActionsBlockElement } from '@slack/types';
import { downDependency, gradedSentence } from '../core/headline.ts';
import { buttonValue, type Offer, offersOf } from '../core/incident/offers.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { answerInBrief, answerLines } from './answer.ts';
import { actions, button, context, LIMITS, type Message, menu, message, section } from './blocks.ts';
import { endedLines, lifeNotes } from './card-life.ts';
import { bold, code, mrkdwn } from './mrkdwn.ts';
import { operationLines, told } from './operation.ts';

export interface CardSettings {
  /** Where links to other messages lead, such as https://acme.slack.com/; missing: nothing is linked. */
  workspaceUrl?: string;
  /** In a thread that says why already: head, time and cause are enough, and nobody is called up. */
  isBrief?: boolean;
  /** Whether anybody may approve at all; when not, the card says how to set it up. */
  someoneMayApprove: boolean;
  remediation: boolean;
}

/** The newest entry of the incident's journal: shown here, a journal that is rewritten later does not fit it. */
export interface JournalHead {
  version: number;
  hash: string;
}

export function cardOf(state: IncidentState, settings: CardSettings, head?: JournalHead): Message {
  switch (state.phase) {
    case 'asked':
      return askedCard(state);
    case 'choosing':
      return choosingCard(state);
    case 'refused':
      return refusedCard(state, settings);
    default:
      return state.report ? storyCard(state, settings, head) : refusedCard(state, settings);
  }
}

function askedCard({ request: { wanted }, progress }: IncidentState): Message {
  const what = wanted.name ? bold(wanted.name) : wanted.selector ? code(wanted.selector) : 'what is crash looping';
  const where = wanted.namespace ? `in ${code(wanted.namespace, 80)}` : 'in every namespace that I may read from here';
  const read = progress.length ? `Read so far: ${progress.map((p) => mrkdwn(p, 250)).join(', ')}` : '';
  const line = `⚪ Looking at ${what} ${where}, on _${mrkdwn(wanted.cluster, 80)}_`;
  return message(line, [...section([line]), ...context(read)]);
}

function refusedCard(state: IncidentState, { workspaceUrl = '' }: CardSettings): Message {
  const sentence = told(state.sentence) || 'This could not be answered.';
  const picks = picksOf(state);
  // One near name is a button, several are a list.
  const near =
    picks.length === 1
      ? picks.map((o) => button('pick', o.title, buttonValue(state, o)))
      : picksMenu(state, picks, 'Did you mean…');
  return message(sentence, [
    ...section([`⚪ ${sentence}`]),
    // An alert is not at hand like a question that somebody has just typed.
    ...context(...lifeNotes(state, workspaceUrl)),
    ...actions([...near, ...buttonsOf(state)]),
  ]);
}

type Pick = Extract<Offer, { is: 'pick' }>;

function picksOf(state: IncidentState): Pick[] {
  return offersOf(state)
    .filter((o): o is Pick => o.is === 'pick')
    .slice(0, LIMITS.options);
}

function picksMenu(state: IncidentState, picks: Pick[], words: string) {
  return menu(
    'pick',
    words,
    picks.map((o) => ({ title: pickTitle(o), value: buttonValue(state, o) })),
  );
}

const LISTED = 5;

function choosingCard(state: IncidentState): Message {
  const picks = picksOf(state);
  const { name, selector } = state.request.wanted;
  const asked = name || selector;
  const count = picks.length;
  const question =
    asked === ''
      ? `${count} ${count === 1 ? 'thing is' : 'things are'} in trouble. Which one?`
      : `${count} ${count === 1 ? 'thing matches' : 'things match'} “${mrkdwn(asked, 120)}”. Which one?`;
  const more = count > LISTED ? [`and ${count - LISTED} more in the list`] : [];
  return message(question, [
    ...section([`⚪ ${question}`, ...picks.slice(0, LISTED).map(pickLine)]),
    ...context(...more),
    ...actions(picksMenu(state, picks, 'Choose one')),
  ]);
}

function pickLine({ match }: Pick): string {
  return [
    '•',
    bold(match.name, 120),
    '·',
    code(match.namespace, 80),
    match.trouble && `· ${mrkdwn(match.trouble, 120)}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function pickTitle({ match }: Pick): string {
  return `${match.namespace}/${match.name}${match.trouble ? ` · ${match.trouble}` : ''}`;
}

const BRIEF = 3;

/** The answer, or, once somebody wants something done, what is done about it. */
function storyCard(state: IncidentState, settings: CardSettings, head: JournalHead | undefined): Message {
  const { report } = state;
  if (!report) return refusedCard(state, settings);
  const doing = endedLines(state) ?? operationLines(state);
  const answer = answerLines(report);
  const lines = doing ?? (settings.isBrief ? answer.slice(0, BRIEF) : answer);
  return message(doing?.[0] ?? answerInBrief(report), [
    ...section(lines),
    ...context(
      state.sentence ? told(state.sentence) : '',
      doing && !state.life.ended && !['recovered', 'expired'].includes(state.phase)
        ? mrkdwn(gradedSentence(report), 300)
        : '',
      approvalNote(state, settings),
      ...lifeNotes(state, settings.workspaceUrl ?? ''),
      auditNote(state, head),
    ),
    ...actions(buttonsOf(state)),
  ]);
}

/** Once somebody approved something. */
function auditNote(state: IncidentState, head: JournalHead | undefined): string {
  if (!head || !(state.approval ?? state.operation)) return '';
  return `Audit: ${code(`${state.id} ${head.version}:${head.hash.slice(0, 16)}`)}`;
}

export function approvalNote(state: IncidentState, settings: CardSettings): string {
  if (!offersOf(state).some((o) => o.is === 'plan' || o.is === 'approve')) return '';
  const offered = state.report?.proposals.filter((p) => p.refusal === null) ?? [];
  const owner = offered.every((p) => p.copyOnly) ? offered[0]?.copyOnly?.owner : undefined;
  if (owner) return `${mrkdwn(owner, 120)} owns it: a change is shown for copying, and made there.`;
  if (!settings.remediation)
    return 'Changes are switched off (LOOPBREAKER_REMEDIATION=off): plans are shown, nothing is written.';
  return settings.someoneMayApprove
    ? ''
    : 'Nobody may approve a change yet: set LOOPBREAKER_APPROVERS to the Slack user ids of those who may.';
}

/** Best remedies first. Approve and Cancel stand in the plan's own message, beside its difference. */
export function buttonsOf(state: IncidentState, isWanted: (offer: Offer) => boolean = isOfCard): ActionsBlockElement[] {
  const offers = offersOf(state).filter(isWanted);
  const plans = offers.filter((o) => o.is === 'plan');
  const others = offers.filter((o) => o.is !== 'plan');
  // A restart before the dependency is back would be a wrong first choice.
  const waits = state.report !== null && downDependency(state.report) !== '';
  const [first, ...more] = plans.map((o, index) =>
    button(`plan-${index}`, o.title, buttonValue(state, o), index === 0 && !waits ? { style: 'primary' } : {}),
  );
  const open = others.map((o) => button(o.is, o.title, buttonValue(state, o)));
  if (plans.length <= 2 && plans.length + others.length <= MOST_BUTTONS)
    return [...(first ? [first] : []), ...more, ...open];
  // Of an incident it is who takes care of it, of an answer whether it still holds.
  const care = others.findIndex((o) => o.is === 'take' || o.is === 'hand-over');
  const last = care >= 0 ? care : others.findIndex((o) => o.is === 'diagnose-again');
  const listed = [...plans.slice(1), ...others.filter((_, index) => index !== last)];
  const ways = listed.map((o) => ({ title: o.title, value: buttonValue(state, o) }));
  return [...(first ? [first] : []), ...menu('other-ways', 'Other ways…', ways), ...open.slice(last, last + 1)];
}

function isOfCard({ is }: Offer): boolean {
  return !['pick', 'approve', 'reject', 'cancel'].includes(is);
}

/** More than these are too many to choose from: they go into a list. */
const MOST_BUTTONS = 3;
