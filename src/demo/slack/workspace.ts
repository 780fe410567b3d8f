// The double's memory: who is there, what was said, which modals are open. Every change is announced, so that the page
// and the terminal show the same conversation. Ephemeral messages and modals belong to one person and to nobody else.

import { EventEmitter } from 'node:events';
import type { Fields } from './block-rules.ts';
import type { Block, Change, Channel, Message, Person, UserGroup, View } from './types.ts';

export type WorkspaceOptions = {
  users: Person[];
  channels: Channel[];
  userGroups?: UserGroup[];
  appName?: string;
  teamName?: string;
  /** Milliseconds since the epoch; tests may turn the clock. */
  now?: () => number;
};

export type Workspace = ReturnType<typeof createWorkspace>;

export const SLACKBOT = 'USLACKBOT';

export function createWorkspace(options: WorkspaceOptions) {
  const now = options.now ?? Date.now;
  const announcer = new EventEmitter().setMaxListeners(0);
  const team = { id: 'T0DEMO', name: options.teamName ?? 'Demo', domain: 'demo' };
  const bot = { userId: 'U0BOT', botId: 'B0BOT', appId: 'A0APP', name: options.appName ?? 'Loopbreaker' };
  const users = new Map<string, Person>(options.users.map((user) => [user.id, user]));
  users.set(bot.userId, { id: bot.userId, name: bot.name.toLowerCase(), realName: bot.name, isBot: true });
  users.set(SLACKBOT, { id: SLACKBOT, name: 'slackbot', realName: 'Slackbot', isBot: true });
  const channels = new Map<string, Channel>(options.channels.map((channel) => [channel.id, channel]));
  const messages: Message[] = [];
  const views = new Map<string, View[]>();
  let lastTsMicros = 0;
  let lastId = 0;

  const announce = (change: Change) => {
    announcer.emit('change', change);
  };

  return {
    team,
    bot,
    users,
    channels,
    userGroups: options.userGroups ?? [],
    messages,
    /** Open modals, per person, the one on top last. */
    views,
    now,
    announce,

    /** Calls back at every change until the returned function is called. */
    listen(listener: (change: Change) => void): () => void {
      announcer.on('change', listener);
      return () => announcer.off('change', listener);
    },

    /** A fresh message timestamp: never the same twice, always growing. */
    nextTs(): string {
      lastTsMicros = Math.max(lastTsMicros + 1, now() * 1000);
      const seconds = Math.floor(lastTsMicros / 1_000_000);
      return `${seconds}.${String(lastTsMicros % 1_000_000).padStart(6, '0')}`;
    },

    nextId(prefix: string): string {
      lastId += 1;
      return `${prefix}${lastId.toString(36).toUpperCase().padStart(6, '0')}`;
    },

    members(channel: Channel): string[] {
      const people = channel.members ?? options.users.filter((user) => !user.deleted).map((user) => user.id);
      return channel.botIsMember === false ? people : [...people, bot.userId];
    },

    find(channel: string, ts: string): Message | undefined {
      return messages.find((message) => message.channel === channel && message.ts === ts);
    },

    /** What one person sees in a channel, or, without a person, what everybody sees. Replies included. */
    visible(channel: string, user?: string): Message[] {
      return messages.filter(
        (message) => message.channel === channel && (!message.ephemeralFor || message.ephemeralFor === user),
      );
    },

    post(message: Omit<Message, 'ts'>): Message {
      const posted = { ...message, ts: this.nextTs() };
      messages.push(posted);
      announce({ type: 'posted', message: posted });
      return posted;
    },

    update(message: Message, change: Partial<Message>): void {
      Object.assign(message, change);
      announce({ type: 'updated', message });
    },

    /** A parent with replies leaves a tombstone, everything else is gone. */
    remove(message: Message): void {
      const hasReplies = messages.some((other) => other.threadTs === message.ts && other.channel === message.channel);
      if (hasReplies) {
        this.update(message, { deleted: true, text: 'This message was deleted.', blocks: [], user: SLACKBOT });
        return;
      }
      messages.splice(messages.indexOf(message), 1);
      announce({ type: 'deleted', message });
    },

    /** Slackbot's private remark, e.g. that a command did not answer. */
    whisper(channel: string, user: string, text: string): Message {
      return this.post({ channel, user: SLACKBOT, text, blocks: [], ephemeralFor: user });
    },
  };
}

/** Slack names every block and every interactive element that the app left unnamed. */
export function withIds(blocks: unknown[]): Block[] {
  const name = () => Math.random().toString(36).slice(2, 7);
  const named = (element: unknown): unknown => {
    const fields = element as Fields;
    const passive = ['image', 'plain_text', 'mrkdwn'].includes(String(fields.type));
    return passive ? fields : { action_id: name(), ...fields };
  };
  return (blocks as Fields[]).map((block) => {
    const copy: Fields = { block_id: name(), ...block };
    if (copy.type === 'actions') copy.elements = (copy.elements as unknown[]).map(named);
    if (copy.accessory) copy.accessory = named(copy.accessory);
    if (copy.type === 'input') copy.element = named(copy.element);
    return copy as Block;
  });
}
