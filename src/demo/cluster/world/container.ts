// The start of a container, and its life when its program lives. Each start asks the program anew, so that a changed limit,
// ConfigMap or neighbour shows at the next start and not before.
import { createHash } from 'node:crypto';
import type { Container, Pod } from '../kinds.ts';
import { block } from './blocked.ts';
import { type Exits, end, type Next, troubles } from './crash.ts';
import { retold } from './endings.ts';
import type { Words } from './events.ts';
import {
  changeContainer,
  containersOf,
  type Life,
  later,
  podOf,
  sayOfContainer,
  statusOf,
  type World,
} from './life.ts';
import type { Program } from './programs.ts';
import { asInForce } from './resize.ts';

/** The kubelet looks at its containers this often: one that ends sooner is never reported ready. */
const relistSeconds = 1;
const normal = (reason: string, message: string): Words => ({ type: 'Normal', reason, message });
const isPlainInit = (pod: Pod, c: Container): boolean =>
  c.restartPolicy !== 'Always' && (pod.spec?.initContainers ?? []).some((i) => i.name === c.name);

const inLog = (world: World): string =>
  new Date(world.clock.nowMs()).toISOString().replace('T', ' ').replace('.', ',').replace('Z', '');

/** What one attempt to run a container needs to know. */
type Attempt = {
  pod: Pod;
  c: Container;
  program: Program;
  next: Next;
  tell(words: Words): void;
  retell(text: string): string;
};

export function attempt(world: World, life: Life, pod: Pod, c: Container, proceed: () => void): Attempt {
  const program = world.programs.of(pod, c);
  const retell = (text: string): string => (program.spoken ? retold(text, program.spoken, pod, c) : text);
  return {
    pod,
    c,
    program,
    retell,
    tell: (words) => sayOfContainer(world, pod, c.name, { ...words, message: retell(words.message) }),
    next: { again: () => start(world, life, c.name, true, proceed), proceed },
  };
}

/** `again` when the container has run before: its restart count rises and its last state is what just ended. */
export function start(world: World, life: Life, name: string, again: boolean, proceed: () => void): void {
  life.begun.add(name);
  const asked = podOf(world, life);
  const pod = asked && asInForce(life, asked);
  const c = pod && containersOf(pod).find((i) => i.name === name);
  if (!pod || !c) return;
  const trial = attempt(world, life, pod, c, proceed);
  const { program, tell, retell, next } = trial;
  const ending = world.programs.livesNow(pod, c) ? undefined : program.ending;
  if (ending?.kind === 'blocked') {
    block(world, life, c, ending, retell, () => start(world, life, name, again, proceed));
    return;
  }
  const startError = ending?.kind === 'exits' ? ending.startError : undefined;
  tell(normal('Pulled', `Container image "${c.image}" already present on machine`));
  tell(normal('Created', `Created container: ${name}`));
  tell(startError ?? normal('Started', `Started container ${name}`));
  const unseen = ending?.kind === 'exits' && ending.runSeconds < relistSeconds;
  const ready = !unseen && !isPlainInit(pod, c) && !c.readinessProbe && !c.startupProbe;
  const log = ending && 'log' in ending ? retell(ending.log) : program.healthyLog.replaceAll('{now}', inLog(world));
  begin(world, life, c, again, log, ready);

  if (ending?.kind === 'exits') die(world, life, trial, ending);
  else if (ending?.kind === 'unready') {
    for (const words of ending.words) later(world, life, 5, () => tell(words));
    changeContainer(world, life, name, (s) => {
      s.started = true;
    });
  } else if (isPlainInit(pod, c)) {
    later(world, life, program.completesAfterSeconds, () =>
      end(world, life, name, { exitCode: 0, reason: 'Completed' }, next),
    );
  } else liveOn(world, life, trial);
}

function begin(world: World, life: Life, c: Container, again: boolean, log: string, ready: boolean): void {
  const id = world.ids.containerId();
  life.resized.delete(c.name);
  world.runs.set(id, { text: log, startedMs: world.clock.nowMs() });
  changeContainer(world, life, c.name, (s) => {
    const before = s.state?.terminated ?? s.lastState?.terminated;
    const forgotten = s.lastState?.terminated?.containerID;
    if (forgotten && forgotten !== before?.containerID) world.runs.delete(forgotten);
    s.restartCount += again ? 1 : 0;
    s.lastState = before ? { terminated: before } : {};
    s.state = { running: { startedAt: world.clock.now() } };
    s.containerID = id;
    s.imageID = `sha256:${createHash('sha256')
      .update(c.image ?? '')
      .digest('hex')}`;
    s.ready = ready;
    s.started = ready;
  });
}

function liveOn(world: World, life: Life, trial: Attempt): void {
  const { c, program, next } = trial;
  later(world, life, program.readyAfterSeconds, () => {
    changeContainer(world, life, c.name, (s) => {
      s.ready = true;
      s.started = true;
    });
    next.proceed();
    const { ending, livesForSeconds } = program;
    if (ending?.kind !== 'exits' || !livesForSeconds) return;
    later(world, life, livesForSeconds, () => {
      const pod = podOf(world, life);
      const run = world.runs.get((pod && statusOf(pod, c.name)?.containerID) ?? '');
      if (run) run.text += trial.retell(ending.log);
      die(world, life, trial, { ...ending, runSeconds: 0 });
    });
  });
}

/** Ends as recorded, after as long as recorded. */
export function die(world: World, life: Life, trial: Attempt, ending: Exits): void {
  const { c, next, tell, retell } = trial;
  const { terminated, runSeconds } = ending;
  const how = { ...terminated, message: terminated.message && retell(terminated.message) };
  if (ending.startError) {
    end(world, life, c.name, how, next, true);
    return;
  }
  for (const { atSeconds, words } of troubles(ending, c)) later(world, life, atSeconds, () => tell(words));
  const run = runOf(world, life, c);
  later(world, life, runSeconds, () => {
    if (runOf(world, life, c) !== run) return;
    if (livesNowThat(world, life, c)) liveOn(world, life, trial);
    else end(world, life, c.name, how, next);
  });
}

const runOf = (world: World, life: Life, c: Container): string | undefined => {
  const pod = podOf(world, life);
  return pod && statusOf(pod, c.name)?.containerID;
};

/** It was given more while it ran, and that is enough. */
function livesNowThat(world: World, life: Life, c: Container): boolean {
  const pod = podOf(world, life);
  const felt = pod && life.resized.has(c.name) ? asInForce(life, pod) : undefined;
  const now = felt && containersOf(felt).find((one) => one.name === c.name);
  return felt !== undefined && now !== undefined && world.programs.livesNow(felt, now);
}
