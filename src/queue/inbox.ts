// What was taken in and is not carried out yet. Invariant: a name is taken in once, and what nobody has finished comes
// back for whoever asks next: whoever took it in may die at any moment.

import type { RedisConnections } from './redis.ts';
import * as scripts from './scripts.ts';

/** Whoever takes something in or up has it so long to itself. */
const TAKEN_FOR_MS = 15_000;
const KEPT_SECONDS = 86_400;
const AT_ONCE = 20;

export function inboxIn({ ask, keys }: RedisConnections) {
  /** False when it was taken in before. Rejects when Redis does not say that it has it. */
  async function takeIn(name: string, text: string): Promise<boolean> {
    const places = [keys.once(name), keys.inbox];
    return (await ask((redis) => scripts.takeIn(redis, places, [text, TAKEN_FOR_MS, KEPT_SECONDS]))) === 1;
  }

  /** What others took and did not finish in time; from now on it is ours for as long. */
  async function left(): Promise<string[]> {
    const due = await ask((redis) => scripts.takeDue(redis, [keys.inbox], [AT_ONCE, TAKEN_FOR_MS]));
    return Array.isArray(due) ? due.map(String) : [];
  }

  async function over(text: string): Promise<void> {
    await ask((redis) => redis.zrem(keys.inbox, text));
  }

  return { takeIn, left, over };
}
