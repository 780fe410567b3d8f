// Who and where: auth.test, conversations.*, users.info, usergroups.users.list. Answers hold the fields by which an app
// tells guests, strangers, deleted people and channels shared with another company from its own.

import type { Fields } from './block-rules.ts';
import { channelOf } from './chat-methods.ts';
import { flag } from './content.ts';
import { SlackRefusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

export function authTest(workspace: Workspace): object {
  const { bot, team } = workspace;
  return {
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: bot.name.toLowerCase(),
    team_id: team.id,
    user_id: bot.userId,
    bot_id: bot.botId,
    is_enterprise_install: false,
  };
}

export function conversationsInfo(workspace: Workspace, args: Fields): object {
  const channel = channelOf(workspace, args);
  const isMember = channel.botIsMember !== false;
  if (channel.isPrivate && !isMember) throw new SlackRefusal('channel_not_found');
  const isPrivate = channel.isPrivate === true;
  const isExtShared = channel.isExtShared === true;
  return {
    channel: {
      id: channel.id,
      name: channel.name,
      name_normalized: channel.name,
      is_channel: !isPrivate,
      is_group: isPrivate,
      is_im: false,
      is_mpim: false,
      is_private: isPrivate,
      is_archived: channel.isArchived === true,
      is_general: false,
      is_shared: isExtShared || channel.isShared === true,
      is_ext_shared: isExtShared,
      is_org_shared: false,
      is_pending_ext_shared: false,
      is_member: isMember,
      context_team_id: channel.contextTeamId ?? workspace.team.id,
      topic: { value: channel.topic ?? '', creator: '', last_set: 0 },
      ...(flag(args.include_num_members) ? { num_members: workspace.members(channel).length } : {}),
    },
  };
}

export function conversationsMembers(workspace: Workspace, args: Fields): object {
  const channel = channelOf(workspace, args);
  if (channel.isPrivate && channel.botIsMember === false) throw new SlackRefusal('channel_not_found');
  const limit = Number(args.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1000) throw new SlackRefusal('invalid_limit');
  const from = args.cursor ? Number(Buffer.from(String(args.cursor), 'base64').toString()) : 0;
  if (!Number.isInteger(from)) throw new SlackRefusal('invalid_cursor');
  const all = workspace.members(channel);
  const next = from + limit < all.length ? Buffer.from(String(from + limit)).toString('base64') : '';
  return { members: all.slice(from, from + limit), response_metadata: { next_cursor: next } };
}

export function usersInfo(workspace: Workspace, args: Fields): object {
  const user = workspace.users.get(String(args.user ?? ''));
  if (!user) throw new SlackRefusal('user_not_found');
  const realName = user.realName ?? user.name;
  const deleted = user.deleted === true;
  const standing = {
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.isRestricted === true || user.isUltraRestricted === true,
    is_ultra_restricted: user.isUltraRestricted === true,
    is_app_user: false,
    tz: 'Etc/UTC',
    tz_offset: 0,
  };
  return {
    user: {
      id: user.id,
      team_id: user.teamId ?? workspace.team.id,
      name: user.name,
      real_name: realName,
      deleted,
      is_bot: user.isBot === true,
      profile: { real_name: realName, display_name: user.name, team: user.teamId ?? workspace.team.id },
      // Slack leaves these out for people who were removed, and `is_stranger` out for one's own colleagues.
      ...(deleted ? {} : standing),
      ...(user.isStranger ? { is_stranger: true } : {}),
    },
  };
}

export function userGroupUsers(workspace: Workspace, args: Fields): object {
  const group = workspace.userGroups.find((candidate) => candidate.id === args.usergroup);
  if (!group) throw new SlackRefusal('no_such_subteam');
  if (group.disabled && !flag(args.include_disabled)) throw new SlackRefusal('subteam_disabled');
  return { users: group.users };
}
