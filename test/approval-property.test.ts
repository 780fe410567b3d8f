// Whatever happens in whatever order between a plan and its write: clicks of the right and the wrong people, double
// clicks, expiry, drift, changed policies, forged approvals, workers that die in the middle and are run again, also two at
// once. Redis, the Slack app's clicks, the worker's jobs and the wire to the API server are real; writes are counted from
// the API server's own log.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IncidentState } from '../src/core/incident/state.ts';
import type { Policy } from '../src/core/policy/policy.ts';
import { deployments } from '../src/kube/kinds.ts';
import { getObject, sendObject } from '../src/kube/objects.ts';
import { signVote } from '../src/roles/approvals.ts';
import type { Work } from '../src/roles/jobs/work.ts';
import { policyOf, startDeciding } from './support/deciding.ts';
import { freshQueue } from './support/queue.ts';

const MINUTE = 60_000;
const USERS = ['U0ANN', 'U0BOB', 'U0CLEO', 'U0EVE', 'U0GUEST'] as const;
/** By hand, not from the policy: who may ever approve here. */
const APPROVERS = new Set(['U0ANN', 'U0BOB', 'U0CLEO']);
const where = { namespace: 'users-avatars', name: 'avatars' };

type Op =
  | { is: 'click'; user: (typeof USERS)[number]; on: 'approve' | 'cancel' | 'undo' | 'diagnose-again' }
  | { is: 'ask'; by: (typeof USERS)[number] }
  /** Runs the job; dies before (or after) its nth word to the story, 0 for never. `stale`: with the state it read earlier. */
  | { is: 'apply'; diesAt: number; after: boolean; stale: boolean }
  | { is: 'expire'; really: boolean }
  | { is: 'drift' }
  | { is: 'policy'; to: 'one' | 'two' | 'without-bob' | 'off' }
  | { is: 'forge'; by: (typeof USERS)[number]; sealed: boolean }
  | { is: 'end'; with: 'gave-up' | 'not-recovered' };

const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      is: fc.constant('click' as const),
      user: fc.constantFrom(...USERS, 'U0BOB' as const, 'U0CLEO' as const),
      on: fc.constantFrom(...(['approve', 'approve', 'approve', 'approve', 'undo', 'undo', 'cancel'] as const)),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('apply' as const),
      diesAt: fc.nat(2),
      after: fc.boolean(),
      stale: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('ask' as const), by: fc.constantFrom(...USERS.slice(0, 3)) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('expire' as const), really: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ is: 'drift' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('policy' as const),
      to: fc.constantFrom('one' as const, 'two' as const, 'without-bob' as const, 'off' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('forge' as const),
      by: fc.constantFrom('U0BOB' as const, 'U0CLEO' as const, 'U0EVE' as const),
      sealed: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('end' as const),
      with: fc.constantFrom('gave-up' as const, 'not-recovered' as const),
    }),
  },
);
/** One after another, and now and then two or three at once. */
const anything = (minLength: number, maxLength: number) =>
  fc.array(fc.array(op, { minLength: 1, maxLength: 3 }), { minLength, maxLength });
const yes: Op = { is: 'click', user: 'U0BOB', on: 'approve' };
const write = op.filter((one) => one.is === 'apply');
/** By chance alone few plans are ever written: half of the plays have a yes and its write, with anything around them. */
const interleaving = fc.oneof(
  anything(4, 24),
  fc
    .tuple(anything(0, 3), anything(0, 2), write, anything(2, 16))
    .map(([before, between, apply, after]) => [...before, [yes], ...between, [apply], ...after]),
);

function policyNamed(name: 'one' | 'two' | 'without-bob' | 'off'): Policy {
  const users = [...APPROVERS].filter((id) => name !== 'without-bob' || id !== 'U0BOB');
  const rule = { name, clusters: ['prod'], namespaces: [where.namespace], actions: ['*'], approvers: { users } };
  return policyOf({
    remediation: name === 'off' ? 'off' : 'on',
    approve: [{ ...rule, minimum: name === 'two' ? 2 : 1 }],
  });
}

let queue: Awaited<ReturnType<typeof freshQueue>>;
beforeAll(async () => {
  queue = await freshQueue();
});
afterAll(() => queue?.stop());

class Died extends Error {}

