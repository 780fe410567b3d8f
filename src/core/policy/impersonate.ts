// In whose name a change is written: the Kubernetes user that the policy gives to whoever approved it, by Slack user id alone.
// Where the policy gives anybody one, a write in nobody's name is refused.
import type { ImpersonateRule } from './file.ts';
import type { Policy } from './policy.ts';

/** A Kubernetes user and its groups. */
export interface Name {
  user: string;
  groups: readonly string[];
}

/** Undefined: the policy names nobody, so the worker writes as itself. */
export function nameFor(
  { impersonate = [] }: Pick<Policy, 'impersonate'>,
  slackUser: string,
): Name | { refusal: string } | undefined {
  if (impersonate.length === 0) return undefined;
  const rule = impersonate.find(({ user }) => user === slackUser);
  if (!rule)
    return {
      refusal: `Section impersonate of the policy has no Kubernetes user for ${slackUser || 'nobody'}, and nothing is written in nobody’s name. Whoever runs Loopbreaker can add one; otherwise somebody has to approve who has one.`,
    };
  return { user: rule.as, groups: rule.groups };
}

export interface ImpersonateRight {
  apiGroups: [''];
  resources: ['users'] | ['groups'];
  resourceNames: string[];
  verbs: ['impersonate'];
}

/** The rules of the ClusterRole that the worker needs: these very names and no others. */
export function impersonateRights(rules: readonly ImpersonateRule[]): ImpersonateRight[] {
  const right = (resources: ImpersonateRight['resources'], names: string[]): ImpersonateRight[] =>
    names.length === 0
      ? []
      : [{ apiGroups: [''], resources, resourceNames: [...new Set(names)].sort(), verbs: ['impersonate'] }];
  return [
    ...right(
      ['users'],
      rules.map(({ as }) => as),
    ),
    ...right(
      ['groups'],
      rules.flatMap(({ groups }) => groups),
    ),
  ];
}
