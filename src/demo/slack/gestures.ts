// What every gesture of a person shares: who may be where, and the parts that each interaction payload has.

import type { Fields } from './block-rules.ts';
import type { createEvents } from './events.ts';
import type { ResponseTarget, Triggers } from './triggers.ts';
import type { Channel, Delivery, Person } from './types.ts';
import type { Workspace } from './workspace.ts';

export type Outcome = { ok: true } | { ok: false; reason: string; errors?: Record<string, string> };

export type GestureContext = {
  workspace: Workspace;
  triggers: Triggers;
  delivery: Delivery;
  events: ReturnType<typeof createEvents>;
  /** The app's slash commands, with their slash. */
  commands: string[];
  /** Events that the app subscribed to. */
  subscriptions: string[];
  /** Where response URLs live, e.g. `http://127.0.0.1:4000`. */
  origin: () => string;
};

/** The parts that every interaction payload has. */
export function interaction({ workspace, triggers }: GestureContext, user: Person): Fields {
  return {
    token: 'verification-token',
    team: { id: workspace.team.id, domain: workspace.team.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId ?? workspace.team.id },
    api_app_id: workspace.bot.appId,
    enterprise: null,
    is_enterprise_install: false,
    trigger_id: triggers.issueTrigger(user.id),
  };
}

/** The person, who must be able to be there: not removed, and a member of the channel. */
export function person(workspace: Workspace, id: string, channel?: Channel): Person {
  const user = workspace.users.get(id);
  if (!user || user.deleted) throw new Error(`there is no active user ${id}`);
  if (channel && !workspace.members(channel).includes(id)) throw new Error(`${id} is not in #${channel.name}`);
  return user;
}

/** The channel and the person in it. */
export function place(workspace: Workspace, channelId: string, userId: string): { channel: Channel; user: Person } {
  const channel = workspace.channels.get(channelId);
  if (!channel) throw new Error(`there is no channel ${channelId}`);
  return { channel, user: person(workspace, userId, channel) };
}

export function responseUrl({ origin, triggers }: GestureContext, target: ResponseTarget): string {
  return origin() + triggers.issueResponse(target);
}
