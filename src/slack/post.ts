// Puts an incident's messages into Slack: posted once, edited ever after. Called by the queue, safe to run twice.

import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api';
import type { IncidentState, MessageName } from '../core/incident/state.ts';
import type { Message } from './blocks.ts';
import { type CardSettings, cardOf, type JournalHead } from './card.ts';
import { detailsOf } from './details.ts';
import { outcomeMessageOf, planMessageOf } from './plan-message.ts';

export type Posted =
  | { is: 'posted'; ts: string }
  | { is: 'edited' }
  | { is: 'unchanged' }
  /** Slack asks for patience or is away, or the parent message is not there yet. */
  | { is: 'later'; afterMs: number }
  /** Slack will never take it; the reason is Slack's error code. */
  | { is: 'refused'; why: string };

export interface Poster {
  post(state: IncidentState, name: MessageName, head?: JournalHead): Promise<Posted>;
}

export function createPoster(client: WebClient, settings: CardSettings): Poster {
  // What each message last looked like: an equal edit is not sent. Lost on a restart, which costs one edit.
  const shown = new Map<string, string>();

  return {
    post: async (state, name, head) => {
      const wanted = render(state, name, settings, head);
      if (!wanted) return { is: 'unchanged' };
      const key = `${state.id}/${name}`;
      const look = JSON.stringify(wanted);
      const ts = state.messages[name];
      if (ts !== undefined && shown.get(key) === look) return { is: 'unchanged' };
      if (name !== 'card' && state.messages.card === undefined) return { is: 'later', afterMs: 500 };
      const result = await send(client, state, name, wanted);
      if (result.is === 'posted' || result.is === 'edited') {
        shown.set(key, look);
        if (shown.size > 5_000) shown.delete(shown.keys().next().value ?? '');
      }
      return result;
    },
  };
}

function render(
  state: IncidentState,
  name: MessageName,
  settings: CardSettings,
  head: JournalHead | undefined,
): Message | undefined {
  switch (name) {
    case 'card':
      return cardOf(state, settings, head);
    case 'details':
      return state.report ? detailsOf(state.report) : undefined;
    case 'plan':
      return planMessageOf(state);
    case 'outcome':
      return outcomeMessageOf(state);
  }
}

async function send(
  client: WebClient,
  state: IncidentState,
  name: MessageName,
  { text, blocks }: Message,
): Promise<Posted> {
  const { channel } = state.request.place;
  const ts = state.messages[name];
  try {
    if (ts !== undefined) {
      await client.chat.update({ channel, ts, text, blocks });
      return { is: 'edited' };
    }
    const thread = name === 'card' ? {} : { thread_ts: state.messages.card };
    const metadata = { event_type: 'loopbreaker_message', event_payload: { incident: state.id, name } };
    const answer = await client.chat.postMessage({
      channel,
      text,
      blocks,
      metadata,
      unfurl_links: false,
      unfurl_media: false,
      ...thread,
    });
    return answer.ts ? { is: 'posted', ts: answer.ts } : { is: 'refused', why: 'no timestamp in the answer' };
  } catch (error) {
    if (error instanceof WebAPIRateLimitedError) return { is: 'later', afterMs: Math.max(1, error.retryAfter) * 1_000 };
    if (error instanceof WebAPIPlatformError && !TRANSIENT.has(error.data.error))
      return { is: 'refused', why: error.data.error };
    // Slack is away or stumbles: messages wait as long as that takes.
    return { is: 'later', afterMs: AWAY_MS };
  }
}

const AWAY_MS = 5_000;

const TRANSIENT = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'ratelimited',
]);
