// What a watcher does before it tells anything: what was broken before anybody watched becomes one list, what another
// watcher left undone is done. Invariant: only what was not there when the cluster was first watched becomes a card.

import { createHash } from 'node:crypto';
import type { Now, Trouble } from '../../core/watch/board.ts';
import type { BrokenRow } from '../../core/watch/broken.ts';
import { namedOwner } from '../../core/watch/projection.ts';
import type { TroubleNote, WatchNotes } from '../../queue/watch-notes.ts';
import type { WatchedScope } from './scope.ts';
import { signalOf } from './signal.ts';
import type { Teller } from './tell.ts';

export interface BeginSettings {
  /** Alias and uid of the cluster. */
  cluster: string;
  uid: string;
  notes: WatchNotes;
  teller: Teller;
  /** Keeps the list under this id and posts it once; answers the one that stands. */
  takeAlreadyBroken(id: string, rows: BrokenRow[]): Promise<BrokenRow[]>;
  /** Whether an owner without pods really lacks them. */
  lacksPods(trouble: Trouble): Promise<boolean>;
  now(): Now & { at: string };
}

/** Scopes that were listed just now. Safe to run again wherever it was broken off. */
export async function begin(scopes: WatchedScope[], settings: BeginSettings): Promise<void> {
  const { uid, notes, now } = settings;
  const names = scopes.map(({ name }) => name).sort();
  const fresh = new Set(await notes.unbegun(uid, names));
  if (fresh.size > 0) {
    const standing = scopes.filter(({ name }) => fresh.has(name)).flatMap(({ board }) => board.standing(now()));
    await list(standing, [...fresh], settings);
    await notes.begun(uid, [...fresh], now().at);
  }
  await takeUp(scopes, settings);
}

async function list(standing: Trouble[], fresh: string[], settings: BeginSettings): Promise<void> {
  const { cluster, uid, notes, teller, takeAlreadyBroken, lacksPods, now } = settings;
  const known = await notes.all(uid);
  const unknown: Trouble[] = [];
  for (const trouble of standing) {
    const stage = known.get(trouble.id)?.stage ?? 'before';
    if (stage === 'before' && (await lacksPods(trouble))) unknown.push(trouble);
  }
  const id = createHash('sha256')
    .update([uid, ...fresh].join('\n'))
    .digest('base64url')
    .slice(0, 22);
  // Whoever was first wrote the list; what it does not hold came later.
  const before = new Set((await takeAlreadyBroken(id, unknown.map(rowOf))).map((row) => row.id));
  for (const trouble of unknown) {
    if (!before.has(trouble.id)) teller.began(trouble);
    else {
      const signal = signalOf(trouble, { cluster, uid, top: null, at: now().at });
      await notes.claim(uid, trouble.id, { stage: 'before', signal });
    }
  }
}

/** Notes of other watchers: what they claimed and did not tell, and what has ended since. */
async function takeUp(scopes: WatchedScope[], { uid, notes, teller, now }: BeginSettings): Promise<void> {
  for (const [id, note] of await notes.all(uid)) {
    const scope = scopeOf(scopes, note);
    if (!scope) continue;
    scope.board.remember(id, now());
    if (note.stage === 'claimed') teller.finish(id, note);
  }
}

export function scopeOf(scopes: WatchedScope[], { signal }: TroubleNote): WatchedScope | undefined {
  return scopes.find(({ name }) => name === '*' || name === signal.namespace);
}

function rowOf({ id, namespace, subject, container, owner, reason, restarts }: Trouble): BrokenRow {
  const { kind, name } = owner ? namedOwner(owner) : subject;
  return { id, namespace, kind, name, container, reason, restarts };
}
