// The Bolt app: acknowledges at once, checks who asks, and translates commands and clicks. It decides nothing else.

import {
  App,
  type BlockAction,
  type ButtonAction,
  type RespondFn,
  SocketModeReceiver,
  type StaticSelectAction,
} from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import type { Request } from '../core/request.ts';
import { covers, namespaceRefused, readScope } from './access.ts';
import { readCareModal } from './care-modals.ts';
import { click } from './clicks.ts';
import { readCommand, USAGE } from './command.ts';
import { historyMessage } from './history.ts';
import { readModal } from './modals.ts';
import { mrkdwn } from './mrkdwn.ts';
import type { Ports } from './ports.ts';
import { tell, tellFormatted } from './tell.ts';

export interface SlackSettings {
  mode: 'socket' | 'http';
  botToken: string;
  appToken: string;
  signingSecret: string;
  host: string;
  port: number;
  apiUrl: string;
}

export interface SlackApp {
  client: WebClient;
  /** Our own workspace. */
  teamId: string;
  /** Where links to messages lead, such as https://acme.slack.com/. */
  url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The connection to Slack is taken up again for as long as that takes; the usual client gives up and ends the process. */
const PATIENT = { timeout: 10_000, retryConfig: { retries: 1_000_000, factor: 1.5, maxTimeout: 30_000 } };

function socketReceiver(settings: SlackSettings, ports: Ports): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken: settings.appToken,
    logger: ports.boltLogger,
    installerOptions: { clientOptions: { ...PATIENT, slackApiUrl: settings.apiUrl } },
  });
}

/** Reads are retried a little; posts go through the queue, which has patience of its own. */
const CLIENT = { timeout: 8_000, retryConfig: { retries: 1 }, rejectRateLimitedCalls: true };

export async function createSlackApp(settings: SlackSettings, ports: Ports): Promise<SlackApp> {
  const socket = settings.mode === 'socket';
  const app = new App({
    token: settings.botToken,
    ...(socket
      ? { socketMode: true, receiver: socketReceiver(settings, ports) }
      : { signingSecret: settings.signingSecret }),
    clientOptions: { ...CLIENT, slackApiUrl: settings.apiUrl },
    logger: ports.boltLogger,
    deferInitialization: true,
  });
  await app.init();
  const identity = await app.client.auth.test();
  const teamId = String(identity.team_id ?? '');

  app.command('/crashloop', async ({ command, ack, respond, client }) => {
    await ack();
    const delivery = `command-${command.trigger_id}`;
    await guarded(respond, ports, async () => {
      const who = { user: command.user_id, channel: command.channel_id, teamId };
      if (command.team_id !== teamId) return tell(respond, 'Only members of this workspace may use Loopbreaker.');
      const scope = await readScope(client, ports.policy(), who);
      if (!scope.allowed) return tell(respond, scope.sentence);
      const parsed = readCommand(command.text, { clusters: [...scope.value.keys()] });
      if (parsed.is === 'help') return tellFormatted(respond, USAGE);
      if (parsed.is === 'wrong') return tellFormatted(respond, `${mrkdwn(parsed.sentence)}\n${USAGE}`);
      if (parsed.is === 'history') {
        const { cluster, namespace } = parsed.ask;
        const asked = cluster === '' ? [...scope.value.keys()] : [cluster];
        if (namespace !== '' && !asked.some((alias) => covers(scope.value, alias, [namespace])))
          return tell(respond, namespaceRefused(ports.policy()));
        const answers = await ports.history(parsed.ask, scope.value);
        await respond({ response_type: 'ephemeral', replace_original: false, ...historyMessage(answers, parsed.ask) });
        return;
      }
      const allowedNamespaces = scope.value.get(parsed.wanted.cluster) ?? [];
      if (parsed.wanted.namespace !== '' && !covers(scope.value, parsed.wanted.cluster, [parsed.wanted.namespace]))
        return tell(respond, namespaceRefused(ports.policy()));
      const request: Request = {
        wanted: { ...parsed.wanted, allowedNamespaces },
        place: { teamId, channel: command.channel_id },
        by: { kind: 'user', id: command.user_id },
        deliveryId: delivery,
        said: command.text.slice(0, 600),
      };
      await ports.ask(request);
    });
  });

  app.action<BlockAction>(/.*/, async ({ ack, action, body, respond, client }) => {
    await ack();
    const value =
      action.type === 'button' ? (action as ButtonAction).value : (action as StaticSelectAction).selected_option?.value;
    await guarded(respond, ports, () =>
      click({
        value: value ?? '',
        user: body.user.id,
        userTeam: body.user.team_id ?? body.team?.id ?? '',
        channel: body.channel?.id ?? '',
        messageTs: body.message?.ts ?? '',
        teamId,
        triggerId: body.trigger_id,
        client,
        ports,
        respond,
      }),
    );
  });

  app.view(/.*/, async ({ ack, body, view, client }) => {
    await ack();
    const read = readCareModal(view) ?? readModal(view);
    if (!read) return;
    const { origin, entered } = read;
    // A modal has no message of its own to answer in: what there is to say is said beside the plan.
    const respond = (async (answer: { text?: string }) =>
      client.chat.postEphemeral({ channel: origin.channel, user: body.user.id, text: answer.text ?? '' })) as RespondFn;
    const userTeam = body.user.team_id ?? body.team?.id ?? '';
    const who = { user: body.user.id, userTeam, teamId, triggerId: '', client, ports, respond };
    await guarded(respond, ports, () => click({ ...origin, ...who, entered }));
  });

  app.error(async (error) => ports.log.error({ code: error.code }, 'a Slack event could not be handled'));

  return {
    client: app.client,
    teamId,
    url: String(identity.url ?? ''),
    start: async () => {
      if (socket) await app.start();
      else await app.start({ port: settings.port, host: settings.host });
    },
    stop: async () => {
      await app.stop();
    },
  };
}

/** Whatever goes wrong after the acknowledgement is told to the person who asked, in one sentence. */
async function guarded(respond: RespondFn, ports: Ports, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    ports.log.error(
      { error: error instanceof Error ? error.message : String(error) },
      'a request from Slack could not be handled',
    );
    await tell(respond, ports.sentenceFor(error)).catch(() => {});
  }
}
