// Tells what the watch found: a trouble is noted, handed to the intake, and noted as told, in this order. Invariant:
// whoever dies between two of these steps, the next watcher takes up the note, and the intake knows the delivery.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Signal, Taken } from '../../core/signal.ts';
import type { Trouble } from '../../core/watch/board.ts';
import type { OwnerLook } from '../../kube/watch/owner.ts';
import type { TroubleNote, WatchNotes } from '../../queue/watch-notes.ts';
import type { Log } from '../log.ts';
import { sentenceFor } from '../sentences.ts';
import { signalOf } from './signal.ts';

export interface TellerSettings {
  /** Alias and uid of the cluster. */
  cluster: string;
  uid: string;
  notes: WatchNotes;
  take(signals: Signal[]): Promise<Taken[]>;
  /** May throw when the cluster does not answer now. */
  lookAtOwner(namespace: string, owner: { kind: string; name: string }): Promise<OwnerLook>;
  /** It was looked into and is none. */
  dismiss(trouble: Trouble): void;
  /** Now, RFC 3339, by the cluster's clock. */
  now(): string;
  signal: AbortSignal;
  log: Log;
}

const AT_A_TIME = 8;
const AGAIN_MS = 250;
const AGAIN_MAX_MS = 10_000;

export function createTeller(settings: TellerSettings) {
  const { cluster, uid, notes, take, dismiss, now, signal, log } = settings;
  const last = new Map<string, Promise<void>>();
  const waiting: (() => void)[] = [];
  let working = 0;

  /** One after another for each trouble, a few at a time in all, each until it is done. */
  function enqueue(id: string, work: () => Promise<void>): Promise<void> {
    const mine = (last.get(id) ?? Promise.resolve()).then(() => place()).then(() => untilDone(id, work));
    const done = mine.finally(() => {
      working -= 1;
      waiting.shift()?.();
      if (last.get(id) === done) last.delete(id);
    });
    last.set(id, done);
    return done;
  }

  async function place(): Promise<void> {
    while (working >= AT_A_TIME) await new Promise<void>((free) => waiting.push(free));
    working += 1;
  }

  async function untilDone(id: string, work: () => Promise<void>): Promise<void> {
    for (let waitMs = AGAIN_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, AGAIN_MAX_MS)) {
      try {
        return await work();
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ cluster, trouble: id, why: sentenceFor(error) }, 'a trouble is told later');
        await sleep(waitMs * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async function tell(trouble: Trouble): Promise<void> {
    const { top, lacksPods } = await ownerOf(trouble);
    if (trouble.kind === 'no-pod' && !lacksPods) return dismiss(trouble);
    const note: TroubleNote = { stage: 'claimed', signal: signalOf(trouble, { cluster, uid, top, at: now() }) };
    const stands = await notes.claim(uid, trouble.id, note);
    if (!stands) {
      // Without a note the day stands for the beginning, so that at least today nothing is told twice.
      log.warn({ cluster }, 'there are too many troubles to remember them all: this one may be told again tomorrow');
      const at = `${now().slice(0, 10)}T00:00:00Z`;
      await hand(trouble.id, signalOf(trouble, { cluster, uid, top, at }));
    } else if (stands.stage === 'claimed') await finish(trouble.id, stands);
  }

  async function ownerOf({ kind, namespace, subject, owner }: Trouble): Promise<OwnerLookOrNone> {
    if (kind === 'no-pod') return settings.lookAtOwner(namespace, subject);
    if (!owner) return { top: null, lacksPods: true };
    if (owner.deployment !== null) return { top: { kind: 'Deployment', name: owner.deployment }, lacksPods: true };
    return settings.lookAtOwner(namespace, owner);
  }

  /** A note that was claimed, by us or by a watcher that died, becomes an incident. */
  async function finish(id: string, note: TroubleNote): Promise<void> {
    await hand(id, note.signal);
    await notes.told(uid, id, note);
  }

  async function hand(trouble: string, one: Signal): Promise<void> {
    const [taken] = await take([one]);
    log.info({ cluster, trouble, namespace: one.namespace, name: one.name, status: one.status, taken }, 'told');
  }

  async function end(id: string): Promise<void> {
    const note = await notes.find(uid, id);
    if (note && note.stage !== 'before') await hand(id, { ...note.signal, status: 'resolved' });
    await notes.forget(uid, id);
  }

  return {
    began: (trouble: Trouble): Promise<void> => enqueue(trouble.id, () => tell(trouble)),
    ended: (id: string): Promise<void> => enqueue(id, () => end(id)),
    finish: (id: string, note: TroubleNote): Promise<void> => enqueue(id, () => finish(id, note)),
  };
}

export type Teller = ReturnType<typeof createTeller>;

type OwnerLookOrNone = Omit<OwnerLook, 'top'> & { top: OwnerLook['top'] | null };
