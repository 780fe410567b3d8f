// The cluster's sense of time: real time of day, while everything that takes time in the simulated world
// (back-off, start-up, time to crash, probe periods) is shortened by the speed. Time stamps are therefore never in the future.

export type Cancel = () => void;
export type Clock = {
  nowMs(): number;
  /** RFC 3339 in whole seconds, as Kubernetes writes metav1.Time. */
  now(): string;
  /** Runs once after that many seconds of the simulated world. */
  after(seconds: number, run: () => void): Cancel;
  /** Seconds of the simulated world since a moment in it. */
  secondsSince(instant: string | number): number;
  stop(): void;
};

export const asTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

export function startClock(speed: number): Clock {
  const timers = new Set<NodeJS.Timeout>();
  return {
    nowMs: () => Date.now(),
    now: () => asTime(Date.now()),
    secondsSince: (instant) =>
      ((Date.now() - (typeof instant === 'number' ? instant : Date.parse(instant))) / 1000) * speed,
    after(seconds, run) {
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          run();
        },
        Math.max(0, (seconds * 1000) / speed),
      );
      timers.add(timer);
      return () => {
        timers.delete(timer);
        clearTimeout(timer);
      };
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
