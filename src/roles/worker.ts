// The worker: the only process with cluster credentials. It has no Slack token.

import { setMaxListeners } from 'node:events';
import type { Config } from '../config.ts';
import type { Effect } from '../core/incident/effects.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { readableOf } from '../core/policy/policy.ts';
import type { StormEffect, StormState } from '../core/storm/state.ts';
import { type Cluster, openCluster } from '../kube/clusters.ts';
import type { JobContext } from '../queue/attempt.ts';
import type { Envelope } from '../queue/envelope.ts';
import { historyIn } from '../queue/history.ts';
import { startWorker } from '../queue/worker.ts';
import { keeping } from './history.ts';
import { applyJob } from './jobs/apply.ts';
import { cleanUpJob } from './jobs/copy.ts';
import { diagnoseJob } from './jobs/diagnose.ts';
import { expireJob } from './jobs/expire.ts';
import { planJob } from './jobs/plan.ts';
import { recheckJob } from './jobs/recheck.ts';
import { verifyJob } from './jobs/verify.ts';
import type { Work } from './jobs/work.ts';
import type { Log } from './log.ts';
import { startPolicy } from './policy.ts';
import { openRedis } from './redis.ts';
import { sentenceFor } from './sentences.ts';
import { gatherJob, joinJob, leaveJob, settleJob } from './storms/jobs.ts';
import { checkJob } from './storms/joining.ts';
import { JOBS, openStories } from './story.ts';

type WorkerEffect = Effect | StormEffect;

export interface RunningRole {
  stop(): Promise<void>;
}

export async function startWorkerRole(config: Config, log: Log): Promise<RunningRole> {
  const clusters = openClusters(config);
  const policy = startPolicy(config, log, (after) => {
    for (const cluster of clusters.values()) cluster.allowedNamespaces = readableOf(after, cluster.alias);
  });
  const redis = await openRedis(config, log);
  const { stories, storms, briefs, close } = openStories(redis, config.approvalKeys, log);
  const kept = keeping(historyIn(redis), redis.now);
  const work: Work = {
    clusters,
    config,
    now: redis.now,
    policy: policy.current,
    log,
    tell: async (incident, event) => {
      const { state } = await stories.transition(incident, event);
      kept.told(state, event);
      return state;
    },
    keep: kept.read,
    incidents: stories,
    briefs,
    storms,
  };

  const on =
    <T extends Effect['job']>(
      run: (
        state: IncidentState,
        effect: Extract<Effect, { job: T }>,
        signal: AbortSignal,
        ageMs: number,
      ) => Promise<void>,
    ) =>
    async (envelope: Envelope<WorkerEffect>, { signal, ageMs }: JobContext): Promise<void> => {
      setMaxListeners(0, signal); // one diagnosis reads many things at once, each of which listens
      const stored = await stories.read(envelope.incident);
      if (stored) await run(stored.state, envelope.effect as Extract<Effect, { job: T }>, signal, ageMs);
    };
  const onStorm =
    <T extends StormEffect['job']>(
      run: (state: StormState, effect: Extract<StormEffect, { job: T }>) => Promise<void>,
    ) =>
    async (envelope: Envelope<WorkerEffect>): Promise<void> => {
      const stored = await storms.read(envelope.incident);
      if (stored) await run(stored.state, envelope.effect as Extract<StormEffect, { job: T }>);
    };

  const worker = startWorker<WorkerEffect>(redis, {
    queue: 'worker',
    jobs: JOBS,
    concurrency: 16,
    handlers: {
      diagnose: on<'diagnose'>((state, _effect, signal) => diagnoseJob(work, state, signal)),
      plan: on<'plan'>((state, effect, signal) => planJob(work, state, effect, signal)),
      apply: on<'apply'>((state, effect) => applyJob(work, state, effect.planId)),
      'clean-up': on<'clean-up'>((state, effect) => cleanUpJob(work, state, effect.planId)),
      verify: on<'verify'>((state, effect, signal) => verifyJob(work, state, effect.planId, signal)),
      recheck: on<'recheck'>((state, effect, signal) => recheckJob(work, state, effect, signal)),
      settle: on<'settle'>((state, _effect, _signal, ageMs) => settleJob(work, state, ageMs)),
      join: on<'join'>((state) => joinJob(work, state)),
      leave: on<'leave'>((state) => leaveJob(work, state)),
      check: onStorm<'check'>(async (storm) => void (await checkJob(work, storm))),
      gather: onStorm<'gather'>((storm, { member }) => gatherJob(work, storm, member)),
      'storm-due': onStorm<'storm-due'>(async ({ id }) => void (await storms.transition(id, { type: 'due' }))),
      unmute: on<'unmute'>(
        async (state, { until }) => void (await work.tell(state.id, { type: 'unmuted', by: '', until })),
      ),
      expire: on<'expire'>((state, effect) => expireJob(work, state, effect.planId)),
    },
    onFailedForGood: async ({ incident, effect }, error) => {
      log.error(
        { incident, job: effect.job, error: error instanceof Error ? error.message : String(error) },
        'a job failed for good',
      );
      // Of a storm it is a step less towards one message: each of its incidents is shown by itself.
      if (await stories.read(incident))
        await work.tell(incident, { type: 'gave-up', job: effect.job, sentence: sentenceFor(error) });
    },
    onProblem: (sentence) => log.warn(sentence),
  });
  log.info({ clusters: [...clusters.keys()] }, 'worker is ready');
  return {
    stop: async () => {
      policy.close();
      await worker.close();
      await close();
      await Promise.all([...clusters.values()].map((c) => c.close()));
      await redis.close();
    },
  };
}

function openClusters(config: Config): Map<string, Cluster> {
  return new Map(
    config.clusters.map(({ alias, context }) => [
      alias,
      openCluster({
        alias,
        ...(context === undefined ? { inCluster: true } : { context, kubeconfig: config.kubeconfig }),
        // Whatever no channel may read, the worker does not read either.
        allowNamespaces: readableOf(config.policy, alias),
      }),
    ]),
  );
}
