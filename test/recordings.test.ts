// Every recording of a real failure: the first cause is the truth, and the evidence shows what a good diagnosis shows.

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answer } from '../src/answer.ts';
import { readRecording } from '../src/cli/recording.ts';
import { recordingDirs, score } from './support/recordings.ts';

describe.each(recordingDirs().map((dir) => [basename(dir), dir]))('%s', (_name, dir) => {
  const { truth, report, accepted, missing, sureWrong } = score(dir);

  test(`is told as ${truth.rootCause}`, () => {
    expect
      .soft(report.verdict.cause, `also defensible: ${truth.alsoAccept ?? 'nothing'}`)
      .toBe(accepted ? report.verdict.cause : truth.rootCause);
    if (truth.container !== '' && report.verdict.cause === truth.rootCause)
      expect(report.verdict.container).toBe(truth.container);
    expect(sureWrong).toBe(false);
  });

  test('shows every string that proves it', () => {
    expect(missing).toEqual([]);
  });
});

test('a recording says the same in a renamed folder without its truth and manifest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-copies-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [i, dir] of recordingDirs().entries()) {
    const copy = join(folder, `case-${i}`);
    cpSync(dir, copy, { recursive: true, filter: (path) => !/(?:truth\.json|manifest\.yaml|world\.yaml)$/.test(path) });
    expect(answer(readRecording(copy), {}, 'x')).toEqual(answer(readRecording(dir), {}, 'x'));
  }
});

test('the same recording gives the same document, byte by byte', () => {
  for (const dir of recordingDirs().slice(0, 30)) {
    expect(JSON.stringify(answer(readRecording(dir), {}, 'x'))).toBe(
      JSON.stringify(answer(readRecording(dir), {}, 'x')),
    );
  }
});
