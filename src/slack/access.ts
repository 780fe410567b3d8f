// Who may read and who may approve. Deny by default; whatever cannot be checked is refused; a refusal names no objects.

import type { WebClient } from '@slack/web-api';
import { z } from 'zod';

export interface AccessRules {
  read: { channel: string; user: string; cluster: string; namespace: string }[];
  approvers: string[];
}

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

/** What this person may read from this channel. `teamId` is our own workspace. */
export async function readScope(
  client: WebClient,
  rules: AccessRules,
  who: { user: string; channel: string; teamId: string },
): Promise<Verdict<Scope>> {
  const scope: Scope = new Map();
  for (const rule of rules.read) {
    if (rule.channel !== who.channel || (rule.user !== '' && rule.user !== who.user)) continue;
    scope.set(rule.cluster, [...(scope.get(rule.cluster) ?? []), rule.namespace]);
  }
  if (scope.size === 0) {
    return {
      allowed: false,
      sentence: `I may not read anything from this channel. Whoever runs Loopbreaker can add ${who.channel} to LOOPBREAKER_READ.`,
    };
  }
  const person = await checkPerson(client, who.user, who.teamId);
  if (!person.allowed) return person;
  const channel = await checkChannel(client, who.channel);
  return channel.allowed ? { allowed: true, value: scope } : channel;
}

export const NAMESPACE_REFUSED =
  'I may not read that namespace from this channel. Whoever runs Loopbreaker can add it to LOOPBREAKER_READ.';

/** Whether all these namespaces of a cluster may be read; `*` among them asks for every namespace. */
export function covers(scope: Scope, cluster: string, namespaces: string[]): boolean {
  const allowed = scope.get(cluster) ?? [];
  return allowed.includes('*') || (namespaces.length > 0 && namespaces.every((name) => allowed.includes(name)));
}

/** Whether this person may approve: on the list, and still a full member, asked of Slack at this moment. */
export async function mayApprove(
  client: WebClient,
  rules: AccessRules,
  who: { user: string; teamId: string },
): Promise<Verdict<true>> {
  if (rules.approvers.length === 0) {
    return {
      allowed: false,
      sentence:
        'Nobody may approve yet. Whoever runs Loopbreaker can set LOOPBREAKER_APPROVERS to the Slack user ids of those who may.',
    };
  }
  if (!rules.approvers.includes(who.user)) {
    return {
      allowed: false,
      sentence: `You may not approve this. Those who may: ${rules.approvers.map((id) => `<@${id}>`).join(', ')}.`,
    };
  }
  return checkPerson(client, who.user, who.teamId);
}

async function checkPerson(client: WebClient, user: string, teamId: string): Promise<Verdict<true>> {
  try {
    const { user: info } = userInfo.parse(await client.users.info({ user }));
    if (info.deleted) return denied('This account is deactivated.');
    if (info.is_restricted || info.is_ultra_restricted)
      return denied('Guests may not use Loopbreaker. Ask a full member of the workspace.');
    if (info.is_stranger || info.is_bot || (info.team_id !== undefined && info.team_id !== teamId))
      return denied('Only members of this workspace may use Loopbreaker.');
    return { allowed: true, value: true };
  } catch {
    return denied('I could not ask Slack who you are, so the answer is no for now. Try again in a minute.');
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
