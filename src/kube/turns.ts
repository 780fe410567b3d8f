// How many requests may be on their way to one cluster at a time. Connections follow: as many, reused, never one per read.

/** `enter` waits for a place and answers how to leave it; a signal ends the waiting. */
export function turns(places: number): (signal: AbortSignal) => Promise<() => void> {
  const waiting: (() => void)[] = [];
  let free = places;
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free++;
  };
  return async (signal) => {
    signal.throwIfAborted();
    if (free > 0) {
      free--;
      return leave;
    }
    await new Promise<void>((resolve, reject) => {
      const mine = (): void => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        waiting.splice(waiting.indexOf(mine), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', stop, { once: true });
      waiting.push(mine);
    });
    return leave;
  };
}
