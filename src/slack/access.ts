// Who may read and who may approve. Deny by default; whatever cannot be checked is refused; a refusal names no objects.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { type Standing, standingRefusal } from '../core/policy/decide.ts';
import { groupsOfReaders, type Policy, readableFrom } from '../core/policy/policy.ts';

/** Clusters in the order of the rules, each with the namespaces that may be read; `['*']` for all. */
export type Scope = Map<string, string[]>;

export type Verdict<T> = { allowed: true; value: T } | { allowed: false; sentence: string };

const userInfo = z.looseObject({
  user: z.looseObject({
    id: z.string(),
    team_id: z.string().optional(),
    deleted: z.boolean().optional(),
    is_restricted: z.boolean().optional(),
    is_ultra_restricted: z.boolean().optional(),
    is_stranger: z.boolean().optional(),
    is_bot: z.boolean().optional(),
  }),
});

const channelInfo = z.looseObject({
  channel: z.looseObject({
    is_ext_shared: z.boolean().optional(),
    is_pending_ext_shared: z.boolean().optional(),
    is_member: z.boolean().optional(),
  }),
});

const groupMembers = z.looseObject({ users: z.array(z.string()) });

/** What this person may read from this channel. `teamId` is our own workspace. */
export async function readScope(
  client: WebClient,
  policy: Policy,
  who: { user: string; channel: string; teamId: string },
): Promise<Verdict<Scope>> {
  const groups = await groupsOf(client, who.user, groupsOfReaders(policy, who.channel));
  const scope: Scope = readableFrom(policy, { ...who, groups: groups ?? [] });
  if (scope.size === 0 && groups === null)
    return denied(
      'I could not ask Slack who belongs to the user groups that may read here, so the answer is no for now. Try again in a minute.',
    );
  if (scope.size === 0)
    return denied(
      `I may not read anything from this channel. Whoever runs Loopbreaker can add ${who.channel} to ${policy.where.read}.`,
    );
  const refusal = standingRefusal(await standingOf(client, who));
  if (refusal) return denied(refusal);
  const channel = await checkChannel(client, who.channel);
  return channel.allowed ? { allowed: true, value: scope } : channel;
}

export function namespaceRefused(policy: Policy): string {
  return `I may not read that namespace from this channel. Whoever runs Loopbreaker can add it to ${policy.where.read}.`;
}

/** Whether all these namespaces of a cluster may be read; `*` among them asks for every namespace. */
export function covers(scope: Scope, cluster: string, namespaces: string[]): boolean {
  const allowed = scope.get(cluster) ?? [];
  return allowed.includes('*') || (namespaces.length > 0 && namespaces.every((name) => allowed.includes(name)));
}

/** What Slack says about somebody at this moment. `teamId` is our own workspace. */
export async function standingOf(
  client: WebClient,
  { user, teamId }: { user: string; teamId: string },
): Promise<Standing> {
  try {
    const { user: info } = userInfo.parse(await client.users.info({ user }));
    if (info.deleted) return 'deactivated';
    if (info.is_restricted || info.is_ultra_restricted) return 'guest';
    const foreign = info.is_stranger || info.is_bot || (info.team_id !== undefined && info.team_id !== teamId);
    return foreign ? 'external' : 'member';
  } catch {
    return 'unknown';
  }
}

/** Which of these user groups somebody is in, asked of Slack by id at this moment; null when one could not be asked. */
export async function groupsOf(client: WebClient, user: string, groups: readonly string[]): Promise<string[] | null> {
  try {
    const members = await Promise.all(
      groups.map(async (usergroup) => groupMembers.parse(await client.usergroups.users.list({ usergroup })).users),
    );
    return groups.filter((_, index) => members[index]?.includes(user));
  } catch {
    return null;
  }
}

async function checkChannel(client: WebClient, channel: string): Promise<Verdict<true>> {
  try {
    const { channel: info } = channelInfo.parse(await client.conversations.info({ channel }));
    if (info.is_ext_shared || info.is_pending_ext_shared)
      return denied('This channel is shared with another company, so I answer nothing here. Use an internal channel.');
    if (info.is_member === false) return denied('I am not in this channel. Invite me first: /invite @Loopbreaker');
    return { allowed: true, value: true };
  } catch {
    return denied(
      'I could not ask Slack about this channel, so the answer is no for now. If it is private, invite me first: /invite @Loopbreaker',
    );
  }
}

function denied(sentence: string): { allowed: false; sentence: string } {
  return { allowed: false, sentence };
}
