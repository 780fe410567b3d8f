// `loopbreaker diagnose`: from recordings, or from a live cluster read like kubectl does.

import { answer } from '../answer.ts';
import { kindOfWord } from '../core/kind-names.ts';
import { SCHEMA_VERSION } from '../core/report.ts';
import type { Target } from '../core/snapshot.ts';
import { complain, type ExitCode, json, out } from './output.ts';
import { readRecording, UnreadableRecording } from './recording.ts';
import { reportText } from './text.ts';

export interface DiagnoseOptions {
  namespace?: string;
  container?: string;
  context?: string;
  recording?: string[];
  json?: boolean;
}

export async function diagnoseCommand(subject: string | undefined, options: DiagnoseOptions): Promise<ExitCode> {
  if (options.recording) return diagnoseRecordings(subject, options.recording, options);
  const { diagnoseLive } = await import('./live.ts');
  return diagnoseLive(subject, options);
}

function diagnoseRecordings(subject: string | undefined, dirs: string[], options: DiagnoseOptions): ExitCode {
  let exit: ExitCode = 0;
  for (const [i, dir] of dirs.entries()) {
    if (dirs.length > 1 && !options.json && i > 0) out('\n────────\n\n');
    try {
      const report = answer(readRecording(dir), targetOf(subject, options), dir);
      if (!report) throw new UnreadableRecording(notFound(dir, subject));
      if (options.json) json(report);
      else out(reportText(report));
    } catch (error) {
      exit = 1;
      const sentence = error instanceof UnreadableRecording ? error.message : unexpected(dir, error);
      if (options.json && dirs.length > 1) json({ schemaVersion: SCHEMA_VERSION, source: dir, error: sentence });
      else complain(sentence);
    }
  }
  return exit;
}

function notFound(dir: string, subject: string | undefined): string {
  return subject
    ? `The recording ${dir} holds no pod or workload named "${subject}". Leave the name out to diagnose its most broken one.`
    : `The recording ${dir} holds no pod and no workload. Record it again with: loopbreaker record POD ${dir}`;
}

function unexpected(dir: string, error: unknown): string {
  return `${dir} cannot be read (${error instanceof Error ? error.message.split('\n')[0] : 'unknown reason'}). Check the folder and record it again.`;
}

/** POD, KIND/NAME or NAMESPACE/POD; a kind is recognised by its kubectl names. */
export function targetOf(subject: string | undefined, options: DiagnoseOptions): Target {
  const target: Target = {};
  if (options.namespace) target.namespace = options.namespace;
  if (options.container) target.container = options.container;
  if (!subject) return target;
  const [first = '', second] = subject.split('/');
  if (second === undefined) return { ...target, pod: first };
  const kind = kindOfWord(first);
  if (kind === 'Pod') return { ...target, pod: second };
  if (kind) return { ...target, workload: { kind, name: second } };
  return { ...target, namespace: first, pod: second };
}
