// What a person types: a slash command or a message. The acknowledgement of a command may already be the answer; no
// acknowledgement within three seconds is Slackbot's private remark, in Slack's words.

import { isObject } from './block-rules.ts';
import { type GestureContext, type Outcome, place, responseUrl } from './gestures.ts';
import { SlackRefusal } from './refusal.ts';
import { respond } from './response-url.ts';
import type { ResponseTarget } from './triggers.ts';
import type { Delivered, Message } from './types.ts';
import { SLACKBOT } from './workspace.ts';

export function createCommandGestures(context: GestureContext) {
  const { workspace, triggers, delivery, events, commands } = context;

  function applyAck(target: ResponseTarget, command: string, text: string, answer: Delivered): Outcome {
    if (!answer.ok) return answer;
    const body = typeof answer.body === 'string' ? { text: answer.body } : answer.body;
    if (!isObject(body) || (!body.text && !body.blocks && !body.response_type)) return { ok: true };
    // `in_channel` shows the command itself as well, as the person's message.
    if (body.response_type === 'in_channel') {
      workspace.post({
        channel: target.channel,
        user: target.user,
        text: escapeText(`${command} ${text}`.trim()),
        blocks: [],
      });
    }
    if (!body.text && !body.blocks) return { ok: true };
    try {
      respond(workspace, target, body);
      return { ok: true };
    } catch (error) {
      if (error instanceof SlackRefusal) return { ok: false, reason: 'invalid_command_response' };
      throw error;
    }
  }

  async function command(userId: string, channelId: string, line: string, threadTs?: string): Promise<Outcome> {
    const { channel, user } = place(workspace, channelId, userId);
    const [, name = '', text = ''] = /^(\S+)\s*([\s\S]*)$/.exec(line.trim()) ?? [];
    if (!commands.includes(name)) {
      workspace.whisper(channel.id, user.id, `\`${escapeText(name)}\` is not a valid command.`);
      return { ok: false, reason: 'unknown_command' };
    }
    if (threadTs) {
      const text = `${name} is not supported in threads. Sorry!`;
      workspace.post({ channel: channel.id, user: SLACKBOT, text, blocks: [], ephemeralFor: user.id, threadTs });
      return { ok: false, reason: 'not_supported_in_threads' };
    }
    const target: ResponseTarget = { kind: 'commands', user: user.id, channel: channel.id };
    const payload = {
      token: 'verification-token',
      team_id: workspace.team.id,
      team_domain: workspace.team.domain,
      channel_id: channel.id,
      channel_name: channel.name,
      user_id: user.id,
      user_name: user.name,
      command: name,
      text: text.trim(),
      api_app_id: workspace.bot.appId,
      is_enterprise_install: 'false',
      response_url: responseUrl(context, target),
      trigger_id: triggers.issueTrigger(user.id),
    };
    const outcome = applyAck(target, name, text, await delivery.deliver({ type: 'slash_commands', payload }));
    if (!outcome.ok) workspace.whisper(channel.id, user.id, `${name} failed with the error "${outcome.reason}"`);
    return outcome;
  }

  async function say(userId: string, channelId: string, text: string, threadTs?: string): Promise<Message> {
    const { channel, user } = place(workspace, channelId, userId);
    const wire = mentions(escapeText(text));
    const message = workspace.post({ channel: channel.id, user: user.id, text: wire, blocks: [], threadTs });
    const event = { user: user.id, text: wire, ts: message.ts, channel: channel.id, event_ts: message.ts };
    const inThread = threadTs ? { thread_ts: threadTs } : {};
    const mentioned = wire.includes(`<@${workspace.bot.userId}>`);
    if (mentioned && channel.botIsMember !== false && context.subscriptions.includes('app_mention')) {
      await events.send({ type: 'app_mention', team: workspace.team.id, ...event, ...inThread });
    }
    return message;
  }

  function mentions(text: string): string {
    return text.replace(/@([\w.-]+)/g, (whole, name) => {
      const found = [...workspace.users.values()].find((user) => user.name === name.toLowerCase());
      return found ? `<@${found.id}>` : whole;
    });
  }

  return { command, say };
}

/** Slack's client escapes exactly these three characters in what people type. */
function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
