// The policy in force: the file with its defaults filled in. Its hash stands in every approval, so that it can be told
// under which rules somebody approved.

import { createHash } from 'node:crypto';
import { canonical } from '../json.ts';
import { parseQuantity } from '../quantity.ts';
import {
  type ApproveRule,
  type FreezeWindow,
  type ImpersonateRule,
  type PolicyFile,
  type ReadRule,
  type RouteRule,
  secondsOf,
} from './file.ts';

export interface Policy {
  remediation: 'on' | 'off';
  /** Namespaces that only a rule with their very name reaches, beside the system's own. */
  protect: string[];
  /** Namespaces of Loopbreaker and its Redis: no rule reaches them. */
  own: string[];
  freeze: FreezeWindow[];
  read: ReadRule[];
  approve: Approving[];
  route: RouteRule[];
  /** Missing where the file gives nobody a Kubernetes user. */
  impersonate?: ImpersonateRule[];
  /** Where a refusal sends whoever runs Loopbreaker: "the policy (approve)" or the setting's name. */
  where: { read: string; approve: string; remediation: string };
  /** sha256 of all but `own` and `where`, 64 hexadecimal digits. */
  hash: string;
}

export interface Approving extends ApproveRule {
  expiresAfterSeconds: number;
  ceilings: { memoryFactor: number; memoryBytes: number; replicas: number | null };
}

/** What the settings say where the file says nothing. */
export interface PolicyDefaults {
  remediation: boolean;
  expiresAfterSeconds: number;
  memoryFactor: number;
  memoryBytes: number;
  own: string[];
}

export function policyFrom(file: PolicyFile, defaults: PolicyDefaults, where: Policy['where']): Policy {
  const content = {
    // Either switch is enough to stop every write.
    remediation: defaults.remediation ? file.remediation : ('off' as const),
    protect: file.protect,
    freeze: file.freeze,
    read: file.read,
    approve: file.approve.map(({ expiresAfter, ceilings, ...rule }) => ({
      ...rule,
      expiresAfterSeconds: expiresAfter === undefined ? defaults.expiresAfterSeconds : secondsOf(expiresAfter),
      ceilings: {
        memoryFactor: ceilings.memoryFactor ?? defaults.memoryFactor,
        memoryBytes: ceilings.memory === undefined ? defaults.memoryBytes : (parseQuantity(ceilings.memory) ?? 0),
        replicas: ceilings.replicas ?? null,
      },
    })),
    route: file.route,
    ...(file.impersonate.length > 0 ? { impersonate: file.impersonate } : {}),
  };
  const hash = createHash('sha256').update(canonical(content)).digest('hex');
  return { ...content, own: defaults.own, where, hash };
}

/** User groups that the rules of this channel name: membership in them is asked of Slack. */
export function groupsOfReaders({ read }: Policy, channel: string): string[] {
  return [...new Set(read.filter((rule) => rule.channel === channel).flatMap(({ groups = [] }) => groups))];
}

/** Somebody in a channel; nobody in particular has no id and is in no group. */
export interface Reader {
  channel: string;
  user: string;
  /** Of the groups that the rules name, those they are in at this moment. */
  groups?: readonly string[];
}

function isFor({ channel, users, groups }: ReadRule, reader: Reader): boolean {
  if (channel !== reader.channel) return false;
  if (!users && !groups) return true;
  return (users ?? []).includes(reader.user) || (groups ?? []).some((group) => reader.groups?.includes(group));
}

/** What this person may read from this channel: clusters in the order of the rules, with namespaces; `['*']` for all. */
export function readableFrom(policy: Pick<Policy, 'read'>, reader: Reader): Map<string, string[]> {
  const scope = new Map<string, string[]>();
  for (const rule of policy.read) {
    if (!isFor(rule, reader)) continue;
    for (const cluster of rule.clusters)
      scope.set(cluster, [...new Set([...(scope.get(cluster) ?? []), ...rule.namespaces])]);
  }
  return scope;
}

/** What a cluster is read for at all: whatever no channel may read, nobody reads. */
export function readableOf(policy: Policy, cluster: string): string[] {
  const named = policy.read.filter((rule) => rule.clusters.includes(cluster)).flatMap((rule) => rule.namespaces);
  return named.includes('*') ? ['*'] : [...new Set(named)];
}
