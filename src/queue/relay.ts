// Moves the outbox to BullMQ: take, hand over, remove. Invariant: it may die between any two of these steps; what it
// took comes back after a while, and handing over twice makes one job. Any number of relays may run at once.

import { type Envelope, type JobEffect, readEnvelope } from './envelope.ts';
import { QueueUnavailable } from './errors.ts';
import type { Queues } from './jobs.ts';
import type { RedisConnections } from './redis.ts';
import * as scripts from './scripts.ts';

export interface RelayOptions {
  schemaVersion?: number;
  /** One sentence for the log about an envelope that is left in the outbox. */
  onProblem?: (sentence: string) => void;
  /** What a relay took and did not hand over is free for others after this; 5,000. */
  takenForMs?: number;
}

export interface Relay {
  /** Looks at the outbox now; Redis nudges it as well, whoever wrote. */
  nudge(): void;
  /** Resolves when the batch at hand is handed over or Redis has refused it. */
  close(): Promise<void>;
}

const batch = 100;
const pollMs = 1_000;

export function startRelay(redis: RedisConnections, queues: Queues, options: RelayOptions = {}): Relay {
  const { schemaVersion = 1, onProblem = () => {}, takenForMs = 5_000 } = options;
  const { ask, keys } = redis;
  const told = new Set<string>();
  let nudged = false;
  let closed = false;
  let wake = () => {};

  function nudge() {
    nudged = true;
    wake();
  }

  function sleep(): Promise<void> {
    if (nudged || closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => wake(), pollMs);
      wake = () => {
        clearTimeout(timer);
        wake = () => {};
        resolve();
      };
    });
  }

  /** True when there may be more that this relay can move. */
  async function moveBatch(): Promise<boolean> {
    const due = await ask((client) => scripts.takeDue(client, [keys.outbox], [batch, takenForMs]));
    const taken = Array.isArray(due) ? due.map(String) : [];
    const strange: string[] = [];
    const moving = taken.map((text) => {
      const envelope = understood(text);
      return envelope ? move(text, envelope) : strange.push(text);
    });
    await Promise.all(moving);
    // Another relay, of another version, may understand what this one does not.
    if (strange.length > 0) await ask((client) => scripts.giveBack(client, [keys.outbox], strange));
    return taken.length === batch && strange.length < batch;
  }

  async function move(text: string, envelope: Envelope<JobEffect>): Promise<void> {
    await queues.hand(envelope);
    await ask((client) => client.zrem(keys.outbox, text));
  }

  function understood(text: string): Envelope<JobEffect> | undefined {
    let problem: string;
    try {
      const envelope = readEnvelope<JobEffect>(JSON.parse(text), schemaVersion);
      if (queues.knows(envelope.effect.job)) return envelope;
      problem = `The outbox holds a job ${envelope.effect.job} that this process does not know; a newer one has to take it.`;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
    }
    if (!told.has(problem) && told.size < 1_000) onProblem(problem);
    told.add(problem);
    return undefined;
  }

  async function run(): Promise<void> {
    while (!closed) {
      nudged = false;
      const more = await moveBatch().catch((error: unknown) => {
        // The connection tells when Redis goes and comes back; anything else is worth a line.
        if (!(error instanceof QueueUnavailable)) onProblem(`The outbox could not be moved (${error}). Trying again.`);
        nudged = false;
        return false;
      });
      if (!more) await sleep();
    }
  }

  const ear = redis.listen(keys.nudge, nudge);
  const running = run();
  return {
    nudge,
    close: async () => {
      closed = true;
      wake();
      await Promise.all([running, ear.close()]);
    },
  };
}
