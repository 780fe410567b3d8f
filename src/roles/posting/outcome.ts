// What becomes of one attempt at one message: done, later, at another pace, or given up. Invariant: nothing leaves the
// outbox but by looking as it was wanted or by going onto the dead list with a sentence that says what cures it.

import { createHash } from 'node:crypto';
import type { StoredMessage } from '../../queue/post-message.ts';
import type { Posts } from '../../queue/posts.ts';
import type { Message } from '../../slack/blocks.ts';
import type { pacesOf } from '../../slack/paces.ts';
import { isPerson, refusalSentence } from '../../slack/refusals.ts';
import type { PostClient, Sent } from '../../slack/send.ts';
import type { Log } from '../log.ts';
import type { MessageKinds } from './kinds.ts';

/** What every step works with. */
export interface Desk {
  posts: Posts;
  client: PostClient;
  kinds: MessageKinds;
  log: Log;
  /** Why direct messages were refused so far: what is wrong with one is wrong with all, and is said once. */
  toldDirect: Set<string>;
  /** An answer that is missing is looked for after so long; 2,000. */
  settleMs?: number;
}

export type Outcome =
  | { is: 'did' }
  /** This message, and what follows it in its thread. */
  | { is: 'later'; ms: number }
  /** Every message of this sort in the channel. */
  | { is: 'pace'; ms: number };

export const DID: Outcome = { is: 'did' };
export const later = (ms: number): Outcome => ({ is: 'later', ms });

/** A message that Slack does not take for so long is given up. */
const POST_WITHIN_MS = 24 * 3_600_000;

/** Before a call that Slack failed is tried again. */
export const away = (failures: number): number => Math.min(5_000 * 2 ** failures, 300_000);

/** It looks as it was wanted. */
export async function settle({ posts }: Desk, message: StoredMessage, shown = ''): Promise<Outcome> {
  await posts.settled(message, shown);
  return DID;
}

/** `now` is Redis' clock in ms. */
export async function putOff(
  desk: Desk,
  message: StoredMessage,
  now: number,
  ms: number,
  how: Parameters<Posts['putOff']>[2],
): Promise<Outcome> {
  if (now - message.wantedAt > POST_WITHIN_MS) return bury(desk, message, 'day');
  await desk.posts.putOff(message, ms, how);
  return later(ms);
}

/** `why` is Slack's error, or a word of ours that refusals.ts knows. */
export async function bury({ posts, log, toldDirect }: Desk, message: StoredMessage, why: string): Promise<Outcome> {
  const sentence = refusalSentence(why, message.channel);
  await posts.bury(message, { why, sentence, at: new Date(posts.now()).toISOString() });
  const isDirect = isPerson(message.channel);
  const isTold = isDirect && toldDirect.has(why);
  if (isDirect) toldDirect.add(why);
  log[isTold ? 'debug' : 'error']({ message: message.id, channel: message.channel, why }, sentence);
  return DID;
}

/** Slack did nothing. The first of `paces` is held where it asked for patience. */
export async function notSent(
  desk: Desk,
  message: StoredMessage,
  now: number,
  sent: Exclude<Sent, { is: 'done' }>,
  paces: ReturnType<typeof pacesOf>,
): Promise<Outcome> {
  const { posts, log } = desk;
  if (sent.is === 'away') return putOff(desk, message, now, away(message.failures), { sure: true, counts: 'failures' });
  await posts.putOff(message, 0, { sure: true });
  if (sent.is === 'refused') return bury(desk, message, sent.why);
  log.info({ message: message.id, ms: sent.ms }, 'Slack asks for patience');
  await posts.hold(paces, sent.ms);
  return { is: 'pace', ms: sent.ms };
}

export function hashOf(look: Message): string {
  return createHash('sha256').update(JSON.stringify(look)).digest('base64url').slice(0, 22);
}
