// Whatever happens in whatever order between a plan and its write: clicks of the right and the wrong people, double
// clicks, expiry, drift, changed policies, forged approvals, workers that die in the middle and are run again, also two at
// once. Redis, the Slack app's clicks, the worker's jobs and the wire to the API server are real; writes are counted from
// the API server's own log.

import { WebClient } from '@slack/web-api';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buttonValue, offersOf } from '../src/core/incident/offers.ts';
import { planMessage } from '../src/core/incident/plan-messages.ts';
import type { IncidentEvent, IncidentState, SignedVote } from '../src/core/incident/state.ts';
import { policyFile } from '../src/core/policy/file.ts';
import { type Policy, policyFrom } from '../src/core/policy/policy.ts';
import { startCluster } from '../src/demo/cluster/cluster.ts';
import { demoAccess } from '../src/demo/recordings.ts';
import { startSlack } from '../src/demo/slack/server.ts';
import { openCluster } from '../src/kube/clusters.ts';
import { deployments } from '../src/kube/kinds.ts';
import { getObject, sendObject } from '../src/kube/objects.ts';
import { createStories } from '../src/queue/story.ts';
import { proofOf, signVote } from '../src/roles/approvals.ts';
import { applyJob } from '../src/roles/jobs/apply.ts';
import { diagnoseJob } from '../src/roles/jobs/diagnose.ts';
import { planJob } from '../src/roles/jobs/plan.ts';
import type { Work } from '../src/roles/jobs/work.ts';
import { boltLogger, createLog } from '../src/roles/log.ts';
import { JOBS, STORY } from '../src/roles/story.ts';
import { click } from '../src/slack/clicks.ts';
import type { Ports } from '../src/slack/ports.ts';
import { KEY, request } from './support/audited.ts';
import { folderOf } from './support/cluster.ts';
import { freshQueue } from './support/queue.ts';

const MINUTE = 60_000;
const USERS = ['U0ANN', 'U0BOB', 'U0CLEO', 'U0EVE', 'U0GUEST'] as const;
/** By hand, not from the policy: who may ever approve here. */
const APPROVERS = new Set(['U0ANN', 'U0BOB', 'U0CLEO']);
const where = { namespace: 'users-avatars', name: 'avatars' };
const log = createLog('silent', 'test');

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
const interleaving = fc.array(fc.array(op, { minLength: 1, maxLength: 3 }), { minLength: 4, maxLength: 24 });

function policyNamed(name: 'one' | 'two' | 'without-bob' | 'off'): Policy {
  const users = [...APPROVERS].filter((id) => name !== 'without-bob' || id !== 'U0BOB');
  const file = policyFile.parse({
    version: 1,
    remediation: name === 'off' ? 'off' : 'on',
    read: [{ channel: 'C0OPS', clusters: ['prod'], namespaces: ['*'] }],
    approve: [
      {
        name,
        clusters: ['prod'],
        namespaces: [where.namespace],
        actions: ['*'],
        approvers: { users },
        minimum: name === 'two' ? 2 : 1,
      },
    ],
  });
  const defaults = { remediation: true, expiresAfterSeconds: 900, memoryFactor: 4, memoryBytes: 2 ** 33, own: [] };
  return policyFrom(file, defaults, { read: '', approve: '', remediation: '' });
}

let queue: Awaited<ReturnType<typeof freshQueue>>;
beforeAll(async () => {
  queue = await freshQueue();
});
afterAll(() => queue?.stop());

class Died extends Error {}

