// A copy of a pod to look into: what an incident remembers of it, and what its life proves. A program that lives without
// its probes was ended by them; one that ends without them ends by itself.

import { durationWords } from './spoken.ts';
import type { Sight } from './verify.ts';

/** `original` runs the program without its probes; `asleep` does nothing and waits for a person. */
export type CopyVariant = 'asleep' | 'original';

/** A copy that was made, as long as it may still be there. */
export interface DebugCopy {
  /** The plan that made it: its mark on the pod. */
  planId: string;
  namespace: string;
  name: string;
  uid: string;
}

export interface CopyWatched {
  variant: CopyVariant;
  /** Whether the container it was made from has a liveness or startup probe. */
  probed: boolean;
  appliedAt: string;
  /** So long must the program live to be called alive: longer than the runs that crashed. */
  steadySeconds: number;
}

/** `words` are evidence once it is `told`. */
export interface CopyJudged {
  is: 'waiting' | 'told';
  words: string;
}

/** Pulling an image may take its time; what has not started after this long does not start. */
const PATIENCE_SECONDS = 300;
/** A command that an image does not have ends at once. */
const ASLEEP_SECONDS = 3;

export function judgeCopy(sight: Sight, watched: CopyWatched): CopyJudged {
  const now = Date.parse(sight.at);
  const waited = (now - Date.parse(watched.appliedAt)) / 1000;
  const run = sight.containers.find(({ state }) => state !== '') ?? sight.containers[0];
  if (sight.podUids.length === 0) return told('The copy is gone before it showed anything.');
  if (run?.state === 'terminated') return told(ended(run, watched));
  if (run?.state === 'running') {
    const lived = Math.max(0, Math.floor((now - Date.parse(run.startedAt)) / 1000));
    const wanted = watched.variant === 'asleep' ? ASLEEP_SECONDS : watched.steadySeconds;
    return lived < wanted
      ? { is: 'waiting', words: `The copy runs for ${lived} s` }
      : told(lives(run.name, lived, watched));
  }
  const why = run?.reason ? `: ${run.reason}` : '';
  return waited > PATIENCE_SECONDS
    ? told(`The copy did not start within ${PATIENCE_SECONDS / 60} min${why}.`)
    : { is: 'waiting', words: `The copy does not run yet${why}` };
}

const told = (words: string): CopyJudged => ({ is: 'told', words });

function lives(name: string, seconds: number, { variant, probed }: CopyWatched): string {
  if (variant === 'asleep') return `The copy of ${name} sleeps.`;
  const lived = `Without its probes ${name} lives, ${durationWords(seconds)} so far`;
  return probed
    ? `${lived}: the probe ends it, not the program.`
    : `${lived}: what ends it is around it (its neighbours, its init containers, its account or its volumes), not in its command.`;
}

function ended({ name, reason, exitCode }: Sight['containers'][number], { variant }: CopyWatched): string {
  const how = [reason, exitCode === undefined ? '' : `exit code ${exitCode}`].filter(Boolean).join(', ');
  return variant === 'asleep'
    ? `The copy of ${name} does not sleep (${how}): its image has no sleep command.`
    : `Without its probes ${name} ends as well (${how}): the program ends, not the probe.`;
}
