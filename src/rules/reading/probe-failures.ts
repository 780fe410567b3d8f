// What the kubelet says about failing probes: one reading of its Unhealthy events, for all rules about probes.
// Wording differs between kubelets and between http, tcp, grpc and exec; the kinds do not.

import { type ContainerCase, earliestKillSeconds } from '../../core/case.ts';
import type { Probe } from '../../core/evidence.ts';
import { type Citation, cite, type Fact, known } from '../../core/fact.ts';
import { type Holds, holds } from '../../core/rule.ts';

export type ProbeName = 'liveness' | 'readiness' | 'startup';

export interface ProbeFailure {
  probe: ProbeName;
  kind:
    | 'refused' // nobody listens on that address
    | 'status' // an HTTP answer that is not 2xx or 3xx
    | 'timeout' // no answer within timeoutSeconds
    | 'unreachable' // the address itself does not answer: i/o timeout, no route
    | 'protocol' // http asked of https, grpc of http, and the like
    | 'reset' // the connection was closed before an answer
    | 'not-serving' // grpc health says NOT_SERVING
    | 'command-missing' // the exec probe's command cannot be run at all
    | 'port-unknown' // the named port does not exist
    | 'command' // the exec probe's command ran and said no
    | 'other';
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

const KINDS: [ProbeFailure['kind'], RegExp][] = [
  [
    'command-missing',
    /executable file not found|exec: "[^"]{0,300}": (?:stat [^:]{0,300}: )?(?:no such file|permission denied|is a directory)|OCI runtime exec failed.{0,500}(?:no such file|permission denied|not found)|(?:^|[\s:])[\w./-]{1,100}: (?:command )?not found|exec format error|unknown option|invalid option|unrecognized option|command terminated with exit code 12[67]/i,
  ],
  ['port-unknown', /couldn't find port|strconv\.\w+: parsing|invalid port number|cannot find port/i],
  [
    'protocol',
    /server gave HTTP response to HTTPS client|malformed HTTP (?:response|status|version)|first record does not look like a TLS handshake|tls: |x509: |SSL routines|frame too large|does not implement the grpc health protocol|error reading server preface|unexpected HTTP status code|code = Unimplemented|HTTP\/0\.9|http2:/i,
  ],
  [
    'status',
    /statuscode: ?(?<status>\d{3})|HTTP(?:\/\d(?:\.\d)?)? ?(?:error:? ?)?(?<status2>[345]\d\d)\b|returned error: (?<status3>\d{3})/i,
  ],
  ['refused', /connection refused|ECONNREFUSED|couldn't connect to server|Failed to connect to/i],
  [
    'unreachable',
    /timeout: failed to connect service|i\/o timeout|no route to host|network is unreachable|host is unreachable|while waiting for connection/i,
  ],
  [
    'timeout',
    /context deadline exceeded|Client\.Timeout exceeded|timed out|DeadlineExceeded|deadline exceeded|request canceled|timeout \d{1,9}\w{0,3} exceeded|did not complete within/i,
  ],
  ['reset', /connection reset by peer|\bEOF\b|server closed idle connection|broken pipe|connection closed/i],
  ['not-serving', /NOT_SERVING|service unhealthy/i],
];

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
export function fatalFailure(k: ContainerCase, ...kinds: ProbeFailure['kind'][]): ProbeFailure | undefined {
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

function kindOf(words: string, spec: Fact<Probe>): { kind: ProbeFailure['kind']; status: number | undefined } {
  for (const [kind, pattern] of KINDS) {
    const match = pattern.exec(words);
    if (!match) continue;
    const status = Number(match.groups?.status ?? match.groups?.status2 ?? match.groups?.status3);
    return { kind, status: Number.isNaN(status) ? undefined : status };
  }
  return { kind: known(spec)?.type === 'exec' || spec.state === 'unread' ? 'command' : 'other', status: undefined };
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
