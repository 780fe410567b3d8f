// What an incident's messages look like now. Pure: when and how they reach Slack is the outbox's business.

import type { MessageName } from '../core/incident/messages.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { context, type Message, message } from './blocks.ts';
import type { JournalHead } from './card.ts';
import { newsOf } from './card-life.ts';
import { detailsOf } from './details.ts';
import { directMessageOf } from './direct.ts';
import { type AmongSettings, memberOf, ownCardOf } from './member.ts';
import { outcomeMessageOf, planMessageOf } from './plan-message.ts';

interface Drawing extends AmongSettings {
  name: MessageName;
  head: JournalHead | undefined;
}
type Look = (state: IncidentState, drawing: Drawing) => Message | undefined;

/** One row per kind of message of an incident; undefined while there is nothing to show. */
const LOOKS: { [kind: string]: Look } = {
  card: (state, { head, ...settings }) => ownCardOf(state, settings, head),
  member: (state, { head, ...settings }) => memberOf(state, settings, head),
  details: ({ report }) => (report ? detailsOf(report) : undefined),
  plan: (state, { name }) => planMessageOf(state, name),
  outcome: (state, { name }) => outcomeMessageOf(state, name),
  news: (state, { name }) => newsOf(state, name),
  direct: (state, { name, workspaceUrl = '' }) => directMessageOf(state, name, workspaceUrl),
};

export function lookOf(
  state: IncidentState,
  name: MessageName,
  settings: AmongSettings,
  head?: JournalHead,
): Message | undefined {
  const [kind = ''] = name.split('.');
  return LOOKS[kind]?.(state, { ...settings, name, head });
}

export function isDirect(name: MessageName): name is `direct.${string}.${string}` {
  return name.startsWith('direct.');
}

const REPEATED = 'This may stand here twice: I was interrupted while posting it. Only this one is kept up to date.';

/** A message whose first post ended without an answer, and that could not be looked up. */
export function markRepeated({ text, blocks }: Message): Message {
  return message(text, [...context(REPEATED), ...blocks]);
}
