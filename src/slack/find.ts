// Whether a post whose answer was lost stands in Slack after all: looked up by the id in its metadata. Needs the scopes
// channels:history and groups:history, which are optional. Invariant: "it is not there" is said only after looking at
// everything since before the attempt; anything less is "cannot tell".

import type { WebClient } from '@slack/web-api';
import { EVENT_TYPE, failure } from './send.ts';

export type Found =
  | { is: 'found'; ts: string }
  | { is: 'absent' }
  | { is: 'cannot-tell'; why: string }
  | { is: 'patience'; ms: number }
  | { is: 'away' };

export interface Sought {
  channel: string;
  threadTs: string | undefined;
  attempt: string;
  /** Ms since the epoch. */
  since: number;
}

const PAGE = 200;
const MOST_PAGES = 10;
/** Clocks differ. */
const MARGIN_MS = 120_000;

export async function findPost(client: WebClient, sought: Sought): Promise<Found> {
  let cursor = '';
  try {
    for (let page = 0; page < MOST_PAGES; page++) {
      const { messages = [], response_metadata: more } = await ask(client, sought, cursor);
      const found = messages.find(({ metadata }) => isOurs(metadata, sought.attempt));
      if (found?.ts) return { is: 'found', ts: found.ts };
      cursor = more?.next_cursor ?? '';
      if (cursor === '') return { is: 'absent' };
    }
    return { is: 'cannot-tell', why: 'too much was posted since' };
  } catch (error) {
    const outcome = failure(error);
    return outcome.is === 'refused' ? { is: 'cannot-tell', why: outcome.why } : outcome;
  }
}

function ask(client: WebClient, { channel, threadTs, since }: Sought, cursor: string): Promise<Page> {
  const wanted = {
    channel,
    oldest: String((since - MARGIN_MS) / 1_000),
    include_all_metadata: true,
    limit: PAGE,
    ...(cursor ? { cursor } : {}),
  };
  return threadTs ? client.conversations.replies({ ...wanted, ts: threadTs }) : client.conversations.history(wanted);
}

interface Page {
  messages?: { ts?: string; metadata?: unknown }[];
  response_metadata?: { next_cursor?: string };
}

function isOurs(metadata: unknown, attempt: string): boolean {
  const { event_type, event_payload } = (metadata ?? {}) as {
    event_type?: string;
    event_payload?: { attempt?: string };
  };
  return event_type === EVENT_TYPE && event_payload?.attempt === attempt;
}
