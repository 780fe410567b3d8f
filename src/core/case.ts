// One container seen as a case: how its last run ended, which log belongs to that run, what it said last.
// Derived once from the evidence, so that every rule starts from the same reading.

import type { ContainerEvidence, EventRecord, Evidence, Log, Probe, Termination } from './evidence.ts';
import { type Fact, known, unread } from './fact.ts';
import { lastWords } from './last-words.ts';
import type { LogLine } from './log.ts';

/** How the last ended run of a container came to its end, as far as status and events tell. */
export type Ending =
  | 'oom-killed' // the kubelet says reason OOMKilled
  | 'probe-killed' // Killing: failed liveness or startup probe
  | 'hook-killed' // FailedPostStartHook, then killed
  | 'evicted' // the pod was removed from its node
  | 'start-failed' // the runtime never started the program: StartError, CreateContainer…, bad image
  | 'by-itself' // the program ended with an exit code of its own
  | 'signalled' // ended by a signal nobody announced: 137, 143, 130
  | 'crashed' // ended by a fault signal of its own: 132, 134, 135, 136, 139
  | 'completed' // exit 0 without any kill
  | 'never-ended' // no ended run is known
  | 'unknown'; // the state could not be read

/** What about this container asks for an explanation. */
export type Symptom =
  | 'crash-loop' // ends again and again, or ended and counts as failed
  | 'cannot-start' // the runtime or kubelet cannot create or start it
  | 'image' // its image cannot be had
  | 'not-ready' // runs, never killed, gets no traffic
  | 'waits' // has not had its turn: pod pending, init container before it, volumes
  | 'recovered' // ended once, runs now
  | 'healthy'
  | 'unread'; // nothing is known of its state

export interface ContainerCase {
  container: ContainerEvidence;
  symptom: Symptom;
  ending: Ending;
  /** The last ended run. */
  exit: Fact<Termination>;
  /** The log of the last ended run, or of the present run when none ended. */
  log: Fact<Log>;
  /** Final statement of that run; empty when the log is unread or silent. */
  lastWords: LogLine[];
  /** Events that name this container, or the pod's events when it has only one container. */
  events: EventRecord[];
  /** Seconds the last ended run lived; undefined when unknown. */
  livedForSeconds: number | undefined;
}

const FAULT_CODES = new Set([132, 134, 135, 136, 139]);
const SIGNAL_CODES = new Set([129, 130, 131, 137, 143]);
const CANNOT_START = new Set([
  'StartError',
  'ContainerCannotRun',
  'RunContainerError',
  'CreateContainerError',
  'CreateContainerConfigError',
  'ContainerCannotRun',
  'CreateContainerFailed',
  'PreCreateHookError',
  'PreStartHookError',
]);
const IMAGE_REASONS = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

const cache = new WeakMap<Evidence, ContainerCase[]>();

/** All containers as cases, in start order. */
export function casesOf(evidence: Evidence): ContainerCase[] {
  const known = cache.get(evidence);
  if (known) return known;
  const cases = evidence.containers.map((container) => caseOf(container, evidence));
  cache.set(evidence, cases);
  return cases;
}

function caseOf(container: ContainerEvidence, evidence: Evidence): ContainerCase {
  const events = (known(evidence.events) ?? []).filter(
    (e) => e.container === container.name || namesContainer(e, container.name, evidence),
  );
  const exit = lastExit(container);
  const ending = endingOf(container, exit, events, evidence);
  const symptom = symptomOf(container, ending, events, evidence);
  const log = lastLog(container, symptom);
  return {
    container,
    symptom,
    ending,
    exit,
    log,
    events,
    lastWords: log.state === 'seen' ? lastWords(log.value.lines) : [],
    livedForSeconds: livedFor(known(exit)),
  };
}

function namesContainer(event: EventRecord, name: string, evidence: Evidence): boolean {
  if (event.container !== '' || event.object.kind !== 'Pod') return false;
  if (evidence.containers.length === 1) return true;
  const image = /(?:pull|pulling|pulled|[Cc]ontainer) image "([^"]{1,400})"/.exec(event.message)?.[1];
  if (image !== undefined) return ofImage(image, evidence) === name;
  return new RegExp(`[Cc]ontainer[ =]"?${name.replace(/[^\w-]/g, '.')}\\b`).test(event.message);
}

/** The only container with this image. */
function ofImage(image: string, evidence: Evidence): string | undefined {
  const having = evidence.containers.filter((c) => known(c.image) === image);
  return having.length === 1 ? having[0]?.name : undefined;
}

/** The last ended run: the present state when that is `terminated`, else the last state. */
function lastExit(container: ContainerEvidence): Fact<Termination> {
  const { state } = container;
  if (state.state === 'seen' && state.value.is === 'terminated') return { ...state, value: state.value };
  return container.lastState;
}

