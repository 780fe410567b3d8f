// What an incident's messages look like now. Pure: when and how they reach Slack is the outbox's business.

import type { IncidentState, MessageName } from '../core/incident/state.ts';
import { context, type Message, message } from './blocks.ts';
import type { JournalHead } from './card.ts';
import { newsOf } from './card-life.ts';
import { detailsOf } from './details.ts';
import { directMessageOf } from './direct.ts';
import { type AmongSettings, memberOf, ownCardOf } from './member.ts';
import { outcomeMessageOf, planMessageOf } from './plan-message.ts';

type Look = (state: IncidentState, settings: AmongSettings, head: JournalHead | undefined) => Message | undefined;

/** One row per kind of message of an incident; undefined while there is nothing to show. */
const LOOKS: { [name in MessageName]?: Look } = {
  card: ownCardOf,
  member: memberOf,
  details: ({ report }) => (report ? detailsOf(report) : undefined),
  plan: planMessageOf,
  outcome: outcomeMessageOf,
};

export function lookOf(
  state: IncidentState,
  name: MessageName,
  settings: AmongSettings,
  head?: JournalHead,
): Message | undefined {
  if (isDirect(name)) return directMessageOf(state, name, settings.workspaceUrl ?? '');
  return isNews(name) ? newsOf(state, name) : LOOKS[name]?.(state, settings, head);
}

export function isDirect(name: MessageName): name is `direct.${string}.${string}` {
  return name.startsWith('direct.');
}

function isNews(name: MessageName): name is `news.${number}` {
  return name.startsWith('news.');
}

const REPEATED = 'This may stand here twice: I was interrupted while posting it. Only this one is kept up to date.';

/** A message whose first post ended without an answer, and that could not be looked up. */
export function markRepeated({ text, blocks }: Message): Message {
  return message(text, [...context(REPEATED), ...blocks]);
}
