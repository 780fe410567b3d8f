// From a plan to its write with everything between real: Redis, what the gateway does with a click, what the worker does
// with a job, and the wire to Slack and to the API server. The steps are taken by whoever calls, in any order.

import type { ActionId } from '../../src/core/action-id.ts';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import { buttonValue, offersOf } from '../../src/core/incident/offers.ts';
import { planMessage } from '../../src/core/incident/plan-messages.ts';
import type { IncidentState } from '../../src/core/incident/state.ts';
import { policyFile } from '../../src/core/policy/file.ts';
import { type Policy, policyFrom } from '../../src/core/policy/policy.ts';
import type { Choice } from '../../src/core/report.ts';
import { startCluster } from '../../src/demo/cluster/cluster.ts';
import { demoAccess } from '../../src/demo/recordings.ts';
import type { Person, UserGroup } from '../../src/demo/slack/types.ts';
import { openCluster } from '../../src/kube/clusters.ts';
import { Later } from '../../src/queue/errors.ts';
import type { RedisConnections } from '../../src/queue/redis.ts';
import { createStories } from '../../src/queue/story.ts';
import { proofOf, sealsWith } from '../../src/roles/approvals.ts';
import { applyJob } from '../../src/roles/jobs/apply.ts';
import { diagnoseJob } from '../../src/roles/jobs/diagnose.ts';
import { planJob } from '../../src/roles/jobs/plan.ts';
import type { Work } from '../../src/roles/jobs/work.ts';
import { JOBS, STORY } from '../../src/roles/story.ts';
import { click } from '../../src/slack/clicks.ts';
import type { Entered } from '../../src/slack/modals.ts';
import type { Ports } from '../../src/slack/ports.ts';
import { KEY, request } from './audited.ts';
import { folderOf } from './cluster.ts';
import { portsOver, silent, slackOf } from './slack-ports.ts';

/** `file` as a policy file without its version. */
export function policyOf(file: object): Policy {
  const read = [{ channel: 'C0OPS', clusters: ['prod'], namespaces: ['*'] }];
  const defaults = { remediation: true, expiresAfterSeconds: 900, memoryFactor: 4, memoryBytes: 2 ** 33, own: [] };
  return policyFrom(policyFile.parse({ version: 1, read, ...file }), defaults, {
    read: 'R',
    approve: 'A',
    remediation: 'off',
  });
}

interface Options {
  recording?: string;
  people: Person[];
  userGroups?: UserGroup[];
  policy: Policy;
  /** Sees what the gateway is about to seal. */
  onSign?: (...what: Parameters<Ports['sign']>) => void;
}

const DECISIONS = ['approve', 'reject', 'cancel'];