function endingOf(
  container: ContainerEvidence,
  exit: Fact<Termination>,
  events: EventRecord[],
  evidence: Evidence,
): Ending {
  const state = known(container.state);
  if (state?.is === 'waiting' && CANNOT_START.has(state.reason)) return 'start-failed';
  if (exit.state === 'unread') return events.some(announcesProbeKill) ? 'probe-killed' : 'unknown';
  if (exit.state === 'absent') return 'never-ended';
  const run = exit.value;
  if (run.reason === 'OOMKilled') return 'oom-killed';
  if (CANNOT_START.has(run.reason)) return 'start-failed';
  if (known(evidence.pod.reason) === 'Evicted' || run.reason === 'ContainerStatusUnknown') return 'evicted';
  if (events.some((e) => e.reason === 'FailedPostStartHook') && run.exitCode !== 1) return 'hook-killed';
  if (wasKilledByProbe(container, run, events)) return 'probe-killed';
  if (run.exitCode === 0) return 'completed';
  if (FAULT_CODES.has(run.exitCode)) return 'crashed';
  if (SIGNAL_CODES.has(run.exitCode) || run.signal > 0) return 'signalled';
  return 'by-itself';
}

const PROBE_KILL = /failed (?:liveness|startup) probe|(?:liveness|startup) probe failed.{0,200}(?:killed|restarted)/i;

function announcesProbeKill(event: EventRecord): boolean {
  return event.reason === 'Killing' && PROBE_KILL.test(event.message);
}

/**
 * The kubelet announces a probe's kill with a Killing event. Counts saturate at about 25 and events expire, so the
 * announcement need not be of this very run; unless it came while that ran, a program that ends with an error of its own
 * well before the probe's arithmetic allows a kill ended by itself.
 */
function wasKilledByProbe(container: ContainerEvidence, run: Termination, events: EventRecord[]): boolean {
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
  if (evidence.events.state !== 'unread') return false;
  if (postStart.state !== 'absent') return true;
  if (liveness.state === 'absent' && startup.state === 'absent') return false;
  const earliest = earliestKillSeconds([known(liveness), known(startup)]);
  return earliest === undefined || k.livedForSeconds === undefined || k.livedForSeconds + 2 >= earliest;
}

/** Earliest second after start at which a probe can have the container killed (kubelet probe arithmetic). */
export function earliestKillSeconds(probes: (Probe | undefined)[]): number | undefined {
  const seconds = probes
    .filter((p): p is Probe => p !== undefined)
    .map((p) => p.initialDelaySeconds + p.periodSeconds * Math.max(0, p.failureThreshold - 1));
  return seconds.length ? Math.min(...seconds) : undefined;
}

function livedFor(run: Termination | undefined): number | undefined {
  if (!run) return undefined;
  const started = Date.parse(run.startedAt);
  const finished = Date.parse(run.finishedAt);
  if (!(started > 0) || !(finished >= started)) return undefined;
  return (finished - started) / 1000;
}

function symptomOf(container: ContainerEvidence, ending: Ending, events: EventRecord[], evidence: Evidence): Symptom {
  if (container.state.state === 'unread') return symptomWithoutState(container, ending, events);
  const state = known(container.state);
  const restarts = restartsOf(container);
  if (!state) return 'waits';
  if (state.is === 'waiting') {
    if (IMAGE_REASONS.has(state.reason)) return 'image';
    if (CANNOT_START.has(state.reason)) return 'cannot-start';
    if (state.reason === 'CrashLoopBackOff') return ending === 'start-failed' ? 'cannot-start' : 'crash-loop';
    return ending === 'never-ended' || ending === 'unknown' ? 'waits' : 'crash-loop';
  }
  if (state.is === 'terminated') {
    if (ending === 'start-failed') return 'cannot-start';
    if (restarts === 0 && isStopped(state, evidence)) return 'healthy';
    if (state.exitCode !== 0) return 'crash-loop';
    if (container.kind === 'init' || known(evidence.pod.phase) === 'Succeeded') return 'healthy';
    return known(evidence.pod.restartPolicy) === 'Never' || known(evidence.pod.restartPolicy) === 'OnFailure'
      ? 'healthy'
      : 'crash-loop';
  }
  if (restarts === 0) {
    // It runs; whether it did not run before is not known.
    if (container.restartCount.state === 'unread' && container.lastState.state === 'unread') return 'unread';
    return known(container.ready) === false ? 'not-ready' : 'healthy';
  }
  return runsAfterEnd(container, state.startedAt, evidence);
}

/**
 * The pod is being removed (scaled down, rolled over, deleted), and this run ended when it was told to: with whatever code
 * it answers SIGTERM. An eviction or a drain says so itself.
 */
