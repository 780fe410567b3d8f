// The outbox to Slack, as Redis keeps it: which messages are to look otherwise, what of them is in Slack, what is being
// tried, what was given up. Invariants: a message that is wanted stays here until it looks as wanted or is on the dead
// list; what it looks like is drawn when it is sent, so a hundred wishes are one edit; nobody's memory counts.

import { randomBytes } from 'node:crypto';
import {
  type Dead,
  idOf,
  type MessageRef,
  refOf,
  type StoredMessage,
  storedMessage,
  type Wanted,
} from './post-message.ts';
import * as scripts from './post-scripts.ts';
import type { RedisConnections } from './redis.ts';

/** A limit of Slack that gateways share: so many at once, so many a minute. */
export interface Pace {
  name: string;
  burst: number;
  perMinute: number;
  /** Holds up this message only. */
  ofMessage?: boolean;
}

export type Leave =
  | { is: 'go'; attempt: string }
  | { is: 'wait'; ms: number; ofMessage: boolean }
  /** Another gateway has the channel by now. */
  | { is: 'lost' };

export interface PostedAs {
  /** As Slack answered. */
  channel: string;
  ts: string;
  /** Hash of its look; '' where that is not known. */
  shown: string;
  repeated: boolean;
}

export interface Held {
  channel: string;
  token: string;
}

export interface PostsOptions {
  /** A gateway that took a channel and died keeps it for so long after its last call; 12,000, longer than any call. */
  holdMs?: number;
}

const day = 86_400_000;
const keptMs = 7 * day;
const deadKeptMs = 30 * day;
const firstNew = 50;
const firstEdits = 20;

export type Posts = ReturnType<typeof postsIn>;

