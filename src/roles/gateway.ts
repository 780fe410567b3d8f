// The gateway: Slack and alert webhooks in, messages out. It has no cluster credentials.

import { createHash, randomBytes } from 'node:crypto';
import type { Alerted } from '../alerts/alertmanager.ts';
import { incidentKey } from '../alerts/alertmanager.ts';
import { startAlertServer } from '../alerts/server.ts';
import type { Config } from '../config.ts';
import type { Effect } from '../core/incident/state.ts';
import { type Policy, readableFrom } from '../core/policy/policy.ts';
import { GiveUp, Later } from '../queue/errors.ts';
import { connect } from '../queue/redis.ts';
import { startWorker } from '../queue/worker.ts';
import { createSlackApp } from '../slack/app.ts';
import { createPoster } from '../slack/post.ts';
import { signVote } from './approvals.ts';
import { boltLogger, type Log } from './log.ts';
import { startPolicy } from './policy.ts';
import { sentenceFor } from './sentences.ts';
import { JOBS, type OpenStories, openStories } from './story.ts';
import type { RunningRole } from './worker.ts';

/** A message that Slack does not take for so long is given up and logged. */
const POST_WITHIN_MS = 24 * 3_600_000;

/** An incident that nothing has happened to for so long no longer swallows new alerts. */
const STALE_AFTER_MS = 12 * 3_600_000;

export async function startGatewayRole(config: Config, log: Log): Promise<RunningRole> {
  const redis = await connect(config.redisUrl, { onProblem: (sentence) => log.warn(sentence) });
  const { stories, close } = openStories(redis, config.approvalKeys, log);
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
  const alerts =
    config.webhook &&
    (await startAlerts(config, config.webhook, policy.current, stories, redis.ask, slack.teamId, log));
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

/** Unguessable, and short enough for a button's value. */
function newIncidentId(): string {
  return randomBytes(16).toString('base64url');
}

type Webhook = NonNullable<Config['webhook']>;

async function startAlerts(
  config: Config,
  webhook: Webhook,
  policy: () => Policy,
  stories: OpenStories['stories'],
  ask: (question: (client: { ping(): Promise<unknown> }) => Promise<unknown>) => Promise<unknown>,
  teamId: string,
  log: Log,
) {
  return startAlertServer({
    host: webhook.host,
    port: webhook.port,
    token: webhook.token,
    ready: () =>
      ask((client) => client.ping()).then(
        () => true,
        () => false,
      ),
    take: (alerted) => takeAlert(config, webhook, policy(), stories, teamId, alerted),
    log,
  });
}

async function takeAlert(
  config: Config,
  webhook: Webhook,
  policy: Policy,
  stories: OpenStories['stories'],
  teamId: string,
  alerted: Alerted,
): Promise<'opened' | 'known' | 'not-allowed'> {
  const cluster =
    alerted.cluster && config.clusters.some((c) => c.alias === alerted.cluster) ? alerted.cluster : webhook.cluster;
  // An alert is nobody in particular: only rules for everybody in the channel let it in.
  const allowedNamespaces = readableFrom(policy, { channel: webhook.channel, user: '' }).get(cluster) ?? [];
  if (!allowedNamespaces.includes('*') && !allowedNamespaces.includes(alerted.namespace)) return 'not-allowed';
  const { namespace, kind, name, container } = alerted;
  const key = incidentKey({ cluster, namespace, name, container });
  const id = newIncidentId();
  const request = {
    wanted: { cluster, namespace, kind, name, container, selector: '', allowedNamespaces },
    place: { teamId, channel: webhook.channel },
    by: { kind: 'alert' as const, id: 'alertmanager' },
    deliveryId: alerted.deliveryId,
    said: alerted.title,
  };
  const open = () => stories.open(key, id, { type: 'asked', id, request }, { delivery: alerted.deliveryId });
  const first = await open();
  if (first.created) return 'opened';
  const stored = await stories.read(first.incident);
  if (!stored || Date.now() - Date.parse(stored.at) < STALE_AFTER_MS) return 'known';
  await stories.close(key, first.incident);
  return (await open()).created ? 'opened' : 'known';
}