export function isStopped(run: Termination, evidence: Evidence): boolean {
  const deleted = Date.parse(known(evidence.pod.deletionTimestamp) ?? '');
  const graceSeconds = known(evidence.pod.terminationGracePeriodSeconds) ?? 30;
  const taken = (known(evidence.pod.conditions) ?? []).some(
    (c) => c.type === 'DisruptionTarget' && c.status === 'True',
  );
  return !taken && run.reason !== 'OOMKilled' && Date.parse(run.finishedAt) >= deleted - (graceSeconds + 1) * 1000;
}

/** A run that is known to have ended was followed by at least one restart, whether or not these were counted. */
function restartsOf(container: ContainerEvidence): number {
  return known(container.restartCount) ?? (container.lastState.state === 'seen' ? 1 : 0);
}

/** A container that runs now after it ended before: over, or only between two crashes? */
function runsAfterEnd(container: ContainerEvidence, startedAt: string, evidence: Evidence): Symptom {
  const upForSeconds = (Date.parse(evidence.now) - Date.parse(startedAt)) / 1000;
  const lived = livedFor(known(container.lastState)) ?? 0;
  const ready = known(container.ready);
  const restarts = restartsOf(container);
  // Who could not see whether it is ready cannot say that it is over.
  const unready = ready === false || container.ready.state === 'unread';
  if (!(upForSeconds >= 0)) return unready ? 'crash-loop' : 'recovered';
  const steadyAfterSeconds = Math.min(600, Math.max(60, 3 * lived));
  if (upForSeconds >= steadyAfterSeconds && !unready) return 'recovered';
  // One crash that is behind it, ready ever since: over, unless it has not yet outlived its former self.
  if (restarts === 1 && ready === true && upForSeconds >= 30 && upForSeconds > 2 * lived) return 'recovered';
  if (upForSeconds >= 600 && ready === false && restarts <= 1) return 'not-ready';
  return 'crash-loop';
}

function symptomWithoutState(container: ContainerEvidence, ending: Ending, events: EventRecord[]): Symptom {
  if (ending !== 'unknown' && ending !== 'never-ended')
    return ending === 'start-failed' ? 'cannot-start' : 'crash-loop';
  if ((known(container.restartCount) ?? 0) > 0) return 'crash-loop';
  return SYMPTOMS_OF_EVENTS.find(({ tells }) => events.some(tells))?.symptom ?? 'unread';
}

const IMAGE =
  /\bpull(?:ing)?\b|ErrImage|ImagePull|InvalidImageName|image reference|image name|image tag|inspect image|is not present with/i;

/** What the kubelet's events say of a container whose state was not read; the first that applies. */
const SYMPTOMS_OF_EVENTS: { symptom: Symptom; tells: (e: EventRecord) => boolean }[] = [
  {
    symptom: 'cannot-start',
    tells: (e) => e.reason === 'Failed' && /^Error: /.test(e.message) && !IMAGE.test(e.message),
  },
  { symptom: 'crash-loop', tells: (e) => /restarting failed container/.test(e.message) || PROBE_KILL.test(e.message) },
  {
    symptom: 'image',
    tells: (e) => /^(?:Failed|BackOff|InspectFailed|ErrImageNeverPull)$/.test(e.reason) && IMAGE.test(e.message),
  },
  {
    symptom: 'waits',
    tells: (e) => /^Failed(?:Mount|AttachVolume|MapVolume|CreatePodSandBox|Scheduling)$/.test(e.reason),
  },
];

const TROUBLE =
  /error|fatal|fail|exception|panic|traceback|refused|denied|cannot|can't|could not|unable|missing|invalid|not found|no such|kill|abort|timed? ?out|required|must /i;

function isCalm(log: Log): boolean {
  return !log.lines.slice(-20).some((line) => TROUBLE.test(line.raw));
}

/**
 * The log of the last ended run. While a container waits in back-off or has ended, "current" is the log of its last
 * run; while it runs, the ended run is in "previous".
 */
function lastLog(container: ContainerEvidence, symptom: Symptom): Fact<Log> {
  const { previous, current } = container.logs;
  const state = known(container.state);
  const candidates =
    state?.is === 'running' && symptom !== 'not-ready' && symptom !== 'healthy'
      ? [previous, current]
      : [current, previous];
  if (state === undefined) candidates.reverse();
  // A present run that is well has not said why another one ended.
  const mayRun = state?.is === 'running' || (state === undefined && container.lastState.state === 'seen');
  const unseen = mayRun && candidates[0] === previous && previous.state === 'unread';
  if (unseen && current.state === 'seen' && isCalm(current.value)) return previous;
  const spoken = candidates.find((log) => log.state === 'seen' && log.value.lines.length > 0);
  return (
    spoken ?? candidates.find((log) => log.state === 'seen') ?? candidates[0] ?? unread('log', 'log', 'not collected')
  );
}
