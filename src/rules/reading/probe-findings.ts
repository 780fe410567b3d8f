// What findings about a failing probe have in common: what they cite, and the names that remedies need.

import type { ContainerCase } from '../../core/case.ts';
import { type Citation, cite, known } from '../../core/fact.ts';
import { type Holds, holds } from '../../core/rule.ts';
import type { ProbeFailure } from './probe-failures.ts';

/** Path that the probe asks, from the specification or from the kubelet's words. */
export function pathOf(failure: ProbeFailure): string | undefined {
  return known(failure.spec)?.path ?? /Get "?https?:\/\/[^/"\s]*(\/[^"\s]*)/i.exec(failure.words)?.[1];
}

/** Names that remedies for probes need, as far as they are known. */
export function probeDetail(k: ContainerCase, f: ProbeFailure): { [name: string]: string } {
  const path = pathOf(f);
  return {
    container: k.container.name,
    probe: f.probe,
    ...(f.port === undefined ? {} : { port: String(f.port) }),
    ...(path === undefined ? {} : { path }),
  };
}

/**
 * A finding about a failing probe. How the run ended decides whether the probe had a part in it: where that is unknown
 * and no kill was announced, the failure alone stays one sign.
 */
export function probeHolds(k: ContainerCase, f: ProbeFailure, finding: Parameters<typeof holds>[1]): Holds {
  const unsure = k.exit.state === 'unread' && f.probe !== 'readiness' && citeKill(k).length === 0;
  return holds(k, unsure ? { ...finding, strength: 'sign', evidence: [f.citation] } : finding);
}

/** Cites the probe's specification in the words of its fields. */
export function citeProbe(f: ProbeFailure): Citation[] {
  const p = known(f.spec);
  if (!p) return [];
  const port = p.portName ?? p.port;
  const what =
    p.type === 'exec'
      ? `exec ${(p.command ?? []).join(' ')}`
      : `${p.type}${p.path ? ` ${p.path}` : ''}${port === undefined ? '' : ` on port ${port}`}${p.scheme === 'HTTPS' ? ' (HTTPS)' : ''}`;
  const timing = `initialDelaySeconds ${p.initialDelaySeconds}, periodSeconds ${p.periodSeconds}, timeoutSeconds ${p.timeoutSeconds}, failureThreshold ${p.failureThreshold}`;
  return cite(f.spec, `${what.slice(0, 200)}; ${timing}`);
}

/** The kubelet's announcement that it kills because of the probe. */
export function citeKill(k: ContainerCase): Citation[] {
  const kill = k.events.findLast((e) => e.reason === 'Killing' && /(?:liveness|startup) probe/i.test(e.message));
  return kill ? [{ source: 'event', at: kill.at, text: kill.message }] : [];
}
