// chat.*: posting, editing, deleting. As in Slack, posting twice posts twice; only the bot's own messages can be edited;
// ephemeral messages cannot be found again by any of these.

import type { Fields } from './block-rules.ts';
import { flag, newContent, readContent } from './content.ts';
import { SlackRefusal } from './refusal.ts';
import type { Channel, Message } from './types.ts';
import type { Workspace } from './workspace.ts';

/** Slack refuses longer texts in chat.update than in chat.postMessage. */
const UPDATE_TEXT_MAX = 4_000;

export function channelOf(workspace: Workspace, args: Fields): Channel {
  const id = String(args.channel ?? '');
  const channel = workspace.channels.get(id) ?? directWith(workspace, id);
  if (!channel) throw new SlackRefusal('channel_not_found');
  return channel;
}

/** Somebody's id stands for the conversation with them. */
function directWith(workspace: Workspace, user: string): Channel | undefined {
  if (!workspace.users.has(user)) return undefined;
  const id = `D${user.slice(1)}`;
  const channel = workspace.channels.get(id) ?? { id, name: user, isPrivate: true, members: [user] };
  workspace.channels.set(id, channel);
  return channel;
}

function writableChannel(workspace: Workspace, args: Fields): Channel {
  const channel = channelOf(workspace, args);
  // A bot that is not in a private channel does not even learn that it exists.
  if (channel.botIsMember === false) throw new SlackRefusal(channel.isPrivate ? 'channel_not_found' : 'not_in_channel');
  if (channel.isArchived) throw new SlackRefusal('is_archived');
  return channel;
}

/** The parent's ts. A reply is no parent, an ephemeral message cannot be answered. */
function threadOf(workspace: Workspace, channel: string, args: Fields): string | undefined {
  if (args.thread_ts === undefined || args.thread_ts === null || args.thread_ts === '') return undefined;
  const parent = workspace.find(channel, String(args.thread_ts));
  if (!parent || parent.ephemeralFor) throw new SlackRefusal('thread_not_found');
  if (parent.threadTs) throw new SlackRefusal('cannot_reply_to_message');
  return parent.ts;
}

function ownMessage(workspace: Workspace, args: Fields, refusal: string): Message {
  const message = workspace.find(channelOf(workspace, args).id, String(args.ts ?? ''));
  if (!message || message.ephemeralFor || message.deleted) throw new SlackRefusal('message_not_found');
  if (message.user !== workspace.bot.userId) throw new SlackRefusal(refusal);
  return message;
}

/** The message as Slack returns it. */
export function wireMessage(workspace: Workspace, message: Message): Fields {
  const { bot, team } = workspace;
  const byBot = message.user === bot.userId;
  return {
    type: 'message',
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    user: message.user,
    ...(byBot ? { bot_id: bot.botId, app_id: bot.appId } : {}),
    team: team.id,
    ts: message.ts,
    text: message.text,
    ...(message.blocks.length ? { blocks: message.blocks } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.edited ? { edited: message.edited } : {}),
    ...(message.metadata ? { metadata: message.metadata } : {}),
  };
}

export function postMessage(workspace: Workspace, args: Fields): object {
  const channel = writableChannel(workspace, args);
  const content = newContent(args);
  const threadTs = threadOf(workspace, channel.id, args);
  const broadcast = threadTs !== undefined && flag(args.reply_broadcast);
  const message = workspace.post({ channel: channel.id, user: workspace.bot.userId, ...content, threadTs, broadcast });
  return { channel: channel.id, ts: message.ts, message: wireMessage(workspace, message) };
}

export function postEphemeral(workspace: Workspace, args: Fields): object {
  const channel = writableChannel(workspace, args);
  const user = String(args.user ?? '');
  if (!workspace.users.has(user)) throw new SlackRefusal('user_not_found');
  if (!workspace.members(channel).includes(user)) throw new SlackRefusal('user_not_in_channel');
  const content = newContent(args);
  const threadTs = threadOf(workspace, channel.id, args);
  const message = workspace.post({
    channel: channel.id,
    user: workspace.bot.userId,
    ...content,
    threadTs,
    ephemeralFor: user,
  });
  return { message_ts: message.ts };
}

/** Blocks that the call leaves out stay, unless it brings text: then the text takes their place. */
export function update(workspace: Workspace, args: Fields): object {
  const message = ownMessage(workspace, args, 'cant_update_message');
  const content = readContent(args, UPDATE_TEXT_MAX);
  if (!content.text && !content.blocks) throw new SlackRefusal('no_text');
  const blocks = content.blocks ?? (content.text ? [] : message.blocks);
  const text = content.text ?? message.text;
  if (!text && blocks.length === 0) throw new SlackRefusal('no_text');
  // Slack shows "(edited)" only where text was edited, not blocks.
  const edited = content.blocks?.length ? message.edited : { user: workspace.bot.userId, ts: workspace.nextTs() };
  workspace.update(message, { text, blocks, edited, metadata: content.metadata ?? message.metadata });
  return { channel: message.channel, ts: message.ts, text, message: wireMessage(workspace, message) };
}

export function remove(workspace: Workspace, args: Fields): object {
  const message = ownMessage(workspace, args, 'cant_delete_message');
  workspace.remove(message);
  return { channel: message.channel, ts: message.ts };
}

export function getPermalink(workspace: Workspace, args: Fields): object {
  const channel = channelOf(workspace, args);
  const message = workspace.find(channel.id, String(args.message_ts ?? ''));
  if (!message || message.ephemeralFor) throw new SlackRefusal('message_not_found');
  const base = `https://${workspace.team.domain}.slack.com/archives/${channel.id}/p${message.ts.replace('.', '')}`;
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
  return { channel: channel.id, permalink: `${base}${thread}` };
}
