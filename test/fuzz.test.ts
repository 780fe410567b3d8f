// Broken input: whatever a recording, a log or a paste holds, the answer is a document with gaps, never a crash.
// A few seconds here; `npm run fuzz` runs as long as FUZZ_SECONDS says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer } from '../src/answer.ts';
import { readRecording } from '../src/cli/recording.ts';
import { isObject, type JsonObject } from '../src/core/json.ts';
import { readPaste } from '../src/core/paste.ts';
import { redactSnapshot } from '../src/core/redact.ts';
import type { KubeObject, Snapshot } from '../src/core/snapshot.ts';
import { documentOf } from './support/document.ts';
import { recordingDirs } from './support/recordings.ts';

const seconds = Number(process.env.FUZZ_SECONDS ?? 4);
const budget = { numRuns: 1_000_000, interruptAfterTimeLimit: (seconds * 1_000) / 2, markInterruptAsFailure: false };
const patienceMs = (seconds + 60) * 1_000;

/** Valid, or nothing to diagnose at all. */
function check(snapshot: Snapshot): void {
  const report = answer(redactSnapshot(snapshot).snapshot, {}, 'fuzz');
  if (report) documentOf(JSON.parse(JSON.stringify(report)));
}

const snapshots = recordingDirs().map((dir) => readRecording(dir));

const strange = fc.constantFrom<unknown>(
  undefined,
  null,
  0,
  -1,
  1e308,
  true,
  '',
  'x',
  '<!channel>',
  '\u0000\u001b[31m',
  'é\ud800',
  '9'.repeat(400),
  'a'.repeat(5_000),
  [],
  {},
  [null],
  [[]],
  { name: 7 },
  { items: 'no' },
  '1970-01-01T00:00:00Z',
  '9999-99-99T99:99:99Z',
  'OOMKilled',
  'CrashLoopBackOff',
  137,
);

/** Replaces what stands at some place deep in a value; the choices say which way to go down. */
function spoil(value: unknown, choices: number[], put: unknown): unknown {
  const [choice = 0, ...rest] = choices;
  if (Array.isArray(value) && value.length > 0 && choices.length > 0) {
    const at = choice % value.length;
    return value.map((item, i) => (i === at ? spoil(item, rest, put) : item));
  }
  if (isObject(value) && Object.keys(value).length > 0 && choices.length > 0) {
    const keys = Object.keys(value);
    const key = keys[choice % keys.length] ?? '';
    return { ...value, [key]: spoil(value[key], rest, put) };
  }
  return put;
}

const isKept = (object: unknown): object is KubeObject =>
  isObject(object) && typeof object.kind === 'string' && isObject((object as JsonObject).metadata);

describe('an answer is always a valid document', () => {
  test(
    'when fields of a recording are missing, bent or from the future',
    () => {
      fc.assert(
        fc.property(
          fc.nat(),
          fc.array(fc.tuple(fc.array(fc.nat(40), { minLength: 1, maxLength: 9 }), strange), {
            minLength: 1,
            maxLength: 6,
          }),
          (which, spoils) => {
            const snapshot = snapshots[which % snapshots.length]!;
            let objects: unknown = snapshot.objects;
            for (const [path, put] of spoils) objects = spoil(objects, path, put);
            check({ ...snapshot, objects: Array.isArray(objects) ? objects.filter(isKept) : [] });
          },
        ),
        budget,
      );
    },
    patienceMs,
  );

  test(
    'when logs are cut, repeated, interleaved or random bytes',
    () => {
      const pieces = [
        '\n',
        '\r\n',
        '{"level":',
        '"}',
        'error: ',
        'Caused by: ',
        '\u001b[31m',
        'Traceback (most recent call last):\n',
        'panic: ',
        'password=',
        '   at x(',
        'dial tcp ',
        ': ',
        "'",
      ];
      const text = fc
        .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 60 })), { maxLength: 200 })
        .map((parts) => parts.join(''));
      fc.assert(
        fc.property(fc.nat(), text, fc.nat(), (which, noise, cut) => {
          const snapshot = snapshots[which % snapshots.length]!;
          const logs = snapshot.logs.map((log) => ({
            ...log,
            text: log.text.slice(0, cut % (log.text.length + 1)) + noise,
          }));
          check({ ...snapshot, logs });
        }),
        budget,
      );
    },
    patienceMs,
  );
});

test.each([
  ['empty', ''],
  ['binary', '\u0000\u0001\ufffe'.repeat(1_000)],
  ['one line without an end', 'error '.repeat(200_000)],
  ['half an object', readFileSync(join(recordingDirs()[0] ?? '', 'objects.json'), 'utf8').slice(0, 5_000)],
  ['nested without end', '['.repeat(20_000)],
])('a paste that is %s is answered or declined', (_name, text) => {
  expect(() => check(readPaste(text))).not.toThrow();
});
