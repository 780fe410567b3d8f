// Takes messages from the outbox to Slack. Invariants: a post is noted before Slack is called, and one whose end is not
// known is looked up before it is repeated, or says that it may be a repeat; of a thread only the first message that is
// not posted yet is tried; what one channel waits for holds up no other. It may die anywhere, and any number may run.

import { createHash } from 'node:crypto';
import { QueueUnavailable } from '../queue/errors.ts';
import { type MessageRef, refOf, type StoredMessage } from '../queue/post-message.ts';
import type { Held, Posts } from '../queue/posts.ts';
import type { Message } from '../slack/blocks.ts';
import { findPost } from '../slack/find.ts';
import { pacesOf } from '../slack/paces.ts';
import { markRepeated } from '../slack/post.ts';
import { refusalSentence } from '../slack/refusals.ts';
import { edit, type PostClient, post, type Sent } from '../slack/send.ts';
import type { Log } from './log.ts';

/** A kind of message: to add one, write one row into the table of kinds, and say `want` where it changes. */
export interface MessageKind {
  /** What it is to look like now, drawn at the moment of sending; undefined: there is nothing to show. */
  draw(ref: MessageRef): Promise<Drawn | undefined>;
  /** It stands in Slack from now on; may be told twice. */
  posted(ref: MessageRef, ts: string): Promise<void>;
}

export interface Drawn {
  channel: string;
  /** The message in whose thread it stands. */
  parent?: MessageRef;
  look: Message;
  /** As its owner knows it, for the outbox forgets after a while; null: none, so a new message is to be posted. */
  ts?: string | null | undefined;
  parentTs?: string | undefined;
}

/** By the name of the message up to its first dot: `news.3` is of the kind `news`. */
export type MessageKinds = { [name: string]: MessageKind };

export interface PostmanSettings {
  posts: Posts;
  client: PostClient;
  kinds: MessageKinds;
  log: Log;
  /** An answer that is missing is looked for after so long; 2,000. */
  settleMs?: number;
}

type Outcome =
  | { is: 'did' }
  /** This message, and what follows it in its thread. */
  | { is: 'later'; ms: number }
  /** Every message of this sort in the channel. */
  | { is: 'pace'; ms: number };

const DID: Outcome = { is: 'did' };
const later = (ms: number): Outcome => ({ is: 'later', ms });

/** A message that Slack does not take for so long is given up. */
const POST_WITHIN_MS = 24 * 3_600_000;

const away = (failures: number): number => Math.min(5_000 * 2 ** failures, 300_000);

/** Before a post whose answer was lost is repeated blindly: so long that an outage makes few repeats. */
const UNSURE_MS = [5_000, 60_000, 600_000, 3_600_000, 6 * 3_600_000];
const unsure = (tries: number): number => UNSURE_MS[tries - 1] ?? 0; // 0: this process died, and Slack is well

export const kindOf = (kinds: MessageKinds, { name }: MessageRef): MessageKind | undefined => {
  const [kind = ''] = name.split('.');
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
};

