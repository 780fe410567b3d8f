// The message that speaks for several incidents: what they share, how far it reaches, how it ended. Members stand in its
// thread, with their own remedies. At most a few lines that can be read on a phone.

import type { ActionsBlockElement } from '@slack/types';
import { subjectOf } from '../core/headline.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { counted, durationWords, listed } from '../core/spoken.ts';
import { isShownLater, workloadsOf } from '../core/storm/members.ts';
import type { StormMessage, StormState } from '../core/storm/state.ts';
import { actions, context, type Message, message, section } from './blocks.ts';
import { approvalNote, buttonsOf, type CardSettings } from './card.ts';
import { digestLines } from './digest.ts';
import { bold, clock, code, mrkdwn } from './mrkdwn.ts';
import { operationLines } from './operation.ts';
import { lasting, manyOf, namesOf, waiting } from './storm-members.ts';
import { shared, sureness } from './storm-words.ts';

export interface StormSettings extends CardSettings {
  /** The incident of what the others wait for, where it is one of them. */
  root?: IncidentState | undefined;
}

export function stormLookOf(state: StormState, name: StormMessage, settings: StormSettings): Message | undefined {
  if (state.phase === 'gathering') return undefined;
  if (name === 'storm-end') return endOf(state);
  const lines = state.subject.is === 'digest' ? digestLines(state) : stormLines(state);
  const cure = state.phase === 'open' && settings.root ? cureOf(settings.root, settings) : { notes: [], buttons: [] };
  return message(lines[0] ?? '', [
    ...section(lines),
    ...context(...cure.notes, ...notes(state)),
    ...actions(cure.buttons),
  ]);
}

/** The remedies of the thing itself, as its own message in the thread offers them, or what is being done about it. */
function cureOf(root: IncidentState, settings: CardSettings): { notes: string[]; buttons: ActionsBlockElement[] } {
  const [doing = '', ...more] = operationLines(root) ?? [];
  const buttons = buttonsOf(root, ({ is }) => is === 'plan');
  const name = root.report ? bold(subjectOf(root.report)) : '';
  return {
    // This card has a light of its own.
    notes: [
      doing.replace(/^\S+ /u, ''),
      ...more,
      buttons.length > 0 ? `The buttons are for ${name}.` : '',
      approvalNote(root, settings),
    ],
    buttons,
  };
}

function stormLines(state: StormState): string[] {
  const { phase, root, startedAt, endedAt } = state;
  const others = waiting(state);
  const all = workloadsOf(others).length;
  const left = workloadsOf(lasting(others)).length;
  const many = manyOf(others);
  const open = phase === 'open';
  const now = open
    ? [`${left} still broken`, all > left ? `${all - left} over` : '']
    : [`over at ${clock(endedAt, { near: startedAt })}`];
  const head = `${shared(state, many)} · on _${mrkdwn(state.cluster, 80)}_`;
  return [
    open ? `🔴 ${head}` : `🟢 ${left > 0 ? '*It is calm again*' : `*${many} run again* or are gone`}`,
    [`Since ${clock(startedAt)}`, ...now].filter(Boolean).join(' · '),
    open ? '' : `It was: ${head}`,
    root?.summary ? `*${mrkdwn(sureness(root), 400)}*` : '',
    root?.proof ? code(root.proof, 200) : '',
    ...namesOf(others, state.subject.is === 'overview'),
  ];
}

function notes(state: StormState): string[] {
  const { phase, subject, members, mentions } = state;
  const shown = members.filter((one) => one.ended === 'shown').length;
  const isOpen = phase === 'open' && lasting(members).length > shown;
  const groups = mentions.filter((id) => /^S[A-Z0-9]{2,30}$/.test(id)).map((id) => `<!subteam^${id}>`);
  return [
    isOpen ? threadWords(state) : '',
    shown > 0 && subject.is !== 'digest'
      ? `${shown} of them ${shown === 1 ? 'has a card of its' : 'have cards of their'} own.`
      : '',
    groups.length > 0 && phase === 'open' && subject.is !== 'digest' ? `for ${listed(groups)}` : '',
  ];
}

function threadWords(state: StormState): string {
  const later = state.members.filter(({ incident }) => isShownLater(state, incident)).length;
  if (later === 0) return 'Each of them stands in the thread, with what can be done about it.';
  const stand = state.members.filter(({ ended }) => ended !== 'shown').length - later;
  return `${stand} of them stand in the thread; the others follow when nothing new comes. Ask for one: ${code('/crashloop NAME')}`;
}

function endOf(state: StormState): Message {
  const { phase, subject, startedAt, endedAt } = state;
  const others = waiting(state);
  const all = counted(workloadsOf(others).length, 'workload');
  const left = workloadsOf(lasting(others)).length;
  const lasted = durationWords((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000);
  const ended =
    subject.is === 'overview' && left > 0
      ? `🟢 It is calm again after ${lasted}: ${all} broke, ${left} of them with a card of their own.`
      : `🟢 It is over after ${lasted}: ${all} run again or are gone.`;
  const line = phase === 'open' ? `🔴 It is not over: ${left} of ${all} broke again.` : ended;
  return message(line, section([line]));
}