let runs = 0;
async function startWorld() {
  const double = await startCluster({
    recordings: [folderOf('bad-rollout-env-removed')],
    clockSpeed: 4,
    access: { worker: demoAccess() },
  });
  const slack = await startSlack({
    mode: 'socket',
    botToken: 'xoxb-test',
    appToken: 'xapp-test',
    signingSecret: 'shhh',
    commands: [],
    users: USERS.map((id) => ({ id, name: id.toLowerCase(), isRestricted: id === 'U0GUEST' })),
    channels: [{ id: 'C0OPS', name: 'ops' }],
  });
  const kubeconfig = JSON.stringify(double.kubeconfigFile);
  const cluster = openCluster({ alias: 'prod', kubeconfig, context: 'worker' });
  const admin = openCluster({ alias: 'admin', kubeconfig, context: 'admin' });
  const client = new WebClient('xoxb-test', { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  const stop = async () => {
    await cluster.close();
    await admin.close();
    await slack.stop();
    await double.stop();
  };
  return { double, cluster, admin, client, stop };
}

async function play(steps: Op[][], trace: (line: string) => void): Promise<void> {
  const { double, cluster, admin, client, stop } = await startWorld();
  const id = `property-${++runs}`;
  let aheadMs = 0;
  let policy = policyNamed('one');
  let drifts = 0;
  /** What the gateway sealed, with what was asked for at that moment: the only permission there is. */
  const sealed = new Map<string, { by: Set<string>; minimum: number }>();
  const now = (): string => new Date(Date.now() + aheadMs).toISOString();
  const stories = createStories<IncidentState, IncidentEvent, never>(queue.redis, STORY as never, {
    jobs: JOBS,
    clock: () => new Date(now()),
    prove: (hash) => proofOf([KEY], hash),
  });
  const read = async (): Promise<IncidentState> => (await stories.read(id))!.state;
  const tell = async (event: IncidentEvent): Promise<IncidentState> => (await stories.transition(id, event)).state;
  const work: Work = {
    clusters: new Map([['prod', cluster]]),
    config: {
      limits: { memoryFactorMax: 4, memoryBytesMax: 2 ** 33 },
      secretKeyNames: [],
      steadySeconds: 2,
      storms: { workloads: 3, waitSeconds: 900, perMinute: 10 },
      approvalKeys: [KEY],
    },
    policy: () => policy,
    keep: () => {},
    tell: (_, event) => tell(event),
    incidents: stories,
    storms: stories as never,
    log,
  };
  const ports: Ports = {
    ask: () => Promise.reject(new Error('nothing is asked')),
    read: async () => read(),
    tell: (_, event) => tell(event),
    sentenceFor: String,
    policy: () => policy,
    history: async () => [],
    sign: (state, pending, vote): SignedVote => {
      // Checked here by other means than the policy's own code.
      expect(APPROVERS.has(vote.by)).toBe(true);
      expect(vote.by).not.toBe(pending.askedBy);
      expect(Date.parse(vote.at)).toBeLessThan(Date.parse(pending.expiresAt));
      expect(policy.remediation).toBe('on');
      const minimum = policy.approve[0]?.name === 'two' ? 2 : 1;
      const had = sealed.get(pending.plan.id) ?? { by: new Set<string>(), minimum };
      had.by.add(vote.by);
      had.minimum = Math.min(had.minimum, minimum);
      sealed.set(pending.plan.id, had);
      return signVote([KEY], state, pending, vote);
    },
    now,
    log,
    boltLogger: boltLogger(log),
  };

  const writes = () =>
    double
      .requests()
      .filter((r) => ['PATCH', 'DELETE', 'POST'].includes(r.method) && r.user.endsWith(':worker'))
      .filter((r) => !r.path.includes('selfsubject') && r.query.dryRun === undefined && r.status < 300);
  const deployment = () => getObject(admin, { resource: deployments, ...where });
  const generation = async (): Promise<number> => Number((await deployment()).metadata.generation);

  let remembered: IncidentState | undefined;
  async function run(one: Op): Promise<void> {
    const state = await read();
    switch (one.is) {
      case 'click': {
        const offer = offersOf(state).find((o) => o.is === one.on);
        if (!offer) return;
        return click({
          value: buttonValue(state, offer),
          user: one.user,
          userTeam: 'T0DEMO',
          channel: 'C0OPS',
          messageTs: ['approve', 'reject', 'cancel'].includes(one.on) ? `1.${state.plan?.number}` : '1.0',
          teamId: 'T0DEMO',
          triggerId: '',
          client,
          ports,
          respond: async () => undefined as never,
        });
      }
      case 'ask': {
        const asked = await tell({ type: 'plan-wanted', action: 'rollback', by: one.by });
        return planJob(work, asked, { action: 'rollback', by: one.by }, new AbortController().signal);
      }
      case 'apply': {
        const seen = one.stale ? (remembered ?? state) : state;
        remembered = state;
        return applyJob(dyingAt(work, one), seen, seen.plan?.plan.id ?? '');
      }
      case 'expire':
        if (one.really) aheadMs += 16 * MINUTE;
        return void (await tell({ type: 'expired', planId: state.plan?.plan.id ?? '' }));
      case 'drift':
        await sendObject(admin, {
          verb: 'patch',
          resource: deployments,
          ...where,
          contentType: 'application/merge-patch+json',
          body: { spec: { template: { metadata: { annotations: { changed: `by-somebody-${++drifts}` } } } } },
        });
        return;
      case 'policy':
        policy = policyNamed(one.to);
        return;
      case 'forge': {
        const planId = state.plan?.plan.id ?? '';
        const vote = { by: one.by, groups: [], typed: true, at: now(), channel: 'C0OPS', policyHash: policy.hash };
        const signed =
          one.sealed && state.plan ? signVote(['a-key-that-eve-made-up-0123456789'], state, state.plan, vote) : null;
        return void (await tell({ type: 'approved', planId, by: one.by, minimum: 1, signed }));
      }
      case 'end':
        if (one.with === 'gave-up') return void (await tell({ type: 'gave-up', job: 'apply', sentence: 'gave up' }));
        return void (await tell({ type: 'verified', recovered: false, words: 'not the cure' }));
    }
  }

  try {
    await stories.transition(id, { type: 'asked', id, request });
    await tell({ type: 'posted', message: 'card', ts: '1.0' });
    await diagnoseJob(work, await read(), new AbortController().signal);
    expect((await read()).phase).toBe('diagnosed');
    await run({ is: 'ask', by: 'U0ANN' });
    expect((await read()).phase).toBe('planned');
    const before = await generation();
    for (const step of steps) {
      const { plan } = await read();
      if (plan) await tell({ type: 'posted', message: planMessage(plan), ts: `1.${plan.number}` });
      const [had, off] = [writes().length, policy.remediation === 'off' && !step.some((one) => one.is === 'policy')];
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
}, 60_000);
