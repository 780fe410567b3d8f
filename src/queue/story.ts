// Incidents in Redis: a transition is one atomic step from version n to n + 1 that appends its event to the journal and
// its effects to the outbox. Invariant: whatever dies wherever, state, journal and effects tell the same story.

import { setTimeout as pause } from 'node:timers/promises';
import { claimsIn } from './claims.ts';
import { type JobEffect, type JobKinds, writeEnvelope } from './envelope.ts';
import { QueueUnavailable, QueueUnreadable } from './errors.ts';
import { holdersIn } from './holders.ts';
import { genesis, type JournalEntry, seal } from './journal.ts';
import { reachedIn } from './reached.ts';
import type { RedisConnections } from './redis.ts';
import * as scripts from './scripts.ts';
import { type StoredIncident, type StoredShapes, storedIncidents } from './stored.ts';

/** What main.ts hands in: the pure life of an incident. */
export interface Story<State, Event, Effect> {
  /** `closed: true` also gives back the incident's key, in the same step. `now` is RFC 3339 and never runs backwards. */
  step(state: State | null, event: Event, now: string): { state: State; effects: Effect[]; closed?: boolean };
}

export interface StoriesOptions<State, Event> extends Partial<StoredShapes<State, Event>> {
  jobs: JobKinds;
  /** A closed incident is kept so long after its last transition; 30. */
  closedDays?: number;
  /** An open one; 90. */
  openDays?: number;
  clock?: () => Date;
  /** What of a state is kept beside it, for those who ask about many: a few words, any JSON. */
  brief?: (state: State) => unknown;
  /** Proves an entry's hash with a key that is not in Redis. */
  prove?: (hash: string) => string;
  /** Called with each entry once it is written, so that its hash can be noted outside of Redis. */
  onWritten?: (entry: JournalEntry<Event>) => void;
}

export interface Transition<State> {
  state: State;
  version: number;
  /** Of its newest effect. */
  seq: number;
  /** The delivery was noted before; nothing changed now. */
  repeated: boolean;
}

export interface Once {
  /** Id of the delivery that brought the event: it is noted with the transition, and a repeat changes nothing. */
  delivery?: string;
}

const day = 86_400;
const longestState = 1_048_576;
const patienceMs = 10_000;

export type Stories<State, Event> = ReturnType<typeof createStories<State, Event, JobEffect>>;

