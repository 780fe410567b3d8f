// How many requests a watcher sends to one API server: a bucket that fills steadily. A list of many pages, a storm of
// reconnects and the look for owners all draw from it.
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for its turn. Rejects with the signal's reason. */
export type Budget = (signal: AbortSignal) => Promise<void>;

/** `burst` at once, then `perSecond`. Measured on a clock that nobody can set. */
export function budgetOf(perSecond: number, burst: number): Budget {
  let left = burst;
  let filledAtMs = performance.now();
  return async (signal) => {
    const nowMs = performance.now();
    left = Math.min(burst, left + ((nowMs - filledAtMs) / 1000) * perSecond);
    filledAtMs = nowMs;
    left -= 1;
    if (left < 0) await sleep((-left / perSecond) * 1000, undefined, { signal });
    else signal.throwIfAborted();
  };
}
