// One call to Slack for one message, and what became of it. Invariant: "nothing was done" is said only where that is
// sure; a call whose answer is missing may have been carried out. The client never tries again by itself.

import type { Logger as BoltLogger } from '@slack/bolt';
import { WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError, WebClient } from '@slack/web-api';
import type { Message } from './blocks.ts';

export type Sent =
  /** Where somebody's id was given for a channel, `channel` is the conversation with them. */
  | { is: 'done'; ts: string; channel: string }
  /** Slack asks for patience, and did nothing. */
  | { is: 'patience'; ms: number }
  /** Slack is away or stumbles. `sure`: it did nothing. */
  | { is: 'away'; sure: boolean }
  /** Slack will not take it as it is; `why` is Slack's error. */
  | { is: 'refused'; why: string };

export interface Posting {
  channel: string;
  threadTs: string | undefined;
  look: Message;
  /** What the post is found again by: ids only, since other apps may read it. */
  mark: { owner: string; name: string; attempt: string };
}

/** A call that takes longer counts as lost. */
const CALL_MS = 8_000;

export const EVENT_TYPE = 'loopbreaker_message';

export type PostClient = WebClient;

type Settings = { botToken: string; apiUrl: string };

export function createPostClient({ botToken, apiUrl }: Settings, logger?: BoltLogger): PostClient {
  return new WebClient(botToken, {
    slackApiUrl: apiUrl,
    timeout: CALL_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    ...(logger ? { logger } : {}),
  });
}

export function post(client: WebClient, { channel, threadTs, look, mark }: Posting): Promise<Sent> {
  return sent(
    client.chat.postMessage({
      channel,
      text: look.text,
      blocks: look.blocks,
      metadata: { event_type: EVENT_TYPE, event_payload: { ...mark } },
      unfurl_links: false,
      unfurl_media: false,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    }),
  );
}

export function edit(client: WebClient, at: { channel: string; ts: string }, { text, blocks }: Message): Promise<Sent> {
  return sent(client.chat.update({ ...at, text, blocks }));
}

async function sent(call: Promise<{ ts?: string | undefined; channel?: string | undefined }>): Promise<Sent> {
  try {
    const { ts, channel = '' } = await call;
    return ts ? { is: 'done', ts, channel } : { is: 'away', sure: false };
  } catch (error) {
    return failure(error);
  }
}

export function failure(error: unknown): Exclude<Sent, { is: 'done' }> {
  if (error instanceof WebAPIRateLimitedError) return { is: 'patience', ms: Math.max(1, error.retryAfter) * 1_000 };
  if (error instanceof WebAPIPlatformError) {
    const why = error.data.error;
    if (why === 'ratelimited') return { is: 'patience', ms: 30_000 };
    return STUMBLES.has(why) ? { is: 'away', sure: false } : { is: 'refused', why };
  }
  if (error instanceof WebAPIRequestError) return { is: 'away', sure: NEVER_LEFT.has(codeOf(error.original)) };
  return { is: 'away', sure: false };
}

/** Slack's own troubles, of which its documentation says that part of the work may have been done. */
const STUMBLES = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/** No connection, so nothing was asked. */
const NEVER_LEFT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause ? codeOf(cause) : '';
}
