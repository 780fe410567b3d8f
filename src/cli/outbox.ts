// `loopbreaker outbox`: what waits for Slack and what was given up, and the way back for the latter.

import pc from 'picocolors';
import { idOf, type MessageRef, refOf } from '../queue/post-message.ts';
import { type Posts, postsIn } from '../queue/posts.ts';
import { complain, type ExitCode, json, out } from './output.ts';
import { openRedis } from './redis.ts';

export interface OutboxOptions {
  all?: boolean;
  json?: boolean;
}

export async function outboxCommand(
  what: string,
  message: string | undefined,
  options: OutboxOptions,
): Promise<ExitCode> {
  const wrong = misuse(what, message, options);
  if (wrong) {
    complain(wrong);
    return 2;
  }
  const redis = await openRedis('the outbox is');
  if (!redis) return 2;
  try {
    const posts = postsIn(redis);
    return what === 'list' ? await list(posts, options) : await replay(posts, message, options);
  } finally {
    await redis.close();
  }
}

function misuse(what: string, message: string | undefined, { all }: OutboxOptions): string | undefined {
  if (what !== 'list' && what !== 'replay') return `There is no "outbox ${what}". Use outbox list or outbox replay.`;
  if (what === 'list' && (message || all)) return 'outbox list takes no message: it shows all of them.';
  if (what === 'replay' && Boolean(message) === Boolean(all))
    return 'Say which message: outbox replay OWNER/NAME as outbox list shows it, or outbox replay --all.';
  if (message && !/^[\w.-]{1,64}\/[\w.-]{1,40}$/.test(message))
    return `${message} is no message: it is written OWNER/NAME, as outbox list shows it.`;
  return undefined;
}

async function list(posts: Posts, options: OutboxOptions): Promise<ExitCode> {
  const waiting = await posts.backlog();
  const dead = (await posts.dead()).map(({ id, channel, dead: { why, sentence, at } }) => ({
    message: id,
    channel,
    at,
    why,
    sentence,
  }));
  if (options.json) {
    json({ schemaVersion: 1, waiting, dead });
    return 0;
  }
  for (const { channel, new: posting, edits } of waiting)
    out(`${channel}: ${count(posting, 'message')} to post, ${count(edits, 'edit')} to make\n`);
  if (dead.length === 0) out('Nothing was given up.\n');
  else out(`${count(dead.length, 'message')} ${dead.length === 1 ? 'was' : 'were'} given up:\n`);
  for (const one of dead) out(`${pc.bold(one.message)} · ${one.channel} · ${one.at} · ${one.why}\n  ${one.sentence}\n`);
  return 0;
}

async function replay(posts: Posts, message: string | undefined, options: OutboxOptions): Promise<ExitCode> {
  // Oldest first, so that a message comes before those in its thread.
  const wanted: MessageRef[] = message ? [refOf(message)] : await posts.dead();
  const replayed: string[] = [];
  for (const ref of wanted) if (await posts.replay(ref)) replayed.push(idOf(ref));
  if (message && replayed.length === 0) {
    complain(`${message} is not among what was given up. See: loopbreaker outbox list`);
    return 1;
  }
  if (options.json) json({ schemaVersion: 1, replayed });
  else out(`${count(replayed.length, 'message')} ${replayed.length === 1 ? 'goes' : 'go'} to Slack again.\n`);
  return 0;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
