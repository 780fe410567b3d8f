// What can go wrong between an app and Slack: too many requests, an answer that is lost after the message was stored,
// silence, a 5xx, an error of Slack's own. Each mishap is announced beforehand and happens so often as it says.

export type Mishap = {
  method: string;
  /** Only in this channel. */
  channel?: string;
  /** How often; 1. */
  times?: number;
} & (
  | { is: 'rate-limited'; seconds: number }
  /** The connection breaks after Slack has done what was asked, or before. */
  | { is: 'answer-lost'; done: boolean }
  /** No answer at all, until the app gives up; Slack has done what was asked, or not. */
  | { is: 'silent'; done: boolean }
  | { is: 'status'; status: number; done?: boolean }
  | { is: 'error'; error: string; done?: boolean }
);

export function createMishaps() {
  const planned: (Mishap & { left: number })[] = [];
  return {
    plan(mishap: Mishap): void {
      planned.push({ ...mishap, left: mishap.times ?? 1 });
    },
    clear(): void {
      planned.length = 0;
    },
    /** The mishap that befalls this call, if any. */
    next(method: string, channel: string): Mishap | undefined {
      const found = planned.find(
        (one) => one.left > 0 && one.method === method && (one.channel === undefined || one.channel === channel),
      );
      if (found) found.left -= 1;
      return found;
    },
  };
}

export type Mishaps = ReturnType<typeof createMishaps>;
