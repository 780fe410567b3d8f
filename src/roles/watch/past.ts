// Tells the history what the watch sees, so that its questions have answers without any diagnosis and without Prometheus.
// History decides nothing: many sights become one telling, and what Redis does not take in time is missing from it.

import { type RestartNote, restartNotes, type WarningNote, warningNote } from '../../core/watch/past.ts';
import type { PodNote } from '../../core/watch/projection.ts';
import type { History } from '../../queue/history.ts';

const EVERY_MS = 1_000;
/** About 10 MB. */
const WAITING_MAX = 20_000;

export interface PastSettings extends Pick<History, 'noteRestarts' | 'noteWarnings'> {
  /** Milliseconds since 1970, the same for all who tell. */
  now(): number;
}

export type Past = ReturnType<typeof keepPast>;

/** Until the signal ends it. `cluster` is an alias. */
export function keepPast({ noteRestarts, noteWarnings, now }: PastSettings, cluster: string, signal: AbortSignal) {
  const restarts = waitingFor<RestartNote>((notes) => noteRestarts(cluster, now(), notes));
  const warnings = waitingFor<WarningNote>((notes) => noteWarnings(cluster, now(), notes));
  const timer = setInterval(() => {
    restarts.tell();
    warnings.tell();
  }, EVERY_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  return {
    pod: (pod: PodNote): void => {
      for (const note of restartNotes(pod)) restarts.add(`${note.uid}/${note.container}`, note);
    },
    event: (event: unknown): void => {
      const note = warningNote(event);
      if (note) warnings.add([note.namespace, note.kind, note.name, note.reason, note.first].join('/'), note);
    },
  };
}

/** The newest of each thing, until it is told; what could not be told is tried again. */
function waitingFor<Note>(tell: (notes: Note[]) => Promise<void>) {
  let waiting = new Map<string, Note>();
  let telling = false;
  const add = (key: string, note: Note): void => {
    if (waiting.size < WAITING_MAX || waiting.has(key)) waiting.set(key, note);
  };
  return {
    add,
    tell: async (): Promise<void> => {
      if (telling || waiting.size === 0) return;
      const now = waiting;
      waiting = new Map();
      telling = true;
      try {
        await tell([...now.values()]);
      } catch {
        for (const [key, note] of now) if (!waiting.has(key)) add(key, note);
      } finally {
        telling = false;
      }
    },
  };
}
