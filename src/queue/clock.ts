// One time for all processes: that of Redis, carried on by a clock that only runs. Somebody who sets the clock of a machine
// on which a role runs neither ends a plan nor holds up a job.

const LOOK_EVERY_MS = 30_000;

export interface SharedClock {
  /** Milliseconds since 1970. */
  now(): number;
  stop(): void;
}

/** `time` is Redis' TIME: seconds and microseconds. */
export async function sharedClock(time: () => Promise<unknown>): Promise<SharedClock> {
  // Until Redis has said it, this machine's own.
  let ahead = Date.now() - performance.now();
  async function look(): Promise<void> {
    const asked = performance.now();
    const [seconds, micros] = (await time()) as [unknown, unknown];
    const answered = performance.now();
    const said = Number(seconds) * 1_000 + Number(micros) / 1_000;
    // It was read at some moment between: what fits that stays, so that a slow answer does not make time jump.
    if (Number.isFinite(said)) ahead = Math.min(Math.max(ahead, said - answered), said - asked);
  }
  await look().catch(() => {});
  const timer = setInterval(() => void look().catch(() => {}), LOOK_EVERY_MS);
  timer.unref();
  return { now: () => Math.round(performance.now() + ahead), stop: () => clearInterval(timer) };
}

const STEP_MS = 5_000;

/** Calls back when this machine's own clock was set: what was timed by it may be due, or not be due, by now. */
export function onClockSet(callback: () => void): { stop(): void } {
  const difference = (): number => Date.now() - performance.now();
  let known = difference();
  const timer = setInterval(() => {
    const found = difference();
    if (Math.abs(found - known) > STEP_MS) callback();
    known = found;
  }, 1_000);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
