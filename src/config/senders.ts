// The senders file: YAML with secrets in it, read once at the start. A problem names its line and never a value.

import { readFileSync } from 'node:fs';
import { type Sender, type SendersFile, sendersFile } from '../core/sender.ts';
import { type Problem, readYamlText } from './yaml-text.ts';

export type LoadedSenders = { ok: true; senders: Sender[] } | { ok: false; problems: string[] };

const FORM = {
  schema: sendersFile,
  longest: 200_000,
  kind: 'senders file',
  docs: 'docs/alerts.md',
  showsValues: false,
};

/** `clusters` are the configured aliases, [] when they are not known here; `loopback`: nobody else reaches the port. */
export function loadSenders(path: string, clusters: readonly string[], loopback: boolean): LoadedSenders {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return {
      ok: false,
      problems: [`LOOPBREAKER_SENDERS: ${path} cannot be read (${code}). Correct the path or its rights.`],
    };
  }
  const read = readYamlText<SendersFile>(text, path, FORM);
  if (!read.ok) return read;
  const problems = contradictions(read.value.senders, clusters, loopback);
  return problems.length > 0
    ? { ok: false, problems: problems.map(read.at) }
    : { ok: true, senders: read.value.senders };
}

/** What the form alone cannot say. */
function contradictions(senders: Sender[], clusters: readonly string[], loopback: boolean): Problem[] {
  const names = new Set<string>();
  return senders.flatMap((sender, i) => {
    const problems: Problem[] = [];
    const say = (field: string, message: string): void => void problems.push({ path: ['senders', i, field], message });
    if (names.has(sender.name)) say('name', `two senders are called "${sender.name}"; give each its own name`);
    names.add(sender.name);
    if (sender.cluster !== '' && clusters.length > 0 && !clusters.includes(sender.cluster))
      say('cluster', `no cluster is called "${sender.cluster}"; LOOPBREAKER_CLUSTERS has ${clusters.join(', ')}`);
    if (sender.auth.none && !loopback)
      say(
        'auth',
        'none lets everybody in who reaches the port: choose a proof, or set LOOPBREAKER_WEBHOOK_HOST=127.0.0.1',
      );
    return problems;
  });
}
