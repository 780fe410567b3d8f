// Reading incidents back. Invariant: what comes out of Redis is checked before anyone believes it, and a page is bounded.

import { z } from 'zod';
import { QueueUnreadable, refuseNewer } from './errors.ts';
import { entryShape, type JournalEntry } from './journal.ts';
import type { RedisConnections } from './redis.ts';

export interface StoredIncident<State> {
  incident: string;
  state: State;
  /** Number of its transitions. */
  version: number;
  /** Number of its effects. */
  seq: number;
  /** Hash of its newest journal entry. */
  hash: string;
  /** Time of its newest transition, RFC 3339. */
  at: string;
  /** What it was opened under; empty when it was not opened by a key. */
  key: string;
  closed: boolean;
}

export interface JournalPage<Event> {
  entries: JournalEntry<Event>[];
  /** The version to ask for next; null when this was the end. */
  next: number | null;
}

/** How states and events are checked; by default any JSON is taken. */
export interface StoredShapes<State, Event> {
  schemaVersion: number;
  state?: z.ZodType<State>;
  event?: z.ZodType<Event>;
}

export const longestPage = 1_000;

const count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const row = z.object({
  state: z.string(),
  version: count,
  seq: count,
  hash: z.string(),
  at: z.string(),
  schemaVersion: count,
  key: z.string(),
  closed: z.literal('1').optional(),
});

export function storedIncidents<State, Event>({ ask, keys }: RedisConnections, shapes: StoredShapes<State, Event>) {
  async function read(incident: string): Promise<StoredIncident<State> | null> {
    const fields = await ask((redis) => redis.hgetall(keys.incident(incident)));
    return Object.keys(fields).length === 0 ? null : incidentFrom(incident, fields, shapes);
  }

  /** Entries from version `from` on, at most `limit` of them. */
  async function journal(incident: string, { from = 1, limit = 200 } = {}): Promise<JournalPage<Event>> {
    const first = Math.max(1, Math.floor(from)) - 1;
    const length = Math.min(Math.max(1, Math.floor(limit)), longestPage);
    // One more than asked for tells whether there is more.
    const lines = await ask((redis) => redis.lrange(keys.journal(incident), first, first + length));
    const entries = lines.slice(0, length).map((line) => entryFrom(incident, line, shapes));
    return { entries, next: lines.length > length ? first + length + 1 : null };
  }

  /** The incidents that moved last, newest first. */
  async function recent(limit = 20): Promise<StoredIncident<State>[]> {
    const last = Math.min(Math.max(1, Math.floor(limit)), longestPage) - 1;
    const ids = await ask((redis) => redis.zrevrange(keys.recent, 0, last));
    const rows = await ask((redis) => Promise.all(ids.map((id) => redis.hgetall(keys.incident(id)))));
    return rows.flatMap((fields, index) =>
      Object.keys(fields).length === 0 ? [] : [incidentFrom(ids[index]!, fields, shapes)],
    );
  }

  /** What is kept of each beside its state, as it was written; undefined where there is no such incident, or nothing of it. */
  async function briefs(incidents: readonly string[]): Promise<unknown[]> {
    const found = await ask((redis) => Promise.all(incidents.map((id) => redis.hget(keys.incident(id), 'brief'))));
    return found.map((text, index) => (text ? parsed(`incident ${incidents[index]}`, text, undefined) : undefined));
  }

  return { read, journal, recent, briefs };
}

function incidentFrom<State>(
  incident: string,
  fields: unknown,
  shapes: Pick<StoredShapes<State, unknown>, 'schemaVersion' | 'state'>,
): StoredIncident<State> {
  const found = row.safeParse(fields);
  if (!found.success) throw unreadable(`incident ${incident}`);
  const { state: text, schemaVersion, closed, ...rest } = found.data;
  refuseNewer(`Incident ${incident}`, schemaVersion, shapes.schemaVersion);
  return { incident, ...rest, closed: closed === '1', state: parsed(`incident ${incident}`, text, shapes.state) };
}

function entryFrom<Event>(
  incident: string,
  line: string,
  shapes: Pick<StoredShapes<unknown, Event>, 'schemaVersion' | 'event'>,
): JournalEntry<Event> {
  const what = `a journal entry of incident ${incident}`;
  const entry = parsed(what, line, entryShape);
  refuseNewer(what, entry.schemaVersion, shapes.schemaVersion);
  return { ...entry, event: checked(what, entry.event, shapes.event) };
}

function parsed<Value>(what: string, text: string, shape: z.ZodType<Value> | undefined): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(what);
  }
  return checked(what, value, shape);
}

function checked<Value>(what: string, value: unknown, shape: z.ZodType<Value> | undefined): Value {
  if (!shape) return value as Value;
  const found = shape.safeParse(value);
  if (!found.success) throw unreadable(what);
  return found.data;
}

const unreadable = (what: string) =>
  new QueueUnreadable(`In Redis I found ${what} that is not as I write it. I left it as it is: run loopbreaker audit.`);
