// The Bolt app: notes what somebody did, then acknowledges it, then carries it out. Invariant: what Slack saw acknowledged
// is carried out, or whoever did it is told why not, whichever gateway dies when.

import {
  App,
  type BlockAction,
  type ButtonAction,
  type RespondFn,
  type StaticSelectAction,
  type ViewSubmitAction,
} from '@slack/bolt';
import type { WebClient } from '@slack/web-api';
import { readCareModal } from './care-modals.ts';
import { type At, carryOut } from './carry-out.ts';
import { bounded, type Gesture } from './gesture.ts';
import { readModal } from './modals.ts';
import { withMentions } from './mrkdwn.ts';
import type { Notes, Ports } from './ports.ts';
import { receiverFor } from './receivers.ts';
import { tell } from './tell.ts';

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
  /** What a gateway noted and did not finish. False when it is to be tried again. */
  carryOut(gesture: Gesture): Promise<boolean>;
  /** It is not to be carried out any more: whoever did it is told. */
  letGo(gesture: Gesture): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Reads are retried a little; posts go through the queue, which has patience of its own. */
const CLIENT = { timeout: 8_000, retryConfig: { retries: 1 }, rejectRateLimitedCalls: true };

export async function createSlackApp(settings: SlackSettings, ports: Ports, notes: Notes): Promise<SlackApp> {
  const app = new App({
    token: settings.botToken,
    receiver: receiverFor(settings, ports),
    clientOptions: { ...CLIENT, slackApiUrl: settings.apiUrl },
    logger: ports.boltLogger,
    deferInitialization: true,
  });
  await app.init();
  const identity = await app.client.auth.test();
  const teamId = String(identity.team_id ?? '');
  const at = (respond: RespondFn): At => ({ client: app.client, teamId, ports, passes: notes.passes, respond });
  const quietly = (gesture: Gesture): RespondFn => answeringBeside(app.client, gesture);

  interface Taking {
    ack: () => Promise<void>;
    /** Acknowledges, and says that nothing was noted and what cures it. */
    refuse: (sentence: string) => Promise<void>;
    respond: RespondFn;
  }

  async function take(found: Gesture, { ack, refuse, respond }: Taking): Promise<void> {
    const gesture = bounded(found);
    const noted = await notes.note(gesture).catch(async (error: unknown) => {
      ports.log.error({ error: String(error), gesture: gesture.id }, 'a request from Slack could not be noted');
      await refuse(ports.sentenceFor(error));
    });
    if (!noted) return;
    await ack().catch(() => {}); // Slack has hung up; it is noted all the same
    if (noted.before) return;
    if (await carryOut(gesture, at(respond))) await noted.over();
  }

  app.command('/crashloop', ({ command, ack, respond }) => {
    const gesture: Gesture = {
      is: 'command',
      id: `command-${command.trigger_id}`,
      at: ports.now(),
      user: command.user_id,
      userTeam: command.team_id,
      channel: command.channel_id,
      text: command.text ?? '',
    };
    const refuse = (sentence: string) => ack({ response_type: 'ephemeral', text: withMentions(sentence) });
    return take(gesture, { ack, refuse, respond });
  });

  app.action<BlockAction>(/.*/, ({ ack, action, body, respond }) => {
    const value =
      action.type === 'button' ? (action as ButtonAction).value : (action as StaticSelectAction).selected_option?.value;
    const gesture: Gesture = {
      is: 'click',
      id: `click-${body.trigger_id}`,
      at: ports.now(),
      user: body.user.id,
      userTeam: body.user.team_id ?? body.team?.id ?? '',
      channel: body.channel?.id ?? '',
      messageTs: body.message?.ts ?? '',
      value: value ?? '',
      triggerId: body.trigger_id,
    };
    // A press is acknowledged without a word, so the word comes first.
    const refuse = (sentence: string) => tell(respond, sentence).then(() => ack());
    return take(gesture, { ack, refuse, respond });
  });

  app.view<ViewSubmitAction>(/.*/, ({ ack, body, view }) => {
    const read = readCareModal(view) ?? readModal(view);
    if (!read) return ack();
    const gesture: Gesture = {
      is: 'click',
      id: `modal-${body.trigger_id || `${view.id}-${view.hash}`}`,
      at: ports.now(),
      user: body.user.id,
      userTeam: body.user.team_id ?? body.team?.id ?? '',
      ...read.origin,
      triggerId: '',
      entered: read.entered,
    };
    // The modal stays open with what was typed.
    const block = view.blocks.find(({ type }) => type === 'input')?.block_id ?? '';
    const refuse = (sentence: string) => ack({ response_action: 'errors', errors: { [block]: sentence } });
    return take(gesture, { ack: () => ack(), refuse, respond: quietly(gesture) });
  });

  app.error(async (error) => ports.log.error({ code: error.code }, 'a Slack event could not be handled'));

  return {
    client: app.client,
    teamId,
    url: String(identity.url ?? ''),
    carryOut: (gesture) => carryOut(gesture, at(quietly(gesture))),
    letGo: (gesture) => tell(quietly(gesture), LET_GO),
    start: async () => {
      if (settings.mode === 'socket') await app.start();
      else await app.start({ port: settings.port, host: settings.host });
    },
    stop: async () => {
      await app.stop();
    },
  };
}

const LET_GO = 'I was away when you pressed or asked, and have not done it. Do it again, if you still want it.';

/** Beside the message, where there is no response URL: a modal has none, and those of a press are not kept. */
function answeringBeside(client: WebClient, { channel, user }: Gesture): RespondFn {
  return (async ({ text = '', blocks }: { text?: string; blocks?: never[] }) =>
    client.chat.postEphemeral({ channel, user, text, ...(blocks ? { blocks } : {}) })) as RespondFn;
}
