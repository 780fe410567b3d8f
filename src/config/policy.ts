// The policy in force, from its file or from the settings that stand for one. An invalid file at the start stops the
// start; an invalid change later keeps the policy that was in force, and says so.

import { readFileSync, statSync, unwatchFile, watchFile } from 'node:fs';
import { type PolicyFile, policyFile } from '../core/policy/file.ts';
import { type Policy, type PolicyDefaults, policyFrom } from '../core/policy/policy.ts';
import type { ReadRule } from './formats.ts';
import { readPolicyText } from './policy-text.ts';

export interface PolicySource {
  /** Path of the file; "" when the settings stand for it. */
  path: string;
  /** What the settings allow where there is no file. */
  read: readonly ReadRule[];
  approvers: readonly string[];
  clusters: readonly string[];
  defaults: PolicyDefaults;
}

export type LoadedPolicy = { ok: true; policy: Policy } | { ok: false; problems: string[] };

export function loadPolicy(source: PolicySource): LoadedPolicy {
  const { path, defaults } = source;
  if (path === '') return { ok: true, policy: policyFrom(fileOfSettings(source), defaults, SETTINGS_SAY) };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return {
      ok: false,
      problems: [`LOOPBREAKER_POLICY: ${path} cannot be read (${code}). Correct the path or its rights.`],
    };
  }
  const read = readPolicyText(text, path, source.clusters);
  return read.ok ? { ok: true, policy: policyFrom(read.file, defaults, FILE_SAYS) } : read;
}

const FILE_SAYS = {
  read: 'section read of its policy file',
  approve: 'section approve of its policy file',
  remediation: 'remediation: off in the policy file, or LOOPBREAKER_REMEDIATION=off',
};
const SETTINGS_SAY = {
  read: 'LOOPBREAKER_READ',
  approve: 'LOOPBREAKER_APPROVERS, or in a policy file (LOOPBREAKER_POLICY)',
  remediation: 'LOOPBREAKER_REMEDIATION=off',
};

/** The two short settings as a policy: whoever is named may approve anything, alone, also what they asked for. */
function fileOfSettings({ read, approvers }: PolicySource): PolicyFile {
  return policyFile.parse({
    version: 1,
    read: read.map(({ channel, user, cluster, namespace }) => ({
      channel,
      ...(user === '' ? {} : { users: [user] }),
      clusters: [cluster],
      namespaces: [namespace],
    })),
    approve:
      approvers.length === 0
        ? []
        : [
            {
              name: 'LOOPBREAKER_APPROVERS',
              clusters: ['*'],
              namespaces: ['*'],
              actions: ['*'],
              risks: ['low', 'medium', 'high'],
              approvers: { users: approvers },
              requesterCounts: true,
            },
          ],
  });
}

export interface LivePolicy {
  current(): Policy;
  /** Reads the file again now. */
  reload(): void;
  close(): void;
}

export interface PolicyNews {
  changed(policy: Policy, before: Policy): void;
  /** The policy in force stays. */
  refused(problems: string[]): void;
}

const LOOK_EVERY_MS = 5_000;

/** Follows the file: on SIGHUP (wired by the caller) and whenever it looks different. */
export function followPolicy(
  source: PolicySource,
  first: Policy,
  news: PolicyNews,
  everyMs = LOOK_EVERY_MS,
): LivePolicy {
  let policy = first;
  let said = '';
  const reload = (): void => {
    const loaded = loadPolicy(source);
    if (!loaded.ok) {
      const words = loaded.problems.join('\n');
      if (words !== said) news.refused(loaded.problems);
      said = words;
      return;
    }
    said = '';
    if (loaded.policy.hash === policy.hash) return;
    const before = policy;
    policy = loaded.policy;
    news.changed(policy, before);
  };
  if (source.path !== '') watchFile(source.path, { interval: everyMs, persistent: false }, reload);
  return {
    current: () => policy,
    reload,
    close: () => {
      if (source.path !== '') unwatchFile(source.path, reload);
    },
  };
}

/** The namespace of the pod we run in, from its service account; undefined outside of a cluster. */
export function namespaceOfPod(path = '/var/run/secrets/kubernetes.io/serviceaccount/namespace'): string | undefined {
  try {
    return statSync(path).size < 100 ? readFileSync(path, 'utf8').trim() || undefined : undefined;
  } catch {
    return undefined;
  }
}
