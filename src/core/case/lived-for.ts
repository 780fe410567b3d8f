// How long a run lived, by its own times. A container that never started has a start of 1970: it did not live.

import type { Termination } from '../evidence/container.ts';

/** Seconds; undefined when a time is missing or the container never started. */
export function livedFor(run: Termination | undefined): number | undefined {
  if (!run) return undefined;
  const started = Date.parse(run.startedAt);
  const finished = Date.parse(run.finishedAt);
  if (!(started > 0) || !(finished >= started)) return undefined;
  return (finished - started) / 1000;
}
