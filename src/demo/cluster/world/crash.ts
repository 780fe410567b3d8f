// The end of a container and the way back: terminated, waiting in back-off, started again, with the kubelet's ladder of waits.
import type { Container, ContainerStatus, Pod } from '../kinds.ts';
import type { Ending } from './endings.ts';
import type { Words } from './events.ts';
import { changeContainer, type Life, later, podOf, sayOfContainer, statusOf, type World } from './life.ts';

export type Exits = Extract<Ending, { kind: 'exits' }>;
type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;
/** What comes after: the same container again, or the containers that waited for it. */
export type Next = { again(): void; proceed(): void };

const ladderSeconds = [0, 10, 20, 40, 80, 160, 300];
/** Twice the longest back-off: after a run of that length the kubelet starts to count anew. */
const forgivenAfterSeconds = 600;
const sayEverySeconds = 15;
const inWords = (seconds: number): string =>
  seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;

/** Probe failures and the kubelet's kill, spread over the second half of the run. */
export function troubles(ending: Exits, c: Container): { atSeconds: number; words: Words }[] {
  const spread = ending.unhealthy.flatMap((words) => {
    const probe = /^Liveness/.test(words.message)
      ? c.livenessProbe
      : /^Startup/.test(words.message)
        ? c.startupProbe
        : undefined;
    const times = probe?.failureThreshold ?? 1;
    return Array.from({ length: times }, (_, n) => ({
      atSeconds: ending.runSeconds * (0.5 + (0.4 * (n + 1)) / times),
      words,
    }));
  });
  return ending.killing ? [...spread, { atSeconds: ending.runSeconds * 0.92, words: ending.killing }] : spread;
}

/** Ended by the kubelet for a resize, and started again without a wait. */
export function restartNow(world: World, life: Life, name: string, again: () => void): void {
  changeContainer(world, life, name, (s) => {
    const startedAt = s.state?.running?.startedAt ?? world.clock.now();
    const finishedAt = world.clock.now();
    s.state = { terminated: { exitCode: 143, reason: 'Error', startedAt, finishedAt, containerID: s.containerID } };
    s.ready = false;
    s.started = false;
  });
  later(world, life, 0.5, again);
}

/** `neverStarted`: the runtime could not start it, so its start is the zero time. */
export function end(world: World, life: Life, name: string, how: Terminated, next: Next, neverStarted = false): void {
  const pod = podOf(world, life);
  if (!pod) return;
  const init = pod.spec?.initContainers?.find((c) => c.name === name);
  changeContainer(world, life, name, (s) => {
    const finishedAt = world.clock.now();
    const startedAt = neverStarted ? '1970-01-01T00:00:00Z' : (s.state?.running?.startedAt ?? finishedAt);
    const { reason, exitCode, signal, message } = how;
    s.state = { terminated: { exitCode, signal, reason, message, startedAt, finishedAt, containerID: s.containerID } };
    s.ready = init !== undefined && init.restartPolicy !== 'Always' && exitCode === 0;
    s.started = false;
  });
  const run = world.runs.get(statusOf(podOf(world, life) ?? pod, name)?.containerID ?? '');
  if (run) run.endedMs = world.clock.nowMs();
  if (!startsAgain(pod, name, how.exitCode)) {
    next.proceed();
    return;
  }
  if (run && world.clock.secondsSince(run.startedMs) >= forgivenAfterSeconds) life.backOffs.delete(name);
  comeBack(world, life, name, next);
}

/** Whether the kubelet brings a container back that ended with that code. */
export function startsAgain(pod: Pod, name: string, exitCode: number): boolean {
  const init = pod.spec?.initContainers?.find((c) => c.name === name);
  const policy = init?.restartPolicy ?? pod.spec?.restartPolicy ?? 'Always';
  if (init && init.restartPolicy !== 'Always') return exitCode !== 0 && policy !== 'Never';
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}

/** At once after the first end, later and later after the next ones. */
export function comeBack(world: World, life: Life, name: string, next: Next): void {
  const step = Math.min(life.backOffs.get(name) ?? 0, ladderSeconds.length - 1);
  life.backOffs.set(name, step + 1);
  const seconds = ladderSeconds[step]!;
  if (seconds === 0) later(world, life, 0.5, next.again);
  else later(world, life, 1, () => backOff(world, life, name, seconds, next));
}

function backOff(world: World, life: Life, name: string, seconds: number, next: Next): void {
  const reference = `${life.name}_${life.namespace}(${life.uid})`;
  changeContainer(world, life, name, (s) => {
    const ended = s.state?.terminated ?? s.lastState?.terminated;
    s.lastState = ended ? { terminated: ended } : {};
    const message = `back-off ${inWords(seconds)} restarting failed container=${name} pod=${reference}`;
    s.state = { waiting: { reason: 'CrashLoopBackOff', message } };
  });
  const message = `Back-off restarting failed container ${name} in pod ${reference}`;
  for (let at = 0; at < seconds; at += sayEverySeconds) {
    later(world, life, at, () => {
      const pod = podOf(world, life);
      if (pod) sayOfContainer(world, pod, name, { type: 'Warning', reason: 'BackOff', message });
    });
  }
  later(world, life, seconds, next.again);
}