/** Does one thing in a channel that is held, and says after how long there is another: 0 for at once. */
export function postman({ posts, client, kinds, log, settleMs = 2_000 }: PostmanSettings) {
  return async function serve(held: Held): Promise<number> {
    const { now, messages } = await posts.waiting(held.channel);
    const stuck = new Set<string>();
    const paced = { new: false, edit: false };
    let soonest = 60_000;
    for (const message of messages) {
      const sort = message.ts === '' ? 'new' : 'edit';
      const thread = message.parent || message.id;
      if (paced[sort] || stuck.has(thread)) continue;
      const work = sort === 'new' ? postOne : editOne;
      const outcome = await tried(message, now, () => work(held, message, now));
      if (outcome.is === 'did') return 0;
      soonest = Math.min(soonest, outcome.ms);
      if (outcome.is === 'pace') paced[sort] = true;
      else stuck.add(thread);
    }
    return soonest;
  };

  async function tried(message: StoredMessage, now: number, work: () => Promise<Outcome>): Promise<Outcome> {
    if (message.notBefore > now) return later(message.notBefore - now);
    try {
      return await work();
    } catch (error) {
      if (error instanceof QueueUnavailable) throw error;
      log.error({ message: message.id, error: String(error) }, 'a message could not be drawn or sent');
      return putOff(message, now, away(message.failures), { counts: 'failures' });
    }
  }

  async function postOne(held: Held, message: StoredMessage, now: number): Promise<Outcome> {
    const kind = kindOf(kinds, message);
    if (!kind) return later(5_000); // a gateway of another version knows it
    const drawn = await kind.draw(message);
    if (!drawn) return settle(message);
    if (drawn.ts && !message.anew) return arrived(kind, message, { ts: drawn.ts, shown: '', repeated: false });
    const thread = await threadOf(message, drawn);
    if (thread === 'given-up') return bury(message, 'parent');
    if (thread === 'not-yet') return putOff(message, now, 500, {});
    const { threadTs } = thread;
    if (message.trying === 0) return send(held, message, { kind, drawn, threadTs, now, repeated: false });

    const since = now - message.trying;
    if (since < settleMs) return later(settleMs - since);
    const paces = pacesOf('conversations.history', message.channel);
    const leave = await posts.begin(held, message, { paces, noting: false });
    if (leave.is !== 'go') return leave.is === 'wait' ? later(leave.ms) : DID;
    const { channel, attempt, trying } = message;
    const found = await findPost(client, { channel, threadTs, attempt, since: trying });
    switch (found.is) {
      case 'found':
        return arrived(kind, message, { ts: found.ts, shown: '', repeated: false });
      case 'absent':
        return send(held, message, { kind, drawn, threadTs, now, repeated: false });
      case 'cannot-tell':
        if (message.tries > UNSURE_MS.length) return bury(message, 'unsure');
        if (since < unsure(message.tries)) return putOff(message, now, unsure(message.tries) - since, {});
        log.warn(
          { message: message.id, why: found.why },
          'a post of which nobody knows whether it arrived is repeated',
        );
        return send(held, message, { kind, drawn, threadTs, now, repeated: true });
      case 'patience':
        await posts.hold(paces, found.ms);
        return later(found.ms);
      case 'away':
        return putOff(message, now, away(message.failures), { counts: 'failures' });
    }
  }

  interface Sending {
    kind: MessageKind;
    drawn: Drawn;
    threadTs: string | undefined;
    now: number;
    repeated: boolean;
  }

  async function send(held: Held, message: StoredMessage, { kind, drawn, threadTs, now, repeated }: Sending) {
    const { channel, owner, name } = message;
    const paces = pacesOf('chat.postMessage', channel);
    const leave = await posts.begin(held, message, { paces, noting: true });
    if (leave.is === 'wait') return { is: 'pace', ms: leave.ms } as const;
    if (leave.is === 'lost') return DID;
    const look = repeated ? markRepeated(drawn.look) : drawn.look;
    const mark = { owner, name, attempt: leave.attempt };
    const sent = await post(client, { channel, threadTs, look, mark });
    if (sent.is === 'done') return arrived(kind, message, { ts: sent.ts, shown: hashOf(drawn.look), repeated });
    if (sent.is === 'away' && !sent.sure) {
      log.warn({ message: message.id }, 'Slack did not say whether it took a message');
      return putOff(message, now, message.tries === 0 ? settleMs : away(message.tries), { counts: 'tries' });
    }
    return notSent(message, now, sent, paces);
  }

  async function arrived(
    kind: MessageKind,
    message: StoredMessage,
    at: { ts: string; shown: string; repeated: boolean },
  ) {
    await posts.posted(message, at);
    await kind.posted(message, at.ts);
    await posts.told(message);
    return at.shown ? settle(message) : DID;
  }

  async function editOne(held: Held, message: StoredMessage, now: number): Promise<Outcome> {
    const kind = kindOf(kinds, message);
    if (!kind) return later(5_000);
    if (!message.told) {
      await kind.posted(message, message.ts);
      await posts.told(message);
    }
    const drawn = await kind.draw(message);
    const shown = drawn && hashOf(drawn.look);
    if (drawn?.ts === null) {
      await posts.startAnew(message);
      return DID;
    }
    if (!drawn || shown === message.shown) return settle(message);
    const paces = pacesOf('chat.update', message.channel, message.id);
    const leave = await posts.begin(held, message, { paces, noting: false });
    if (leave.is === 'wait') return { is: leave.ofMessage ? 'later' : 'pace', ms: leave.ms };
    if (leave.is === 'lost') return DID;
    const look = message.repeated ? markRepeated(drawn.look) : drawn.look;
    const sent = await edit(client, message, look);
    return sent.is === 'done' ? settle(message, shown) : notSent(message, now, sent, paces);
  }

  async function notSent(
    message: StoredMessage,
    now: number,
    sent: Exclude<Sent, { is: 'done' }>,
    paces: ReturnType<typeof pacesOf>,
  ): Promise<Outcome> {
    if (sent.is === 'refused') {
      await posts.putOff(message, 0, { sure: true });
      return bury(message, sent.why);
    }
    if (sent.is === 'away') return putOff(message, now, away(message.failures), { sure: true, counts: 'failures' });
    log.info({ message: message.id, ms: sent.ms }, 'Slack asks for patience');
    await posts.hold(paces, sent.ms);
    await posts.putOff(message, 0, { sure: true });
    return { is: 'pace', ms: sent.ms };
  }

  /** Undefined where it stands in no thread. */
  async function threadOf(
    { parent: id }: StoredMessage,
    { parentTs }: Drawn,
  ): Promise<{ threadTs: string | undefined } | 'given-up' | 'not-yet'> {
    if (id === '') return { threadTs: undefined };
    const parent = await posts.read(refOf(id));
    if (parent?.ts) return { threadTs: parent.ts };
    if (parent?.dead) return 'given-up';
    return parentTs ? { threadTs: parentTs } : 'not-yet';
  }

  async function settle(message: StoredMessage, shown = ''): Promise<Outcome> {
    await posts.settled(message, shown);
    return DID;
  }

  type PuttingOff = Parameters<Posts['putOff']>[2];

  async function putOff(message: StoredMessage, now: number, ms: number, how: PuttingOff): Promise<Outcome> {
    if (now - message.wantedAt > POST_WITHIN_MS) return bury(message, 'day');
    await posts.putOff(message, ms, how);
    return later(ms);
  }

  async function bury(message: StoredMessage, why: string): Promise<Outcome> {
    const sentence = refusalSentence(why, message.channel);
    await posts.bury(message, { why, sentence, at: new Date().toISOString() });
    log.error({ message: message.id, channel: message.channel, why }, sentence);
    return DID;
  }
}

function hashOf(look: Message): string {
  return createHash('sha256').update(JSON.stringify(look)).digest('base64url').slice(0, 22);
}