export function createStories<State, Event, Effect extends JobEffect>(
  redis: RedisConnections,
  story: Story<State, Event, Effect>,
  options: StoriesOptions<State, Event>,
) {
  const {
    jobs,
    schemaVersion = 1,
    closedDays = 30,
    openDays = 90,
    clock = () => new Date(redis.now()),
    brief = () => null,
    prove,
    onWritten,
  } = options;
  const { ask, keys } = redis;
  const stored = storedIncidents<State, Event>(redis, { ...options, schemaVersion });
  const holders = holdersIn(redis, { openSeconds: openDays * day, closedSeconds: closedDays * day });
  const { isOpen } = holders;

  /** Tells the incident's story on by one event; an unknown incident begins with it. */
  function transition(incident: string, event: Event, { delivery }: Once = {}): Promise<Transition<State>> {
    return untilWritten(async () => {
      const before = await stored.read(incident);
      const written = await write({ incident, event, before, key: before?.key ?? '', delivery });
      if (written.outcome === 'written') return { ...written.after, repeated: false };
      if (written.outcome === 'conflict') return undefined;
      const now = await stored.read(incident); // `before` may be older than the first delivery
      if (now) return { state: now.state, version: now.version, seq: now.seq, repeated: true };
      throw new RangeError(
        `Delivery ${delivery} has reached incident ${written.incident} and cannot reach ${incident} too.`,
      );
    });
  }

  /** The one open incident of a key; where there is none, `incident` becomes it and the event its first. */
  function open(key: string, incident: string, event: Event, { delivery }: Once = {}) {
    return untilWritten<{ incident: string; created: boolean }>(async () => {
      const holder = await ask((client) => client.get(keys.open(key)));
      if (holder !== null && (await isOpen(holder))) return { incident: holder, created: false };
      if (await stored.read(incident)) throw new RangeError(`The incident id ${incident} is already in use.`);
      const written = await write({ incident, event, before: null, key, holder: holder ?? '', delivery });
      if (written.outcome === 'conflict') return undefined;
      return written.outcome === 'repeated'
        ? { incident: written.incident, created: false }
        : { incident, created: true };
    });
  }

  /**
   * Tells the story on by one event that also takes a key, beside whatever led to this incident so far. Nothing happens
   * when another open incident holds it.
   */
  function take(key: string, incident: string, event: Event) {
    return untilWritten<{ heldBy: string } | { heldBy: null; state: State }>(async () => {
      const before = await stored.read(incident);
      if (!before) throw new RangeError(`There is no incident ${incident}.`);
      const holder = await ask((client) => client.get(keys.open(key)));
      if (holder !== null && holder !== incident && (await isOpen(holder))) return { heldBy: holder };
      const written = await write({ incident, event, before, key, holder: holder ?? '' });
      if (written.outcome !== 'written') return undefined;
      await ask((client) => client.set(keys.last(key), incident, 'EX', openDays * day));
      return { heldBy: null, state: written.after.state };
    });
  }

  interface Writing {
    incident: string;
    event: Event;
    before: StoredIncident<State> | null;
    key: string;
    /** Who must hold the key, '' for nobody; undefined when the key is not to be taken. */
    holder?: string;
    delivery?: string | undefined;
  }
  type Written =
    | { outcome: 'written'; after: { state: State; version: number; seq: number } }
    | { outcome: 'conflict' }
    | { outcome: 'repeated'; incident: string };

  async function write({ incident, event, before, key, holder, delivery }: Writing): Promise<Written> {
    const now = clock().toISOString();
    const at = before && before.at > now ? before.at : now; // clocks of several processes differ
    const { state, effects, closed } = story.step(before?.state ?? null, event, at);
    const version = (before?.version ?? 0) + 1;
    const entry = seal({ schemaVersion, incident, version, at, event, previous: before?.hash ?? genesis }, prove);
    const first = (before?.seq ?? 0) + 1;
    const queued = effects.flatMap((effect, index) => {
      const kind = jobs[effect.job];
      if (!kind) throw new RangeError(`The story asks for a job ${effect.job}, which is not in the table of jobs.`);
      const seq = first + index;
      return [seq, kind.ordered ? 'ordered' : 'free', writeEnvelope({ schemaVersion, incident, seq, effect })];
    });
    const seq = first + effects.length - 1;
    const [stateText, entryText] = [JSON.stringify(state), JSON.stringify(entry)];
    if (stateText.length > longestState || entryText.length > longestState) {
      throw new RangeError(
        `A state or event of incident ${incident} is over ${longestState} bytes; shorten what it holds.`,
      );
    }
    const answer = await ask((client) =>
      scripts.write(
        client,
        [
          keys.incident(incident),
          keys.journal(incident),
          keys.outbox,
          keys.recent,
          keys.pending(incident),
          keys.lane(incident),
          keys.open(key || incident),
          keys.delivery(delivery || incident),
        ],
        [
          incident,
          version - 1,
          holder ?? '*',
          stateText,
          version,
          seq,
          entry.hash,
          at,
          schemaVersion,
          entryText,
          key,
          closed ? '1' : '',
          openDays * day,
          closedDays * day,
          delivery ? day : 0,
          keys.nudge,
          JSON.stringify(brief(state)),
          ...queued,
        ],
      ),
    );
    const [outcome, detail] = answer as [string, unknown];
    if (outcome === 'written') {
      onWritten?.(entry);
      return { outcome, after: { state, version, seq } };
    }
    if (outcome === 'repeated') return { outcome, incident: String(detail) };
    if (outcome === 'conflict') return { outcome };
    throw new QueueUnreadable(
      `The journal of incident ${incident} holds ${detail} entries where ${version - 1} belong. I change nothing: run loopbreaker audit ${incident}.`,
    );
  }

  return {
    transition,
    open,
    take,
    ...holders,
    ...stored,
    ...claimsIn(redis),
    ...reachedIn(redis),
  };
}

/** Tries again, soon and then less soon, while others write the same incident: each round one of them gets through. */
async function untilWritten<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  const until = performance.now() + patienceMs;
  for (let round = 0; performance.now() < until; round++) {
    const result = await attempt();
    if (result !== undefined) return result;
    await pause(Math.random() * Math.min(2 ** round, 100));
  }
  throw new QueueUnavailable(
    'Too much happens to this incident at once, so nothing was started. Try again in a minute.',
  );
}
