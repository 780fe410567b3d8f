// Does one thing in one channel. Invariants: messages of a thread go in the order in which they were wanted; a message
// that waits holds up its own thread, a pace of Slack's its own sort, and neither anything else.

import { QueueUnavailable } from '../../queue/errors.ts';
import type { StoredMessage } from '../../queue/post-message.ts';
import type { Held } from '../../queue/posts.ts';
import { pacesOf } from '../../slack/paces.ts';
import { markRepeated } from '../../slack/post.ts';
import { edit } from '../../slack/send.ts';
import { postFirst } from './first-post.ts';
import { kindOf } from './kinds.ts';
import { away, type Desk, DID, hashOf, later, notSent, type Outcome, putOff, settle } from './outcome.ts';

const LONGEST_MS = 60_000;

/** After how many ms there is another thing to do; 0 for at once. */
export async function serve(desk: Desk, held: Held): Promise<number> {
  const { now, messages } = await desk.posts.waiting(held.channel);
  const stuck = new Set<string>();
  const paced = { new: false, edit: false };
  let soonest = LONGEST_MS;
  for (const message of messages) {
    const sort = message.ts === '' ? 'new' : 'edit';
    const thread = message.parent || message.id;
    if (paced[sort] || (message.parent && stuck.has(thread))) continue;
    const outcome = await tried(desk, held, message, now);
    if (outcome.is === 'did') return 0;
    soonest = Math.min(soonest, outcome.ms);
    if (outcome.is === 'pace') paced[sort] = true;
    else stuck.add(thread);
  }
  return soonest;
}

async function tried(desk: Desk, held: Held, message: StoredMessage, now: number): Promise<Outcome> {
  if (message.notBefore > now) return later(message.notBefore - now);
  try {
    return await (message.ts === '' ? postFirst : editOne)(desk, held, message, now);
  } catch (error) {
    if (error instanceof QueueUnavailable) throw error;
    desk.log.error({ message: message.id, error: String(error) }, 'a message could not be drawn or sent');
    return putOff(desk, message, now, away(message.failures), { counts: 'failures' });
  }
}

async function editOne(desk: Desk, held: Held, message: StoredMessage, now: number): Promise<Outcome> {
  const { posts, client, kinds } = desk;
  const kind = kindOf(kinds, message);
  if (!kind) return later(5_000); // a gateway of another version knows it
  if (!message.told) {
    await kind.posted(message, message.ts);
    await posts.told(message);
  }
  const drawn = await kind.draw(message);
  if (drawn?.ts === null) {
    await posts.startAnew(message);
    return DID;
  }
  const shown = drawn && hashOf(drawn.look);
  if (!drawn || shown === message.shown) return settle(desk, message);
  const paces = pacesOf('chat.update', message.channel, message.id);
  const leave = await posts.begin(held, message, { paces, noting: false });
  if (leave.is === 'wait') return { is: leave.ofMessage ? 'later' : 'pace', ms: leave.ms };
  if (leave.is === 'lost') return DID;
  const at = { channel: message.at || message.channel, ts: message.ts };
  const sent = await edit(client, at, message.repeated ? markRepeated(drawn.look) : drawn.look);
  return sent.is === 'done' ? settle(desk, message, shown) : notSent(desk, message, now, sent, paces);
}
