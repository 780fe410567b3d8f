// What watchers know for longer than they live: which troubles were told, and which were there before they first came.
// Invariant: of all watchers of a cluster the first that meets a trouble names its episode; the others find that name.

import { z } from 'zod';
import type { Signal } from '../core/signal.ts';
import type { BrokenList } from '../core/watch/broken.ts';
import type { RedisConnections } from './redis.ts';
import { script } from './scripts.ts';

export interface TroubleNote {
  /**
   * before: it was there when the cluster was first watched, and is never told by itself. claimed: about to be told.
   * told: it became an incident, or was found not to be one.
   */
  stage: 'before' | 'claimed' | 'told';
  signal: Signal;
}

const TROUBLES_MAX = 20_000;
const KEPT_SECONDS = 90 * 86_400;

const name = z.string().max(600);
const signal = z.object({
  deliveryId: name,
  source: name,
  status: z.enum(['firing', 'resolved']),
  cluster: name,
  namespace: name,
  kind: name,
  name,
  container: name,
  owner: z.object({ kind: name, name }).nullable(),
  title: name,
  severity: name,
  labels: z.record(name, name),
  at: name,
}) satisfies z.ZodType<Signal>;
const noteSchema = z.object({ stage: z.enum(['before', 'claimed', 'told']), signal });
const row = z.object({
  id: name,
  namespace: name,
  kind: name,
  name,
  container: name,
  reason: name,
  restarts: z.number(),
});
const listSchema = z.object({
  cluster: name,
  channel: name,
  at: name,
  rows: z.array(row),
}) satisfies z.ZodType<BrokenList>;

/** KEYS troubles. ARGV id, note, most, seconds. Answers the note that stands; nothing when there are too many. */
const claimScript = script(`
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then return known end
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return false end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return ARGV[2]
`);

export type WatchNotes = ReturnType<typeof watchNotesIn>;

/** `cluster` is always the uid of a cluster. */
export function watchNotesIn({ ask, keys: { watch } }: RedisConnections) {
  /** The note that stands for this trouble: this one, or an earlier one. Null when there are too many to keep another. */
  async function claim(cluster: string, id: string, note: TroubleNote): Promise<TroubleNote | null> {
    const args = [id, JSON.stringify(note), TROUBLES_MAX, KEPT_SECONDS];
    const stands = await ask((redis) => claimScript(redis, [watch.troubles(cluster)], args));
    if (typeof stands !== 'string') return null;
    // One that a newer version wrote is known to somebody, and that is all that can be said of it.
    return read(noteSchema, stands) ?? { stage: 'told', signal: note.signal };
  }

  async function told(cluster: string, id: string, { signal }: TroubleNote): Promise<void> {
    const note: TroubleNote = { stage: 'told', signal };
    await ask((redis) => redis.hset(watch.troubles(cluster), id, JSON.stringify(note)));
  }

  async function find(cluster: string, id: string): Promise<TroubleNote | null> {
    const found = await ask((redis) => redis.hget(watch.troubles(cluster), id));
    return found === null ? null : read(noteSchema, found);
  }

  async function forget(cluster: string, id: string): Promise<void> {
    await ask((redis) => redis.hdel(watch.troubles(cluster), id));
  }

  async function all(cluster: string): Promise<Map<string, TroubleNote>> {
    const found = await ask((redis) => redis.hgetall(watch.troubles(cluster)));
    const notes = Object.entries(found).map(([id, text]) => [id, read(noteSchema, text)] as const);
    return new Map(notes.flatMap(([id, note]) => (note ? [[id, note]] : [])));
  }

  /** Those of these scopes that no watcher has begun with. */
  async function unbegun(cluster: string, scopes: string[]): Promise<string[]> {
    if (scopes.length === 0) return [];
    const found = await ask((redis) => redis.hmget(watch.begun(cluster), ...scopes));
    return scopes.filter((_, i) => found[i] === null);
  }

  async function begun(cluster: string, scopes: string[], at: string): Promise<void> {
    await ask((redis) => redis.hset(watch.begun(cluster), Object.fromEntries(scopes.map((scope) => [scope, at]))));
  }

  /** The list that stands under this id: this one, or that of whoever was first. */
  async function keepBroken(id: string, list: BrokenList): Promise<BrokenList> {
    const key = watch.broken(id);
    await ask((redis) => redis.set(key, JSON.stringify(list), 'EX', KEPT_SECONDS, 'NX'));
    return (await broken(id)) ?? list;
  }

  async function broken(id: string): Promise<BrokenList | null> {
    const found = await ask((redis) => redis.get(watch.broken(id)));
    return found === null ? null : read(listSchema, found);
  }

  return { claim, told, find, forget, all, unbegun, begun, keepBroken, broken };
}

/** Null for what is not one of ours. */
function read<T>(schema: z.ZodType<T>, stored: string): T | null {
  try {
    return schema.parse(JSON.parse(stored));
  } catch {
    return null;
  }
}
