// The incident's story as the queue tells it, and which queue does which work. Gateway and worker share this table.

import { z } from 'zod';
import type { Effect } from '../core/incident/effects.ts';
import type { IncidentEvent } from '../core/incident/events.ts';
import { isOver, whole } from '../core/incident/life.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { step } from '../core/incident/step.ts';
import type { StormEffect, StormEvent, StormState } from '../core/storm/state.ts';
import { stormStep } from '../core/storm/step.ts';
import type { JobKinds } from '../queue/envelope.ts';
import { createQueues } from '../queue/jobs.ts';
import { stormKeys } from '../queue/keys.ts';
import type { RedisConnections } from '../queue/redis.ts';
import { startRelay } from '../queue/relay.ts';
import { createStories } from '../queue/story.ts';
import { totalsIn } from '../queue/totals.ts';
import { proofOf, type SealKeys } from './approvals.ts';
import { type Brief, briefFrom, briefOf } from './brief.ts';
import { countedAs } from './counted.ts';
import type { Log } from './log.ts';

export const JOBS = {
  // Needs the cluster.
  diagnose: { queue: 'worker', attempts: 3, timeoutMs: 60_000 },
  plan: { queue: 'worker', attempts: 2, timeoutMs: 60_000 },
  apply: { queue: 'worker', attempts: 5, timeoutMs: 60_000 },
  verify: { queue: 'worker', attempts: 20, timeoutMs: 60_000 },
  expire: { queue: 'worker' },
  recheck: { queue: 'worker', attempts: 3, timeoutMs: 60_000 },
  settle: { queue: 'worker', attempts: 10 },
  join: { queue: 'worker', attempts: 10 },
  leave: { queue: 'worker', attempts: 10 },
  check: { queue: 'worker', attempts: 10 },
  gather: { queue: 'worker', attempts: 10 },
  'storm-due': { queue: 'worker', attempts: 10 },
  unmute: { queue: 'worker' },
  'clean-up': { queue: 'worker', attempts: 20 },
  // Needs Slack. Posts of one incident keep their order.
  post: { queue: 'gateway', ordered: true, attempts: 10 },
} satisfies JobKinds;

export const STORY = {
  step: (state: IncidentState | null, event: IncidentEvent, now: string) => {
    const after = step(state, event, now);
    return { ...after, closed: isOver(after.state) };
  },
};

export const STORMS = {
  step: (state: StormState | null, event: StormEvent, now: string) => {
    const after = stormStep(state, event, now);
    return { ...after, closed: !after.state.takes };
  },
};

/** Events that decide nothing: their heads are not worth a line. */
const QUIET = new Set<IncidentEvent['type']>(['arrived', 'posted', 'watched', 'heard', 'looked']);

export function openStories(redis: RedisConnections, keys: SealKeys, log: Log) {
  const totals = totalsIn(redis);
  const stories = createStories<IncidentState, IncidentEvent, Effect>(redis, STORY, {
    jobs: JOBS,
    state: z.unknown().transform((stored) => whole(stored as IncidentState)),
    brief: briefOf,
    ...(keys.length > 0 ? { prove: (hash) => proofOf(keys, hash) } : {}),
    // The log is kept elsewhere than the journal, so a journal that was rewritten or cut does not fit it.
    onWritten: ({ incident, version, hash, event }) => {
      const counted = countedAs(event);
      if (counted) totals.add(...counted);
      if (!QUIET.has(event.type)) log.info({ incident, version, head: hash, event: event.type }, 'journal');
    },
  });
  const storms = createStories<StormState, StormEvent, StormEffect>({ ...redis, keys: stormKeys(redis.keys) }, STORMS, {
    jobs: JOBS,
    closedDays: 7,
    openDays: 30,
  });
  const queues = createQueues(redis, JOBS);
  const relay = startRelay(redis, queues, { onProblem: (sentence) => log.warn(sentence) });
  /** How each of these stands; undefined where there is none. */
  async function briefs(incidents: readonly string[]): Promise<(Brief | undefined)[]> {
    const found = await stories.briefs(incidents);
    const read = async (id: string) => (await stories.read(id))?.state;
    return Promise.all(found.map((one, index) => briefFrom(one, () => read(incidents[index] ?? ''))));
  }
  return {
    stories,
    briefs,
    storms,
    totals,
    close: async () => {
      await relay.close();
      await queues.close();
      await totals.close();
    },
  };
}

export type OpenStories = ReturnType<typeof openStories>;
