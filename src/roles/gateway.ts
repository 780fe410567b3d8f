// The gateway: Slack and alert webhooks in, messages out. It has no cluster credentials.

import { createHash } from 'node:crypto';
import type { Config } from '../config.ts';
import { historyIn } from '../queue/history.ts';
import { createSlackApp } from '../slack/app.ts';
import { createPostClient } from '../slack/send.ts';
import { startAlerts } from './alerts.ts';
import { brokenKind } from './already-broken.ts';
import { sealsWith } from './approvals.ts';
import { answerHistory } from './history.ts';
import { intake } from './intake.ts';
import { boltLogger, type Log } from './log.ts';
import { openNotes } from './noting.ts';
import { startPolicy } from './policy.ts';
import { startPosts } from './posts.ts';
import { openRedis } from './redis.ts';
import { sentenceFor } from './sentences.ts';
import { openStories } from './story.ts';
import type { RunningRole } from './worker.ts';

export async function startGatewayRole(config: Config, log: Log): Promise<RunningRole> {
  const redis = await openRedis(config, log);
  const { stories, storms, totals, close } = openStories(redis, config.approvalKeys, log);
  const history = historyIn(redis);
  const policy = startPolicy(config, log);
  const notes = openNotes(redis, config.approvalKeys, log);
  const slack = await createSlackApp(
    config.slack,
    {
      ask: async (request) => {
        const id = incidentIdFor(request.deliveryId);
        await stories.transition(id, { type: 'asked', id, request }, { delivery: request.deliveryId });
      },
      read: async (incident) => (await stories.read(incident))?.state,
      storm: async (id) => (await storms.read(id))?.state,
      history: (question, readable) => answerHistory(history, question, readable, redis.now()),
      tell: async (incident, event, delivery) =>
        (await stories.transition(incident, event, delivery ? { delivery } : {})).state,
      sentenceFor,
      policy: policy.current,
      ...sealsWith(config.approvalKeys),
      now: () => new Date(redis.now()).toISOString(),
      log,
      boltLogger: boltLogger(log),
    },
    notes,
  );
  const posts = startPosts(redis, {
    stories,
    storms,
    client: createPostClient(config.slack, boltLogger(log)),
    card: {
      workspaceUrl: slack.url,
      get someoneMayApprove() {
        return policy.current().approve.length > 0;
      },
      get remediation() {
        return policy.current().remediation === 'on';
      },
    },
    kinds: brokenKind(redis),
    log,
  });
  await slack.start();
  notes.start(slack);
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
      await notes.close();
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
