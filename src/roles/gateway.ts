// The gateway: Slack and alert webhooks in, messages out. It has no cluster credentials.

import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Effect } from '../core/incident/state.ts';
import { GiveUp, Later } from '../queue/errors.ts';
import { connect } from '../queue/redis.ts';
import { startWorker } from '../queue/worker.ts';
import { createSlackApp } from '../slack/app.ts';
import { createPoster } from '../slack/post.ts';
import { startAlerts } from './alerts.ts';
import { signVote } from './approvals.ts';
import { intake } from './intake.ts';
import { boltLogger, type Log } from './log.ts';
import { startPolicy } from './policy.ts';
import { sentenceFor } from './sentences.ts';
import { JOBS, openStories } from './story.ts';
import type { RunningRole } from './worker.ts';

/** A message that Slack does not take for so long is given up and logged. */
const POST_WITHIN_MS = 24 * 3_600_000;

export async function startGatewayRole(config: Config, log: Log): Promise<RunningRole> {
  const redis = await connect(config.redisUrl, { onProblem: (sentence) => log.warn(sentence) });
  const { stories, totals, close } = openStories(redis, config.approvalKeys, log);
  const policy = startPolicy(config, log);
  const slack = await createSlackApp(config.slack, {
    ask: async (request) => {
      const id = incidentIdFor(request.deliveryId);
      await stories.transition(id, { type: 'asked', id, request }, { delivery: request.deliveryId });
    },
    read: async (incident) => (await stories.read(incident))?.state,
    tell: async (incident, event, delivery) =>
      (await stories.transition(incident, event, delivery ? { delivery } : {})).state,
    sentenceFor,
    policy: policy.current,
    sign: (state, pending, vote) => signVote(config.approvalKeys, state, pending, vote),
    now: () => new Date().toISOString(),
    log,
    boltLogger: boltLogger(log),
  });
  const poster = createPoster(slack.client, {
    get someoneMayApprove() {
      return policy.current().approve.length > 0;
    },
    get remediation() {
      return policy.current().remediation === 'on';
    },
  });
  const posts = startWorker<Effect>(redis, {
    queue: 'gateway',
    jobs: JOBS,
    concurrency: 16,
    handlers: {
      post: async ({ incident, effect }, { ageMs }) => {
        const stored = await stories.read(incident);
        if (!stored || effect.job !== 'post') return;
        const result = await poster.post(stored.state, effect.message, stored);
        if (result.is === 'later' && ageMs > POST_WITHIN_MS) throw new GiveUp('Slack did not take it for a day');
        if (result.is === 'later') throw new Later(result.afterMs);
        if (result.is === 'posted')
          await stories.transition(incident, { type: 'posted', message: effect.message, ts: result.ts });
        if (result.is === 'refused')
          log.error({ incident, message: effect.message, why: result.why }, 'Slack does not take a message');
      },
    },
    onFailedForGood: async ({ incident, effect }, error) => {
      log.error(
        { incident, job: effect.job, error: error instanceof Error ? error.message : String(error) },
        'a message could not be posted',
      );
    },
    onProblem: (sentence) => log.warn(sentence),
  });
  await slack.start();
  const { webhook } = config;
  const clusters = config.clusters.map(({ alias }) => alias);
  const alerts =
    webhook &&
    (await startAlerts({
      webhook,
      redis,
      totals,
      take: intake({ clusters, ...webhook, teamId: slack.teamId, policy: policy.current, stories }),
      log,
    }));
  log.info({ mode: config.slack.mode, webhook: alerts?.port ?? null }, 'gateway is ready');
  return {
    stop: async () => {
      policy.close();
      await alerts?.stop();
      await slack.stop();
      await posts.close();
      await close();
      await redis.close();
    },
  };
}

/** The same delivery is the same incident, however often Slack sends it. */
function incidentIdFor(deliveryId: string): string {
  return createHash('sha256').update(deliveryId).digest('base64url').slice(0, 22);
}
