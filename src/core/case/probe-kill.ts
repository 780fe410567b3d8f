// Whether an end was the kubelet's doing: what its events announce, and what the probe's arithmetic allows.

import type { ContainerCase } from '../case.ts';
import type { ContainerEvidence, Probe, Termination } from '../evidence/container.ts';
import type { EventRecord, Evidence } from '../evidence.ts';
import { known } from '../fact.ts';
import { livedFor } from './lived-for.ts';

export const PROBE_KILL =
  /failed (?:liveness|startup) probe|(?:liveness|startup) probe failed.{0,200}(?:killed|restarted)|container "[^"]{1,63}" is unhealthy, it will be killed/i;

/** Announced, in words of which the reason was cut off. */
const UNSAID = /^Container \S{1,63}(?: \w{0,6})?(?:…|\.{3})?$|^Contai?n?e?r?\S{0,64}(?:…|\.{3})?$/;

export function announcesProbeKill(event: EventRecord): boolean {
  return event.reason === 'Killing' && PROBE_KILL.test(event.message);
}

/**
 * The kubelet announces a probe's kill with a Killing event. Counts saturate at about 25 and events expire, so the
 * announcement need not be of this very run; unless it came while that ran, a program that ends with an error of its own
 * well before the probe's arithmetic allows a kill ended by itself.
 */
export function wasKilledByProbe(container: ContainerEvidence, run: Termination, events: EventRecord[]): boolean {
  const kills = events.filter((e) => e.reason === 'Killing' && PROBE_KILL.test(e.message));
  if (kills.length === 0) return false;
  const [started, finished] = [Date.parse(run.startedAt), Date.parse(run.finishedAt)];
  if (kills.some((e) => Date.parse(e.last) > started && Date.parse(e.last) <= finished)) return true;
  const earliest = earliestKillSeconds([known(container.probes.liveness), known(container.probes.startup)]);
  const lived = livedFor(run);
  if (earliest === undefined || lived === undefined) return true;
  return lived + 2 >= earliest;
}

/**
 * Nobody could look at the events, and a probe or a postStart hook allows that this end was the kubelet's doing: what the
 * end looks like is then no proof of anything else.
 */
export function mayBeKubeletKill(k: ContainerCase, evidence: Evidence): boolean {
  const { probes, postStart } = k.container;
  const { liveness, startup } = probes;
  if (evidence.events.state === 'seen' && !k.events.some((e) => e.reason === 'Killing' && UNSAID.test(e.message)))
    return false;
  if (evidence.events.state === 'absent') return false;
  if (postStart.state !== 'absent') return true;
  if (liveness.state === 'absent' && startup.state === 'absent') return false;
  const earliest = earliestKillSeconds([known(liveness), known(startup)]);
  return earliest === undefined || k.livedForSeconds === undefined || k.livedForSeconds + 2 >= earliest;
}

/** It ended just when a probe that fails from the start on would have had it killed. */
export function livedAsProbeAllows({ container: { probes }, livedForSeconds = 0 }: ContainerCase): boolean {
  const probe = known(probes.startup) ?? known(probes.liveness);
  const earliest = earliestKillSeconds([probe]);
  if (!probe || earliest === undefined) return false;
  return livedForSeconds + 2 >= earliest && livedForSeconds <= earliest + 2 * probe.periodSeconds + GRACE_SECONDS;
}

/** What programs that answer SIGTERM take to end. */
const GRACE_SECONDS = 10;

/** Earliest second after start at which a probe can have the container killed (kubelet probe arithmetic). */
export function earliestKillSeconds(probes: (Probe | undefined)[]): number | undefined {
  const seconds = probes
    .filter((p): p is Probe => p !== undefined)
    .map((p) => p.initialDelaySeconds + p.periodSeconds * Math.max(0, p.failureThreshold - 1));
  return seconds.length ? Math.min(...seconds) : undefined;
}
