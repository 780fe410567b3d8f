// The ways in which the queue says no, and the two ways in which a job handler does. Every message of the first three is
// a sentence for the person who asked or who runs the bot: what is wrong, and what cures it.

/** Redis cannot be used now. `cause` and `where` are for the log; the message may be shown in Slack. */
export class QueueUnavailable extends Error {
  override name = 'QueueUnavailable';
  /** True when the request had left and no answer came: it may have been carried out. */
  readonly maybeDone: boolean;

  constructor(message: string, { maybeDone = false, cause }: { maybeDone?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.maybeDone = maybeDone;
  }
}

/** Redis answers, but must not be used as it is configured: eviction, version, permissions, URL. */
export class QueueMisconfigured extends Error {
  override name = 'QueueMisconfigured';
}

/** Something in Redis cannot be trusted or understood, so nothing is changed: a newer schema, a broken journal. */
export class QueueUnreadable extends Error {
  override name = 'QueueUnreadable';
}

export function refuseNewer(what: string, found: number, known: number): void {
  if (found <= known) return;
  throw new QueueUnreadable(
    `${what} was written by a newer Loopbreaker (schema ${found}; this one knows up to ${known}). ` +
      'I left it as it is: upgrade this process.',
  );
}

/** Thrown by a handler: run this job again after a while. It uses up no attempt. */
export class Later extends Error {
  override name = 'Later';
  readonly afterMs: number;

  constructor(afterMs: number) {
    super(`again in ${afterMs} ms`);
    this.afterMs = Math.max(0, Math.min(afterMs, 86_400_000));
  }
}

/** Thrown by a handler: trying again cannot help. */
export class GiveUp extends Error {
  override name = 'GiveUp';
}
