// The text of a policy file -> its content, or every problem with its line and the cure. Nothing is guessed: a file with
// one problem is no policy at all.

import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type PolicyFile, policyFile } from '../core/policy/file.ts';

/** Larger than any policy that a person could review. */
const LONGEST = 1_000_000;

export type PolicyText = { ok: true; file: PolicyFile } | { ok: false; problems: string[] };

/** `name` stands before each line number; `clusters` are the configured aliases, [] when they are not known here. */
export function readPolicyText(text: string, name: string, clusters: readonly string[] = []): PolicyText {
  if (text.length > LONGEST) return { ok: false, problems: [`${name}: is over ${LONGEST} bytes.`] };
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return {
      ok: false,
      problems: broken.map(({ pos, message }) => `${name}:${lines.linePos(pos[0]).line}: is not YAML: ${message}`),
    };
  }
  const content = toPlain(document);
  if (typeof content === 'string') return { ok: false, problems: [`${name}: ${content}`] };
  const lineOf = (path: Path): number => lines.linePos(offsetOf(document, path)).line;
  const at = ({ path, message }: Problem): string => `${name}:${lineOf(path)}: ${spelled(path)}${message}.`;
  const parsed = policyFile.safeParse(content.value ?? {});
  if (!parsed.success)
    return { ok: false, problems: parsed.error.issues.flatMap((i) => problemsOf(i, content.value)).map(at) };
  const problems = contradictions(parsed.data, clusters);
  return problems.length > 0 ? { ok: false, problems: problems.map(at) } : { ok: true, file: parsed.data };
}

type Path = readonly (string | number)[];
interface Problem {
  path: Path;
  message: string;
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

function problemsOf(issue: z.core.$ZodIssue, content: unknown): Problem[] {
  const path = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: 'is not a word of the policy; see docs/policy.md',
    }));
  if (issue.code === 'invalid_key') return [{ path, message: 'is not allowed as a name here' }];
  const value = path.reduce<unknown>((here, step) => (here as { [key: string]: unknown } | undefined)?.[step], content);
  if (value === undefined) return [{ path, message: 'is missing' }];
  const found = typeof value === 'object' ? '' : `, not ${JSON.stringify(value).slice(0, 80)}`;
  const message = issue.message.replace(/^Invalid (input|option): /, '').replace(/, received \w+$/, '');
  return [{ path, message: `${message}${found}` }];
}

/** `approve[0].approvers.users[1]: `; "" for the whole. */
function spelled(path: Path): string {
  const words = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return words === '' ? '' : `${words.replace(/^\./, '')}: `;
}

type Document = ReturnType<typeof parseDocument>;

/** Where the value at this path begins, or the nearest thing around it that is there. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function toPlain(document: Document): { value: unknown } | string {
  try {
    return { value: document.toJS({ maxAliasCount: 50 }) };
  } catch {
    return 'repeats its anchors too often to be a policy.';
  }
}
