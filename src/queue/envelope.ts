// What travels from a transition through the outbox and BullMQ to a handler. Invariant: ids only, a few hundred bytes;
// whoever needs content reads the incident.

import { z } from 'zod';
import { refuseNewer } from './errors.ts';

/** What a story may ask to be done. Other fields are ids that the handler needs. */
export interface JobEffect {
  /** A name in the table of job kinds. */
  job: string;
  /** Not before this long after the transition. */
  delayMs?: number;
}

export interface Envelope<Effect = JobEffect> {
  schemaVersion: number;
  incident: string;
  /** Counts the incident's effects from 1 without a gap. */
  seq: number;
  effect: Effect;
  /** Milliseconds since 1970, by Redis' clock, at which it was handed to its queue. */
  handedMs?: number;
}

/** How each kind of job is done. */
export interface JobKind {
  /** The BullMQ queue: which role does it. */
  queue: string;
  /** Ordered jobs of one incident run one after another, by seq; a waiting or retried one holds back those after it. */
  ordered?: boolean;
  /** Tries before it fails for good; 5. */
  attempts?: number;
  /** First pause between tries, doubled each time, half of it random; 1,000. */
  backoffMs?: number;
  /** A handler that takes longer is told to stop and counts as one failed try; 120,000. */
  timeoutMs?: number;
}

export type JobKinds = Record<string, JobKind>;

export const jobId = ({ incident, seq }: Envelope<unknown>) => `${incident}-${seq}`;

const shape = z.object({
  schemaVersion: z.int().min(1),
  incident: z.string().regex(/^[\w.-]{1,64}$/),
  seq: z.int().min(1),
  handedMs: z.number().optional(),
  effect: z.looseObject({ job: z.string().min(1), delayMs: z.number().min(0).optional() }),
});

const longest = 4_096;

export function writeEnvelope(envelope: Envelope<unknown>): string {
  const text = JSON.stringify(envelope);
  const checked = shape.safeParse(envelope);
  if (!checked.success) throw new TypeError(`An effect cannot become a job: ${z.prettifyError(checked.error)}`);
  if (text.length > longest) {
    throw new TypeError(
      `An effect of ${text.length} bytes cannot become a job of ${longest}: put ids in it, not content.`,
    );
  }
  return text;
}

/** @throws TypeError when it is no envelope, QueueUnreadable when a newer process wrote it. */
export function readEnvelope<Effect>(value: unknown, knownSchema: number): Envelope<Effect> {
  const envelope = shape.safeParse(value);
  if (!envelope.success) throw new TypeError('A job in the queue is not of my form; nothing can be done with it.');
  refuseNewer(`Job ${jobId(envelope.data)}`, envelope.data.schemaVersion, knownSchema);
  return envelope.data as Envelope<Effect>;
}
