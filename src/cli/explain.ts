// `loopbreaker explain`: a diagnosis of pasted kubectl text, from files, folders or standard input.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { answer } from '../answer.ts';
import { readPaste } from '../core/paste.ts';
import { redactSnapshot } from '../core/redact.ts';
import { SCHEMA_VERSION } from '../core/report.ts';
import { complain, type ExitCode, json, out } from './output.ts';
import { reportText } from './text.ts';

const NAMES = ['describe.txt', 'events.txt', 'previous.txt', 'current.txt', 'pod.yaml', 'pod.json'];
const MAX_BYTES = 64 * 1024 * 1024;

export function explainCommand(sources: string[], options: { json?: boolean }): ExitCode {
  const folders = sources.filter((s) => s !== '-' && existsSync(s) && statSync(s).isDirectory());
  // Several files are one mixture of texts; several folders are several pods.
  const groups =
    folders.length === sources.length && folders.length > 0
      ? folders.map((f) => [f])
      : [sources.length ? sources : ['-']];
  let exit: ExitCode = 0;
  for (const [i, group] of groups.entries()) {
    const source =
      group.length === 1 && group[0] !== '-' ? (group[0] ?? '') : group.includes('-') ? 'pasted text' : group.join(' ');
    if (groups.length > 1 && !options.json && i > 0) out('\n────────\n\n');
    try {
      const snapshot = redactSnapshot(readPaste(group.flatMap(partsOf))).snapshot;
      const report = answer({ ...snapshot, cluster: snapshot.cluster || 'pasted text' }, {}, source);
      if (!report)
        throw new Error(
          'there is no pod, event or log in it. Paste kubectl describe pod, kubectl get events or kubectl logs',
        );
      if (options.json) json(report);
      else out(reportText(report));
    } catch (error) {
      exit = 1;
      const sentence = `${source}: ${error instanceof Error ? error.message : 'cannot be read'}.`;
      if (options.json && groups.length > 1) json({ schemaVersion: SCHEMA_VERSION, source, error: sentence });
      else complain(sentence);
    }
  }
  return exit;
}

function partsOf(source: string): { name: string; text: string }[] {
  if (source === '-') return [{ name: 'standard input', text: readFileSync(0, 'utf8') }];
  if (!existsSync(source)) throw new Error('there is no such file. Give a file, a folder, or - for standard input');
  if (statSync(source).isDirectory()) {
    const names = new Set(readdirSync(source));
    return NAMES.filter((n) => names.has(n)).map((name) => ({ name, text: bounded(join(source, name)) }));
  }
  return [{ name: source.split('/').at(-1) ?? source, text: bounded(source) }];
}

function bounded(file: string): string {
  if (statSync(file).size > MAX_BYTES)
    throw new Error(`${file} is larger than ${MAX_BYTES / 1024 / 1024} MiB; paste the part around the crash`);
  return readFileSync(file, 'utf8');
}
