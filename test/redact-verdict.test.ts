// Hiding secrets costs no diagnosis: what is known of a failure and what is answered is the same before and after.

import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { readRecording } from '../src/cli/recording.ts';
import { LOGS, logFile, OBJECTS } from '../src/cli/recording-layout.ts';
import { diagnose } from '../src/core/diagnose.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import { readPaste } from '../src/core/paste.ts';
import { redactSnapshot, redactText } from '../src/core/redact.ts';
import type { KubeObject, Snapshot, Target } from '../src/core/snapshot.ts';
import { rules } from '../src/rules/index.ts';
import { recordingDirs } from './support/recordings.ts';
import { allSaid } from './support/said.ts';

interface Answer {
  verdict: unknown;
  causes: string[];
}

function answerTo(snapshot: Snapshot, target: Target = {}): Answer {
  const evidence = evidenceFrom(snapshot, target, 'recording');
  if (!evidence) return { verdict: 'nothing to diagnose', causes: [] };
  const { verdict, causes } = diagnose(evidence, { rules, propose: () => [] });
  return {
    verdict: { cause: verdict.cause, grade: verdict.grade, container: verdict.container },
    causes: causes.map(({ cause, grade, container }) => `${cause} ${grade} ${container}`),
  };
}

test.each(allSaid().map((said) => [said.who, said] as const))('%s says the same', (_who, { snapshot, target }) => {
  expect(answerTo(redactSnapshot(snapshot).snapshot, target)).toEqual(answerTo(snapshot, target));
});

const pasted = allSaid().filter(({ text }) => !text.startsWith('%% '));

test.each(
  pasted.map((said) => [said.who, said.text] as const),
)('%s says the same when text was redacted', (_who, text) => {
  expect(answerTo(readPaste(redactText(text).text))).toEqual(answerTo(readPaste(text)));
});

test.each(recordingDirs().map((dir) => [basename(dir), dir]))('the recording %s says the same', (_name, dir) => {
  const redacted = readRecording(dir);
  expect(answerTo(redacted)).toEqual(answerTo({ ...redacted, ...asWritten(dir, redacted) }));
});

/** Objects and logs of a recording as they stand in its files. */
function asWritten(dir: string, { objects, logs }: Snapshot): Pick<Snapshot, 'objects' | 'logs'> {
  const written = JSON.parse(readFileSync(join(dir, OBJECTS), 'utf8')) as KubeObject[] | { items: KubeObject[] };
  const all = Array.isArray(written) ? written : written.items;
  expect(all).toHaveLength(objects.length);
  return {
    objects: all,
    logs: logs.map((log) => ({ ...log, text: readFileSync(join(dir, LOGS, logFile(log)), 'utf8') })),
  };
}
