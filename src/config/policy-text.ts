// The text of a policy file -> its content, or every problem with its line and the cure. Nothing is guessed: a file with
// one problem is no policy at all.

import { type PolicyFile, policyFile } from '../core/policy/file.ts';
import { type Path, type Problem, readYamlText } from './yaml-text.ts';

export type PolicyText = { ok: true; file: PolicyFile } | { ok: false; problems: string[] };

const FORM = {
  schema: policyFile,
  longest: 1_000_000,
  kind: 'policy',
  docs: 'docs/policy.md',
  showsValues: true,
};

/** `name` stands before each line number; `clusters` are the configured aliases, [] when they are not known here. */
export function readPolicyText(text: string, name: string, clusters: readonly string[] = []): PolicyText {
  const read = readYamlText(text, name, FORM);
  if (!read.ok) return read;
  const problems = contradictions(read.value, clusters);
  return problems.length > 0 ? { ok: false, problems: problems.map(read.at) } : { ok: true, file: read.value };
}

/** What the form alone cannot say. */
function contradictions(file: PolicyFile, clusters: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const say = (path: Path, message: string): void => void problems.push({ path, message });
  const known = (alias: string): boolean => clusters.length === 0 || alias.endsWith('*') || clusters.includes(alias);
  const sections = ['read', 'approve', 'route'] as const;
  for (const section of sections) {
    file[section].forEach((rule, i) => {
      rule.clusters.forEach((alias, k) => {
        if (!known(alias))
          say(
            [section, i, 'clusters', k],
            `no cluster is called "${alias}"; LOOPBREAKER_CLUSTERS has ${clusters.join(', ')}`,
          );
      });
    });
  }
  const names = new Set<string>();
  file.approve.forEach((rule, i) => {
    if (names.has(rule.name))
      say(['approve', i, 'name'], `two rules are called "${rule.name}"; give each its own name`);
    names.add(rule.name);
    const { users, groups } = rule.approvers;
    if (groups.length === 0 && new Set(users).size < rule.minimum)
      say(
        ['approve', i, 'minimum'],
        `${rule.minimum} people must approve, but ${new Set(users).size} can: name more, or lower it`,
      );
  });
  const people = new Set<string>();
  file.impersonate.forEach(({ user }, i) => {
    if (people.has(user))
      say(['impersonate', i, 'user'], `${user} is named twice; give each person one Kubernetes user`);
    people.add(user);
  });
  const windows: [Path, PolicyFile['freeze']][] = [
    [['freeze'], file.freeze],
    ...file.approve.map((rule, i): [Path, PolicyFile['freeze']] => [['approve', i, 'freeze'], rule.freeze]),
  ];
  for (const [path, all] of windows) {
    all.forEach((window, k) => {
      const empty = 'days' in window ? window.from === window.to : Date.parse(window.from) >= Date.parse(window.to);
      if (empty) say([...path, k], 'ends when or before it begins; a whole day is "00:00" to "24:00"');
    });
  }
  return problems;
}
