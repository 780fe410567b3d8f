// One incident among others: short, with its own remedies, in the thread of the message that speaks for all of them. A
// card that it had before, and its place in the thread after it turned out to have another cause, become a line that
// leads to where it stands.

import { subjectOf } from '../core/headline.ts';
import { shownAt } from '../core/incident/life.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { type Message, message, section } from './blocks.ts';
import { type CardSettings, cardOf, type JournalHead } from './card.ts';
import { link } from './card-life.ts';
import { icon, placeOf } from './head.ts';
import { bold } from './mrkdwn.ts';

/** `storm` is the message that speaks for it and others; `ts` is "" while that is on its way. */
export interface AmongSettings extends CardSettings {
  storm?: { channel: string; ts: string } | undefined;
}

/** The message `card`; undefined where it never had one of its own. */
export function ownCardOf(state: IncidentState, settings: AmongSettings, head?: JournalHead): Message | undefined {
  if (state.life.storm === '') return cardOf(state, settings, head);
  if (state.messages.card === undefined) return undefined;
  const storm = settings.storm ?? { channel: state.request.place.channel, ts: '' };
  return pointer(
    state,
    `is one of several that fail for the same reason: ${link(settings.workspaceUrl ?? '', storm, 'what they share')}`,
  );
}

/** The message `member`. */
export function memberOf(state: IncidentState, settings: AmongSettings, head?: JournalHead): Message | undefined {
  if (state.life.storm !== '') return cardOf(state, { ...settings, isBrief: true }, head);
  return pointer(state, `has another cause: ${link(settings.workspaceUrl ?? '', shownAt(state), 'its own card')}`);
}

function pointer(state: IncidentState, words: string): Message | undefined {
  const { report, phase } = state;
  if (!report) return undefined;
  const light = phase === 'recovered' ? '🟢' : phase === 'gone' ? '⚪' : icon(report);
  const line = `${light} ${bold(subjectOf(report))} · ${placeOf(report)} ${words}`;
  return message(line, section([line]));
}
