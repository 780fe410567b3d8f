// One attempt at one job, without BullMQ: is it this effect's turn, run the handler within its time, and decide what
// becomes of it. Invariant: `over` is answered only after the story has heard of it.

import { setTimeout as pause } from 'node:timers/promises';
import type { Effects } from './effects.ts';
import { type Envelope, type JobEffect, type JobKinds, readEnvelope } from './envelope.ts';
import { GiveUp, Later, QueueUnavailable } from './errors.ts';

export interface JobContext {
  /** Aborted when the time is up, the process shuts down, or another worker has taken the job over. */
  signal: AbortSignal;
  /** 1 for the first try. */
  attempt: number;
  /** Since the job entered its queue. */
  ageMs: number;
}

/** Safe to run twice. Throws Later or GiveUp, or anything else to be tried again. */
export type Handler<Effect> = (envelope: Envelope<Effect>, context: JobContext) => Promise<void>;

export interface AttemptSettings<Effect extends JobEffect> {
  jobs: JobKinds;
  /** By kind of job. */
  handlers: { [job: string]: Handler<Effect> };
  /** Called again until it resolves: from then on the story knows that this effect will not happen. */
  onFailedForGood: (envelope: Envelope<Effect>, error: unknown) => Promise<void>;
  schemaVersion?: number;
  /** One sentence for the log. */
  onProblem?: (sentence: string) => void;
}

export interface Attempt {
  data: unknown;
  attempt: number;
  lastAttempt: boolean;
  /** Workers that died while they were at it. */
  deaths: number;
  /** By Redis' clock. */
  nowMs: number;
  stop: AbortController;
  /** Aborted because this process ends. */
  leaving: () => boolean;
}

export type Ending =
  | { kind: 'done' }
  | { kind: 'again'; afterMs: number } // uses up no attempt
  | { kind: 'retry'; error: unknown }
  | { kind: 'over'; error: unknown };

const mostDeaths = 5;
/** Sooner it may only be one of many that were at work while somebody killed workers. */
const SUSPECT_AFTER_MS = 5 * 60_000;
const graceMs = 1_000;
const EARLY_MS = 1_000;
const done: Ending = { kind: 'done' };
const again = (afterMs: number): Ending => ({ kind: 'again', afterMs });

export async function runAttempt<Effect extends JobEffect>(
  { data, attempt, lastAttempt, deaths, nowMs, stop, leaving }: Attempt,
  effects: Effects,
  { jobs, handlers, onFailedForGood, schemaVersion = 1, onProblem = () => {} }: AttemptSettings<Effect>,
): Promise<Ending> {
  let envelope: Envelope<Effect>;
  let handedMs: number | undefined;
  try {
    ({ handedMs, ...envelope } = readEnvelope<Effect>(data, schemaVersion));
  } catch (error) {
    onProblem(error instanceof Error ? error.message : String(error));
    return error instanceof TypeError ? { kind: 'over', error } : again(30_000); // a newer worker will take it
  }
  const { job, delayMs = 0 } = envelope.effect;
  const ageMs = Math.max(0, nowMs - (handedMs ?? nowMs));
  // A clock that was set brings it too early.
  if (handedMs !== undefined && delayMs - ageMs > EARLY_MS) return again(delayMs - ageMs);
  const handler = Object.hasOwn(handlers, job) ? handlers[job] : undefined;
  if (!handler) {
    onProblem(`This process has no handler for the job ${job}; another one has to take it.`);
    return again(5_000);
  }

  try {
    const turn = await effects.begin(envelope);
    if (turn === 'done') return done;
    if (turn === 'wait') return again(500);
    const isYoung = handedMs !== undefined && ageMs - delayMs < SUSPECT_AFTER_MS;
    if (deaths > mostDeaths && !isYoung) throw new GiveUp(`its worker died ${deaths} times while doing it`);
    const timeoutMs = jobs[job]?.timeoutMs ?? 120_000;
    await within(timeoutMs, stop, handler(envelope, { signal: stop.signal, attempt, ageMs }));
    await finishSurely(effects, envelope, stop.signal);
    return done;
  } catch (error) {
    if (error instanceof Later) return again(error.afterMs);
    if (error instanceof QueueUnavailable) return again(1_000); // says nothing about the job
    if (leaving()) return again(0);
    if (!lastAttempt && !(error instanceof GiveUp)) return { kind: 'retry', error };
    try {
      await onFailedForGood(envelope, error);
      await effects.finish(envelope);
    } catch (trouble) {
      onProblem(
        `That ${job} failed could not be noted (${trouble instanceof Error ? trouble.name : trouble}). Trying again.`,
      );
      return again(5_000);
    }
    return { kind: 'over', error };
  }
}

/** Aborts after timeoutMs, and waits for a handler that was aborted only a moment longer. */
async function within(timeoutMs: number, stop: AbortController, handling: Promise<void>): Promise<void> {
  const { signal } = stop;
  const timer = setTimeout(() => stop.abort(new Error(`it did not end within ${timeoutMs / 1_000} s`)), timeoutMs);
  let grace: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const overdue = new Promise<never>((_, reject) => {
    onAbort = () => {
      grace = setTimeout(() => reject(signal.reason), graceMs);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  try {
    await Promise.race([handling, overdue]);
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    signal.removeEventListener('abort', onAbort);
  }
}

/** What a handler has done is worth waiting for Redis, so that it is not done twice. */
async function finishSurely(effects: Effects, envelope: Envelope<unknown>, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await effects.finish(envelope);
    } catch (error) {
      if (!(error instanceof QueueUnavailable) || signal.aborted) throw error;
      await pause(500);
    }
  }
}