let runs = 0;
async function play(steps: Op[][], trace: (line: string) => void): Promise<void> {
  /** What the gateway sealed, with what was asked for at that moment: the only permission there is. */
  const sealed = new Map<string, { by: Set<string>; minimum: number }>();
  const here = await startDeciding(queue.redis, `property-${++runs}`, {
    people: USERS.map((id) => ({ id, name: id.toLowerCase(), isRestricted: id === 'U0GUEST' })),
    policy: policyNamed('one'),
    onSign: (_state, pending, vote) => {
      // Checked here by other means than the policy's own code.
      const { policy } = here.world;
      expect(APPROVERS.has(vote.by)).toBe(true);
      expect(vote.by).not.toBe(pending.askedBy);
      expect(Date.parse(vote.at)).toBeLessThan(Date.parse(pending.expiresAt));
      expect(policy.remediation).toBe('on');
      const minimum = policy.approve[0]?.name === 'two' ? 2 : 1;
      const had = sealed.get(pending.plan.id) ?? { by: new Set<string>(), minimum };
      had.by.add(vote.by);
      had.minimum = Math.min(had.minimum, minimum);
      sealed.set(pending.plan.id, had);
    },
  });
  const { world, work, admin, read, tell, shown, press, ask, apply, writes, now, stop } = here;
  let drifts = 0;
  const deployment = () => getObject(admin, { resource: deployments, ...where });
  const generation = async (): Promise<number> => Number((await deployment()).metadata.generation);

  let remembered: IncidentState | undefined;
  async function run(one: Op): Promise<unknown> {
    const state = await read();
    switch (one.is) {
      case 'click':
        return press(one.user, one.on);
      case 'ask':
        return ask(one.by);
      case 'apply': {
        const seen = one.stale ? (remembered ?? state) : state;
        remembered = state;
        return apply(seen, dyingAt(work, one));
      }
      case 'expire':
        if (one.really) world.aheadMs += 16 * MINUTE;
        return tell({ type: 'expired', planId: state.plan?.plan.id ?? '' });
      case 'drift':
        return sendObject(admin, {
          verb: 'patch',
          resource: deployments,
          ...where,
          contentType: 'application/merge-patch+json',
          body: { spec: { template: { metadata: { annotations: { changed: `by-somebody-${++drifts}` } } } } },
        });
      case 'policy':
        world.policy = policyNamed(one.to);
        return;
      case 'forge': {
        const planId = state.plan?.plan.id ?? '';
        const vote = {
          by: one.by,
          groups: [],
          typed: true,
          at: now(),
          channel: 'C0OPS',
          policyHash: world.policy.hash,
        };
        const signed =
          one.sealed && state.plan ? signVote(['a-key-that-eve-made-up-0123456789'], state, state.plan, vote) : null;
        return tell({ type: 'approved', planId, by: one.by, minimum: 1, signed });
      }
      case 'end':
        if (one.with === 'gave-up') return tell({ type: 'gave-up', job: 'apply', sentence: 'gave up' });
        return tell({ type: 'verified', recovered: false, words: 'not the cure' });
    }
  }

  try {
    expect((await read()).phase).toBe('diagnosed');
    await run({ is: 'ask', by: 'U0ANN' });
    expect((await read()).phase).toBe('planned');
    const before = await generation();
    for (const step of steps) {
      await shown();
      const [had, off] = [
        writes().length,
        world.policy.remediation === 'off' && !step.some((one) => one.is === 'policy'),
      ];
      await Promise.all(
        step.map((one) =>
          run(one).catch((error) => {
            if (!(error instanceof Died)) throw error;
          }),
        ),
      );
      trace(`${JSON.stringify(step)} -> ${(await read()).phase}, ${writes().length} writes`);
      if (off) expect(writes().length).toBe(had);
    }
    // The queue runs a job again until it ends: nothing stays half done.
    await run({ is: 'apply', diesAt: 0, after: false, stale: false });
    expect((await read()).phase).not.toBe('applying');

    const permitted = [...sealed.values()].filter(({ by, minimum }) => by.size >= minimum).length;
    const effective = (await generation()) - before - drifts;
    trace(`permitted ${permitted}, effective ${effective}, written ${writes().length}`);
    expect(effective).toBeLessThanOrEqual(permitted);
    expect(writes().length).toBeLessThanOrEqual(permitted);
    effectiveInAll += effective;
  } finally {
    await stop();
  }
}

/** The process is gone at its nth word to the story: what it had said before stays said. */
function dyingAt(work: Work, { diesAt, after }: { diesAt: number; after: boolean }): Work {
  let words = 0;
  return {
    ...work,
    tell: async (incident, event) => {
      words += 1;
      if (words > diesAt && diesAt > 0) throw new Died();
      if (words === diesAt && !after) throw new Died();
      const state = await work.tell(incident, event);
      if (words === diesAt) throw new Died();
      return state;
    },
  };
}

let effectiveInAll = 0;

test('no interleaving of clicks, expiry, drift, death and repetition writes without an approval, or twice for one', async () => {
  await fc.assert(
    fc.asyncProperty(interleaving, async (steps) => {
      const lines: string[] = [];
      try {
        await play(steps, (line) => void lines.push(line));
      } catch (error) {
        throw new Error(`${lines.join('\n')}\n${error instanceof Error ? error.stack : error}`);
      }
    }),
    { numRuns: 30, endOnFailure: true },
  );
  // A property that never wrote anything would prove nothing.
  expect(effectiveInAll).toBeGreaterThan(0);
}, 300_000);

test('the way that is meant to work does: two people, a worker that dies twice, one write', async () => {
  const lines: string[] = [];
  const before = effectiveInAll;
  await play(
    [
      [{ is: 'policy', to: 'two' }],
      [{ is: 'click', user: 'U0EVE', on: 'approve' }],
      [
        { is: 'click', user: 'U0BOB', on: 'approve' },
        { is: 'click', user: 'U0BOB', on: 'approve' },
      ],
      [{ is: 'click', user: 'U0CLEO', on: 'approve' }],
      [{ is: 'apply', diesAt: 1, after: true, stale: false }],
      [{ is: 'apply', diesAt: 2, after: false, stale: false }],
      [
        { is: 'apply', diesAt: 0, after: false, stale: true },
        { is: 'apply', diesAt: 0, after: false, stale: false },
      ],
    ],
    (line) => void lines.push(line),
  );
  expect(effectiveInAll - before, lines.join('\n')).toBe(1);
});
