// What the kubelet says about failing probes: one reading of its Unhealthy events, for all rules about probes.
// Which of them had the container killed is told by the kubelet, or by how long the run lived.

import { earliestKillSeconds } from '../../core/case/probe-kill.ts';
import type { ContainerCase } from '../../core/case.ts';
import type { Probe } from '../../core/evidence/container.ts';
import { type Citation, type Fact, known } from '../../core/fact.ts';
import { PROBE_WORDS, type ProbeFault } from '../vocabulary/probe-words.ts';

export type ProbeName = 'liveness' | 'readiness' | 'startup';

export interface ProbeFailure {
  probe: ProbeName;
  kind: ProbeFault;
  /** HTTP status when kind is `status`. */
  status: number | undefined;
  /** Port in the kubelet's words or in the specification. */
  port: number | undefined;
  /** What the kubelet said after "Liveness probe failed: ". */
  words: string;
  spec: Fact<Probe>;
  last: string;
  count: number;
  citation: Citation;
}

const HEAD =
  /^(?:\(combined from similar events\): ?)?(?<probe>Liveness|Readiness|Startup) probe (?:failed|errored|warning)[^:]*: ?(?<words>[\s\S]*)$/i;

const cache = new WeakMap<ContainerCase, ProbeFailure[]>();

/** All probe failures of this container, newest first. */
export function probeFailures(k: ContainerCase): ProbeFailure[] {
  const known = cache.get(k);
  if (known) return known;
  const failures = k.events
    .filter((e) => e.reason === 'Unhealthy' || e.reason === 'ProbeWarning' || e.reason === 'ProbeError')
    .flatMap((e): ProbeFailure[] => {
      const head = HEAD.exec(e.message);
      if (!head?.groups) return [];
      const probe = (head.groups.probe ?? '').toLowerCase() as ProbeName;
      const words = (head.groups.words ?? '').trim().slice(0, 2_000);
      const spec = k.container.probes[probe];
      const { kind, status } = kindOf(words, spec);
      return [
        {
          probe,
          kind,
          status,
          port: portOf(words) ?? portOfSpec(spec),
          words,
          spec,
          last: e.last,
          count: e.count,
          citation: { source: 'event', at: e.at, text: e.message.slice(0, 500) },
        },
      ];
    })
    .reverse();
  cache.set(k, failures);
  return failures;
}

/** Failures of the probes that have a container killed. */
export function killingFailures(k: ContainerCase): ProbeFailure[] {
  return probeFailures(k).filter((f) => f.probe !== 'readiness');
}

/** Containers about which a failing probe can be the answer. */
export const PROBED = ['crash-loop', 'not-ready', 'unread'] as const;

/** When a probe of which nothing is specified has its container killed: the third failure, 10 s apart. */
const USUAL_KILL_SECONDS = 20;

/**
 * Failures of the probe that killed the last run, newest first. Without the kubelet's announcement they count only
 * when the program did not end by an error of its own and lived as long as the probe needs to have it killed.
 */
export function fatalFailures(k: ContainerCase): ProbeFailure[] {
  const failures = killingFailures(k);
  if (k.ending === 'probe-killed' || failures.length === 0) return failures;
  if (k.ending === 'never-ended' || k.ending === 'unknown') return failures;
  if (k.ending !== 'signalled' && k.ending !== 'completed') return [];
  const earliest = earliestKillSeconds(failures.map((f) => known(f.spec))) ?? USUAL_KILL_SECONDS;
  const lived = k.livedForSeconds;
  return lived === undefined || lived + 2 >= earliest ? failures : [];
}

/** The newest fatal failure of one of these kinds, if it is not only a passing one among others. */
export function fatalFailure(k: ContainerCase, ...kinds: ProbeFault[]): ProbeFailure | undefined {
  const failures = fatalFailures(k);
  const newest = failures[0];
  if (!newest) return undefined;
  if (kinds.includes(newest.kind)) return newest;
  const most = [...failures].sort((a, b) => b.count - a.count)[0];
  return most && kinds.includes(most.kind) && most.count > 2 * newest.count ? most : undefined;
}

/** Nobody listens there: refused, or for grpc, which never says so, not connected in time. */
export function notListening(k: ContainerCase): ProbeFailure | undefined {
  const f = fatalFailure(k, 'refused', 'unreachable');
  return f && (f.kind === 'refused' || isGrpcDial(f)) ? f : undefined;
}

/** The kubelet's grpc probe waits for the connection itself, and words a refusal as a timeout. */
export function isGrpcDial(f: ProbeFailure): boolean {
  return /failed to connect service/.test(f.words);
}

function portOf(words: string): number | undefined {
  const match =
    /dial tcp (?:\d[\d.]*|\[[0-9a-f:]*\]):(\d+)/i.exec(words) ??
    /Get "?https?:\/\/[^/:]*:(\d+)/i.exec(words) ??
    /connect service "[^"]*:(\d+)"/.exec(words);
  return match ? Number(match[1]) : undefined;
}

function portOfSpec(spec: Fact<Probe>): number | undefined {
  return known(spec)?.port;
}

function kindOf(words: string, spec: Fact<Probe>): { kind: ProbeFault; status: number | undefined } {
  for (const [kind, pattern] of PROBE_WORDS) {
    const match = pattern.exec(words);
    if (!match) continue;
    const status = Number(match.groups?.status ?? match.groups?.status2 ?? match.groups?.status3);
    return { kind, status: Number.isNaN(status) ? undefined : status };
  }
  return { kind: known(spec)?.type === 'exec' || spec.state === 'unread' ? 'command' : 'other', status: undefined };
}
