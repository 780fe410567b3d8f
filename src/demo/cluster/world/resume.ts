// A recorded pod goes on living where its recording left it: in back-off, between two crashes, waiting for an image, or well.
import type { Container, ContainerStatus, Pod } from '../kinds.ts';
import { attempt, die, start } from './container.ts';
import { comeBack, startsAgain } from './crash.ts';
import { containersOf, type Life, later, statusOf, type World } from './life.ts';

/** Fewer restarts than this and ready now: it had a bad moment once and is well since. */
const loopsFromRestarts = 3;
const soonSeconds = 1;

export function resume(world: World, life: Life, pod: Pod, proceed: () => void): void {
  for (const c of containersOf(pod)) {
    const status = statusOf(pod, c.name);
    if (status && status.state?.waiting?.reason !== 'PodInitializing')
      resumeContainer(world, life, pod, c, status, proceed);
  }
}

function resumeContainer(
  world: World,
  life: Life,
  pod: Pod,
  c: Container,
  status: ContainerStatus,
  proceed: () => void,
): void {
  const trial = attempt(world, life, pod, c, proceed);
  const { waiting, running, terminated } = status.state ?? {};
  life.begun.add(c.name);
  life.backOffs.set(c.name, status.restartCount);
  if (waiting && status.lastState?.terminated) {
    life.backOffs.set(c.name, status.restartCount + 1);
    const [, minutes = 0, seconds = 0] = /back-off (?:(\d+)m)?(\d+)s/.exec(waiting.message ?? '') ?? [];
    const endedMs = Date.parse(status.lastState.terminated.finishedAt ?? '') || world.clock.nowMs();
    const left = Number(minutes) * 60 + Number(seconds) - (world.clock.nowMs() - endedMs) / 1000;
    later(world, life, Math.max(soonSeconds, left), trial.next.again);
  } else if (waiting) {
    later(world, life, 10, () => start(world, life, c.name, false, proceed));
  } else if (terminated) {
    if (startsAgain(pod, c.name, terminated.exitCode))
      later(world, life, soonSeconds, () => comeBack(world, life, c.name, trial.next));
  } else if (running && (status.restartCount >= loopsFromRestarts || !status.ready)) {
    const { ending } = trial.program;
    if (ending?.kind === 'exits' && !world.programs.livesNow(pod, c)) die(world, life, trial, ending);
  }
}
