// The journal's form, pure: each entry carries the hash of the one before it and of its own content, so that a changed,
// missing or reordered entry shows. Whoever can write to Redis can rewrite a chain whole, so each entry also carries a
// proof made with a key that is not in Redis; and whoever can cut a tail meets the heads that were noted elsewhere.

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonical } from '../core/json.ts';

export interface JournalEntry<Event = unknown> {
  schemaVersion: number;
  incident: string;
  /** 1 for the first; the incident's version after this event. */
  version: number;
  /** RFC 3339; never earlier than the entry before. */
  at: string;
  event: Event;
  /** Hash of the entry before; `genesis` for the first. */
  previous: string;
  hash: string;
  /** Made of `hash` with the key of the roles; missing where there is none. */
  proof?: string;
}

export const genesis = '0'.repeat(64);

const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const entryShape = z.object({
  schemaVersion: z.int().min(1),
  incident: z.string(),
  version: z.int().min(1),
  at: z.iso.datetime({ offset: true }),
  event: z.unknown(),
  previous: hash,
  hash,
  proof: z.string().max(200).optional(),
});

type Unsealed<Event> = Omit<JournalEntry<Event>, 'hash' | 'proof'>;

/** The event is taken as its JSON, so that an entry read back has the same hash. */
export function seal<Event>(entry: Unsealed<Event>, prove?: (hash: string) => string): JournalEntry<Event> {
  const plain = JSON.parse(JSON.stringify(entry)) as Unsealed<Event>;
  const sealed = { ...plain, hash: hashOf(plain) };
  return prove ? { ...sealed, proof: prove(sealed.hash) } : sealed;
}

function hashOf({ previous, ...content }: Unsealed<unknown>): string {
  const { schemaVersion, incident, version, at, event } = content;
  return createHash('sha256')
    .update(`${previous}\n${canonical({ schemaVersion, incident, version, at, event })}`)
    .digest('hex');
}

/** Where a part of a journal begins and what comes before it; and, if known, how the whole ends. */
export interface JournalBounds {
  after?: { version: number; hash: string };
  end?: { version: number; hash: string };
  /** Whether a proof fits; without it proofs are not looked at. */
  proves?: (hash: string, proof: string) => boolean;
  /** Heads as they were noted elsewhere, in a log or on a card: an entry and how its hash begins. */
  heads?: readonly { version: number; hash: string }[];
}

export type Verified = { holds: true; entries: number } | { holds: false; version: number; because: string };

/** Whether the entries are one unbroken chain. With `end` (the incident's own version and hash) a cut tail shows too. */
export function verifyJournal(entries: readonly JournalEntry[], bounds: JournalBounds = {}): Verified {
  let { version, hash: previous } = bounds.after ?? { version: 0, hash: genesis };
  const incident = entries[0]?.incident;
  for (const entry of entries) {
    version += 1;
    const broken = (because: string): Verified => ({ holds: false, version, because });
    if (entry.version !== version) return broken(`entry ${version} is missing; entry ${entry.version} stands there`);
    if (entry.incident !== incident) return broken(`entry ${version} belongs to incident ${entry.incident}`);
    if (entry.previous !== previous) return broken(`entry ${version} does not follow from the entry before it`);
    if (entry.hash !== hashOf(entry)) return broken(`entry ${version} was changed after it was written`);
    if (bounds.proves && !bounds.proves(entry.hash, entry.proof ?? ''))
      return broken(`entry ${version} is not sealed with this key: it was rewritten, or written under another key`);
    const head = bounds.heads?.find((one) => one.version === version && !entry.hash.startsWith(one.hash));
    if (head) return broken(`entry ${version} is not the one that was noted: its hash began with ${head.hash}`);
    previous = entry.hash;
  }
  const { end } = bounds;
  if (end && (end.version !== version || end.hash !== previous)) {
    return {
      holds: false,
      version: end.version,
      because: `the journal ends at entry ${version}, not at ${end.version}`,
    };
  }
  const noted = Math.max(0, ...(bounds.heads ?? []).map((one) => one.version));
  if (noted > version) {
    const because = `the journal ends at entry ${version}, but entry ${noted} was noted: its tail was cut`;
    return { holds: false, version: noted, because };
  }
  return { holds: true, entries: entries.length };
}
