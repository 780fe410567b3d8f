// What one person's page may know: the channels that they are in, the messages that they may see, their own modals.
// The page receives nothing else, so it cannot show anything else.

import { pings } from './pings.ts';
import type { Change, Message } from './types.ts';
import { wireView } from './view-methods.ts';
import type { Workspace } from './workspace.ts';

export type PageOptions = {
  /** Whom the page can be; the first one at the start. Default: the first two users. */
  people?: string[];
  /** Default true. False: the page is the first person and stays so. */
  canSwitch?: boolean;
  /** A line above everything, e.g. that nothing can be written. */
  banner?: string;
  /** What to try first; a click puts the text into the composer. */
  suggestions?: { text: string; note: string }[];
  /** Message shortcuts that the app registered. */
  shortcuts?: { callbackId: string; name: string }[];
};

/** The people that the page may act as. */
export function pagePeople(workspace: Workspace, options: PageOptions): string[] {
  const active = [...workspace.users.values()].filter((user) => !user.isBot && !user.deleted).map((user) => user.id);
  const people = options.people ?? active.slice(0, 2);
  return options.canSwitch === false ? people.slice(0, 1) : people;
}

function pageMessage(workspace: Workspace, message: Message, viewer: string): object {
  const found = pings(message);
  return { ...message, byBot: message.user === workspace.bot.userId, pingsMe: found.users.includes(viewer) };
}

function mayPlace(workspace: Workspace, channelId: string, viewer: string): boolean {
  const channel = workspace.channels.get(channelId);
  return channel !== undefined && workspace.members(channel).includes(viewer);
}

function pageViews(workspace: Workspace, viewer: string): object[] {
  return (workspace.views.get(viewer) ?? []).map((view) => wireView(workspace, view));
}

/** Everything, for a page that has just opened. */
export function snapshot(workspace: Workspace, options: PageOptions, commands: string[], viewer: string): object {
  const channels = [...workspace.channels.values()].filter((channel) => mayPlace(workspace, channel.id, viewer));
  const names = [...workspace.users.values()].map((user) => ({
    id: user.id,
    name: user.name,
    realName: user.realName ?? user.name,
    isBot: user.isBot === true,
  }));
  return {
    me: viewer,
    team: workspace.team.name,
    bot: { id: workspace.bot.userId, name: workspace.bot.name },
    people: pagePeople(workspace, options),
    names,
    groups: workspace.userGroups.map(({ id, handle }) => ({ id, handle })),
    channels: channels.map(({ id, name, topic, isPrivate, isExtShared }) => ({
      id,
      name,
      topic,
      isPrivate,
      isExtShared,
    })),
    messages: channels.flatMap((channel) =>
      workspace.visible(channel.id, viewer).map((message) => pageMessage(workspace, message, viewer)),
    ),
    views: pageViews(workspace, viewer),
    commands,
    banner: options.banner ?? '',
    suggestions: options.suggestions ?? [],
    shortcuts: options.shortcuts ?? [],
  };
}

/** A change as this person's page learns of it; undefined when it is none of their business. */
export function pageChange(workspace: Workspace, change: Change, viewer: string): object | undefined {
  if (change.type === 'views') {
    return change.user === viewer ? { type: 'views', views: pageViews(workspace, viewer) } : undefined;
  }
  if (change.type === 'notice') return change.user === viewer ? { type: 'notice', text: change.text } : undefined;
  const { message } = change;
  const secret = message.ephemeralFor !== undefined && message.ephemeralFor !== viewer;
  if (secret || !mayPlace(workspace, message.channel, viewer)) return undefined;
  if (change.type === 'deleted') return { type: 'deleted', channel: message.channel, ts: message.ts };
  return { type: 'message', message: pageMessage(workspace, message, viewer) };
}
