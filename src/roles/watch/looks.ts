// When to look: soon after a change, many changes in one look, and every second for what time alone changes.

const AFTER_MS = 20;
const EVERY_MS = 1_000;

export interface Looks {
  soon(): void;
  /** Resolves when it is time, and when the signal ends everything. */
  next(): Promise<void>;
}

export function looksUntil(signal: AbortSignal): Looks {
  let due = false;
  let wake = (): void => {};
  let soonTimer: NodeJS.Timeout | undefined;
  const now = (): void => {
    clearTimeout(soonTimer);
    soonTimer = undefined;
    due = true;
    wake();
  };
  signal.addEventListener('abort', now);
  return {
    soon: () => {
      soonTimer ??= setTimeout(now, AFTER_MS);
    },
    next: async () => {
      if (!due)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, EVERY_MS);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      due = false;
    },
  };
}
