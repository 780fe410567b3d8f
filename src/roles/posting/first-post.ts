// A message that is not in Slack yet, as far as is known. Invariants: that it is being posted is noted before Slack is
// called; one whose end is not known is looked up before it is posted again, and where that cannot be done, it says in
// words that it may be a repeat.

import { refOf, type StoredMessage } from '../../queue/post-message.ts';
import type { Held, PostedAs } from '../../queue/posts.ts';
import { findPost } from '../../slack/find.ts';
import { pacesOf } from '../../slack/paces.ts';
import { markRepeated } from '../../slack/post.ts';
import { post } from '../../slack/send.ts';
import { type Drawn, kindOf, type MessageKind } from './kinds.ts';
import { away, bury, type Desk, DID, hashOf, later, notSent, type Outcome, putOff, settle } from './outcome.ts';

/** Before a post whose answer was lost is repeated blindly: so long that an outage makes few repeats. */
const UNSURE_MS = [5_000, 60_000, 600_000, 3_600_000, 6 * 3_600_000];
const unsure = (tries: number): number => UNSURE_MS[tries - 1] ?? 0; // after no try of which we know, a gateway died

interface Posting {
  held: Held;
  message: StoredMessage;
  kind: MessageKind;
  drawn: Drawn;
  threadTs: string | undefined;
  /** Redis' clock, ms. */
  now: number;
}

export async function postFirst(desk: Desk, held: Held, message: StoredMessage, now: number): Promise<Outcome> {
  const kind = kindOf(desk.kinds, message);
  if (!kind) return later(5_000); // a gateway of another version knows it
  const drawn = await kind.draw(message);
  if (!drawn) return settle(desk, message);
  if (drawn.ts && !message.anew)
    return arrived(desk, kind, message, { channel: message.channel, ts: drawn.ts, shown: '', repeated: false });
  const thread = await threadOf(desk, message, drawn);
  if (thread === 'given-up') return bury(desk, message, 'parent');
  if (thread === 'not-yet') return putOff(desk, message, now, 500, {});
  const posting = { held, message, kind, drawn, threadTs: thread.ts, now };
  return message.trying === 0 ? send(desk, posting, false) : lookUp(desk, posting);
}

/** Nobody knows how the last attempt ended. */
async function lookUp(desk: Desk, posting: Posting): Promise<Outcome> {
  const { posts, client, log, settleMs = 2_000 } = desk;
  const { held, message, kind, threadTs, now } = posting;
  const since = now - message.trying;
  if (since < settleMs) return later(settleMs - since);
  const { channel, attempt, trying, tries, failures } = message;
  const paces = pacesOf('conversations.history', channel);
  const leave = await posts.begin(held, message, { paces, noting: false });
  if (leave.is !== 'go') return leave.is === 'wait' ? later(leave.ms) : DID;
  const found = await findPost(client, { channel, threadTs, attempt, since: trying });
  switch (found.is) {
    case 'found':
      return arrived(desk, kind, message, { channel, ts: found.ts, shown: '', repeated: false });
    case 'absent':
      return send(desk, posting, false);
    case 'cannot-tell':
      if (tries > UNSURE_MS.length) return bury(desk, message, 'unsure');
      if (since < unsure(tries)) return putOff(desk, message, now, unsure(tries) - since, {});
      log.warn({ message: message.id, why: found.why }, 'a post of which nobody knows whether it arrived is repeated');
      return send(desk, posting, true);
    case 'patience':
      await posts.hold(paces, found.ms);
      return later(found.ms);
    case 'away':
      return putOff(desk, message, now, away(failures), { counts: 'failures' });
  }
}

async function send(desk: Desk, posting: Posting, repeated: boolean): Promise<Outcome> {
  const { posts, client, log, settleMs = 2_000 } = desk;
  const { held, message, kind, drawn, threadTs, now } = posting;
  const { channel, owner, name, tries } = message;
  const paces = pacesOf('chat.postMessage', channel);
  const leave = await posts.begin(held, message, { paces, noting: true });
  if (leave.is === 'wait') return { is: 'pace', ms: leave.ms };
  if (leave.is === 'lost') return DID;
  const look = repeated ? markRepeated(drawn.look) : drawn.look;
  const sent = await post(client, { channel, threadTs, look, mark: { owner, name, attempt: leave.attempt } });
  if (sent.is === 'done') return arrived(desk, kind, message, { ...sent, shown: hashOf(drawn.look), repeated });
  if (sent.is !== 'away' || sent.sure) return notSent(desk, message, now, sent, paces);
  log.warn({ message: message.id }, 'Slack did not say whether it took a message');
  return putOff(desk, message, now, tries === 0 ? settleMs : away(tries), { counts: 'tries' });
}

/** `shown` '': what it looks like is not known, so it is edited next. */
async function arrived(desk: Desk, kind: MessageKind, message: StoredMessage, as: PostedAs): Promise<Outcome> {
  await desk.posts.posted(message, as);
  await kind.posted(message, as.ts);
  await desk.posts.told(message);
  return as.shown ? settle(desk, message) : DID;
}

/** Its ts is undefined where it stands in no thread. */
async function threadOf(
  { posts }: Desk,
  { parent: id }: StoredMessage,
  { parentTs }: Drawn,
): Promise<{ ts: string | undefined } | 'given-up' | 'not-yet'> {
  if (id === '') return { ts: undefined };
  const parent = await posts.read(refOf(id));
  if (parent?.ts) return { ts: parent.ts };
  if (parent?.dead) return 'given-up';
  return parentTs ? { ts: parentTs } : 'not-yet';
}