export function postsIn(redis: RedisConnections, { holdMs = 12_000 }: PostsOptions = {}) {
  const { ask, keys } = redis;
  const { posts } = keys;
  const queuesOf = (channel: string) => [posts.new(channel), posts.edits(channel)];
  const paceKeys = (paces: readonly Pace[]) => paces.map(({ name }) => posts.pace(name));

  /** The message is to look otherwise than it does; safe to say twice. A message stays in the channel it was first in. */
  async function want({ channel, parent, ...ref }: Wanted): Promise<void> {
    const id = idOf(ref);
    const lists = [posts.due, posts.held, posts.poked, posts.order, posts.dead];
    const wish = (where: string) =>
      ask((client) =>
        scripts.want(
          client,
          [posts.message(id), ...queuesOf(where), ...lists],
          [id, where, parent ? idOf(parent) : '', keptMs, posts.nudge],
        ),
      );
    const answer = String(await wish(channel));
    if (answer !== 'wanted') await wish(answer);
  }

  /** A channel in which something is to be done, for this caller alone; or how long there will be none. */
  async function take(): Promise<{ held: Held } | { waitMs: number }> {
    const token = randomBytes(12).toString('base64url');
    const lists = [posts.due, posts.held, posts.poked];
    const answer = await ask((client) => scripts.takeChannel(client, lists, [token, holdMs]));
    const [channel = '', waitMs = -1] = answer as [string?, number?];
    return channel === '' ? { waitMs: Number(waitMs) } : { held: { channel, token } };
  }

  async function giveBack({ channel, token }: Held, inMs: number): Promise<void> {
    const lists = [posts.due, posts.held, posts.poked, ...queuesOf(channel)];
    const ms = Math.min(Math.max(0, Math.ceil(inMs)), 60_000);
    await ask((client) => scripts.giveChannelBack(client, lists, [channel, token, ms]));
  }

  /** What is to be done in a channel, in the order in which it was wanted. `now` is Redis' own clock in ms. */
  async function waiting(channel: string): Promise<{ now: number; messages: StoredMessage[] }> {
    const [news, edits, [seconds, micros]] = await ask((client) =>
      Promise.all([
        client.zrange(posts.new(channel), '0', String(firstNew - 1), 'WITHSCORES'),
        client.zrange(posts.edits(channel), '0', String(firstEdits - 1), 'WITHSCORES'),
        client.time(),
      ]),
    );
    const ids = inOrder([...news, ...edits].map(String));
    const found = await Promise.all(ids.map((id) => read(refOf(id))));
    // A message whose record has expired is nobody's any more.
    const lost = ids.filter((_, index) => !found[index]);
    if (lost.length > 0)
      await ask((client) => Promise.all(queuesOf(channel).map((queue) => client.zrem(queue, ...lost))));
    return {
      now: Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000),
      messages: found.filter((one) => one !== undefined),
    };
  }

  async function read(ref: MessageRef): Promise<StoredMessage | undefined> {
    return storedMessage(ref, await ask((client) => client.hgetall(posts.message(idOf(ref)))));
  }

  /** Leave to call Slack once. With `noting`, that a post was begun is on record before the caller is told. */
  async function begin(
    { channel, token }: Held,
    { id }: StoredMessage,
    { paces, noting }: { paces: readonly Pace[]; noting: boolean },
  ): Promise<Leave> {
    const attempt = noting ? randomBytes(12).toString('base64url') : '';
    const answer = await ask((client) =>
      scripts.begin(
        client,
        [posts.message(id), posts.held, posts.due, ...paceKeys(paces)],
        [channel, token, holdMs, attempt, ...paces.flatMap(({ burst, perMinute }) => [burst, perMinute])],
      ),
    );
    const [is, detail, which] = answer as [string, (string | number)?, number?];
    if (is === 'go') return { is, attempt: String(detail) };
    return is === 'wait'
      ? { is, ms: Number(detail), ofMessage: paces[which ?? 0]?.ofMessage === true }
      : { is: 'lost' };
  }

  /** Slack asked for patience: the first pace waits so long, the others have nothing left. */
  async function hold(paces: readonly Pace[], ms: number): Promise<void> {
    await ask((client) => scripts.holdPaces(client, paceKeys(paces), [ms]));
  }

  async function posted({ id, channel }: StoredMessage, as: PostedAs) {
    const touched = [posts.message(id), ...queuesOf(channel), posts.order];
    const at = as.channel === channel ? '' : as.channel;
    await ask((client) => scripts.posted(client, touched, [id, as.ts, as.shown, as.repeated ? '1' : '', at]));
  }

  async function told({ id }: StoredMessage): Promise<void> {
    await ask((client) => client.hset(posts.message(id), 'told', '1'));
  }

  /** It looks as it was wanted when it was read; if it is wanted otherwise by now, it stays in its queue. */
  async function settled({ id, channel, wants }: StoredMessage, shown = ''): Promise<void> {
    const touched = [posts.message(id), ...queuesOf(channel), posts.order];
    await ask((client) => scripts.settled(client, touched, [id, wants, shown, keptMs]));
  }

  /** Not before `ms` from now. `sure`: Slack did nothing. */
  async function putOff({ id }: StoredMessage, ms: number, { sure = false, counts = '' as '' | 'failures' | 'tries' }) {
    await ask((client) => scripts.putOff(client, [posts.message(id)], [ms, sure ? '1' : '', counts]));
  }

  /** It is posted anew; what stands in Slack stays as it is. */
  async function startAnew({ id, channel }: StoredMessage): Promise<void> {
    const touched = [posts.message(id), ...queuesOf(channel), posts.order];
    await ask((client) => scripts.startAnew(client, touched, [id]));
  }

  /** Given up: on the dead list until somebody wants or replays it. */
  async function bury({ id, channel }: StoredMessage, dead: Dead): Promise<void> {
    const touched = [posts.message(id), ...queuesOf(channel), posts.dead];
    await ask((client) => scripts.bury(client, touched, [id, JSON.stringify(dead), deadKeptMs]));
  }

  /** What was given up, oldest first. */
  async function dead(): Promise<(StoredMessage & { dead: Dead })[]> {
    const ids = await ask((client) => client.zrange(posts.dead, '0', '-1'));
    const found = await Promise.all(ids.map((id) => read(refOf(id))));
    return found.flatMap((one) => (one?.dead ? [{ ...one, dead: one.dead }] : []));
  }

  /** False when it is not on the dead list. A message that was deleted in Slack is posted anew. */
  async function replay(ref: MessageRef): Promise<boolean> {
    const found = await read(ref);
    if (!found?.dead) return false;
    if (found.dead.why === 'message_not_found') await startAnew(found);
    await want({ ...ref, channel: found.channel, ...(found.parent ? { parent: refOf(found.parent) } : {}) });
    return true;
  }

  /** How many wait, by channel; those with nothing to do are not among them. */
  async function backlog(): Promise<{ channel: string; new: number; edits: number }[]> {
    const channels = await ask((client) => client.zrange(posts.due, '0', '-1'));
    return ask((client) =>
      Promise.all(
        channels.map(async (channel) => ({
          channel,
          new: await client.zcard(posts.new(channel)),
          edits: await client.zcard(posts.edits(channel)),
        })),
      ),
    );
  }

  const listen = (callback: () => void) => redis.listen(posts.nudge, callback);

  return {
    want,
    take,
    giveBack,
    waiting,
    read,
    begin,
    hold,
    posted,
    told,
    settled,
    putOff,
    startAnew,
    bury,
    dead,
    replay,
    backlog,
    listen,
    now: redis.now,
  };
}

/** Member, score, member, score … -> members by score. */
function inOrder(scored: string[]): string[] {
  const members = scored.flatMap((member, index) => (index % 2 ? [] : [{ member, order: Number(scored[index + 1]) }]));
  return members.sort((a, b) => a.order - b.order).map(({ member }) => member);
}