export async function startDeciding(
  redis: RedisConnections,
  id: string,
  { recording = 'bad-rollout-env-removed', people, userGroups = [], policy, onSign }: Options,
) {
  const double = await startCluster({
    recordings: [folderOf(recording)],
    clockSpeed: 4,
    access: { worker: demoAccess() },
  });
  const { slack, client } = await slackOf({ users: people, userGroups, channels: [{ id: 'C0OPS', name: 'ops' }] });
  const kubeconfig = JSON.stringify(double.kubeconfigFile);
  const cluster = openCluster({ alias: 'prod', kubeconfig, context: 'worker' });
  const admin = openCluster({ alias: 'admin', kubeconfig, context: 'admin' });
  /** What may change at any moment: the policy, and the clock by so many ms. */
  const world = { policy, aheadMs: 0 };
  const now = (): string => new Date(Date.now() + world.aheadMs).toISOString();
  const stories = createStories<IncidentState, IncidentEvent, never>(redis, STORY as never, {
    jobs: JOBS,
    clock: () => new Date(now()),
    prove: (hash) => proofOf([KEY], hash),
  });
  const work: Work = {
    clusters: new Map([['prod', cluster]]),
    config: {
      limits: { memoryFactorMax: 4, memoryBytesMax: 2 ** 33 },
      secretKeyNames: [],
      steadySeconds: 2,
      storms: { workloads: 3, waitSeconds: 900, perMinute: 10 },
      approvalKeys: [KEY],
    },
    now: () => Date.parse(now()),
    policy: () => world.policy,
    keep: () => {},
    tell: async (incident, event) => (await stories.transition(incident, event)).state,
    incidents: stories,
    briefs: async () => [],
    storms: stories as never,
    log: silent,
  };
  const seals = sealsWith([KEY]);
  const ports = portsOver(stories, {
    policy: () => world.policy,
    ...seals,
    sign: (...what) => {
      onSign?.(...what);
      return seals.sign(...what);
    },
    now,
  });

  /** Somebody has asked about the workload, and it is diagnosed. */
  async function incident(id: string) {
    const read = async (): Promise<IncidentState> => (await stories.read(id))!.state;
    const tell = (event: IncidentEvent): Promise<IncidentState> => work.tell(id, event);

    /** Notes that the message of the plan stands in Slack. */
    async function shown(): Promise<void> {
      const { plan } = await read();
      if (plan) await tell({ type: 'posted', message: planMessage(plan), ts: `1.${plan.number}` });
    }

    /** What this person alone is told about it, "" when nothing. */
    async function press(user: string, on: string, how: { entered?: Entered; value?: string; ts?: string } = {}) {
      const state = await read();
      const offer = offersOf(state).find((one) => one.is === on);
      if (!offer && !how.value) return '';
      const told: string[] = [];
      await click({
        value: how.value ?? buttonValue(state, offer!),
        user,
        userTeam: 'T0DEMO',
        channel: 'C0OPS',
        messageTs: how.ts ?? (DECISIONS.includes(on) ? `1.${state.plan?.number}` : '1.0'),
        teamId: 'T0DEMO',
        triggerId: '',
        client,
        ports,
        ...(how.entered ? { entered: how.entered } : {}),
        respond: async (answer) => {
          told.push(typeof answer === 'string' ? answer : (answer.text ?? ''));
          return undefined as never;
        },
      });
      return told.join('\n');
    }

    /** Asks for a plan, and makes it. */
    async function ask(by: string, action: ActionId = 'rollback', choice?: Choice): Promise<IncidentState> {
      const asked = { action, by, ...(choice ? { choice } : {}) };
      const sealed = { ...asked, seal: seals.sealAsk(id, asked) };
      await planJob(work, await tell({ type: 'plan-wanted', ...sealed }), sealed, new AbortController().signal);
      await shown();
      return read();
    }

    /** Runs the job once, or again when it asks for that, with the state as it is or as it was read before. */
    async function apply(seen?: IncidentState, as: Work = work): Promise<IncidentState> {
      const state = seen ?? (await read());
      try {
        await applyJob(as, state, state.plan?.plan.id ?? '');
      } catch (error) {
        if (!(error instanceof Later)) throw error;
        await new Promise((done) => setTimeout(done, 50));
        return apply(seen, as);
      }
      return read();
    }

    await stories.transition(id, { type: 'asked', id, request });
    await tell({ type: 'posted', message: 'card', ts: '1.0' });
    await diagnoseJob(work, await read(), new AbortController().signal);

    return { id, read, tell, shown, press, ask, apply };
  }

  return {
    ...(await incident(id)),
    /** Another one about the same workload. */
    incident,
    world,
    work,
    stories,
    admin,
    slack,
    now,
    /** What was written, from the API server's own log. */
    writes: () =>
      double
        .requests()
        .filter((r) => ['PATCH', 'DELETE', 'POST'].includes(r.method) && r.user.endsWith(':worker'))
        .filter((r) => !r.path.includes('selfsubject') && r.query.dryRun === undefined && r.status < 300),
    stop: async () => {
      await cluster.close();
      await admin.close();
      await slack.stop();
      await double.stop();
    },
  };
}
