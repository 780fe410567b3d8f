// The shared recordings and, for tests only, the truth about each.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answer } from '../../src/answer.ts';
import { readRecording } from '../../src/cli/recording.ts';
import type { Report } from '../../src/core/report.ts';

export const RECORDINGS = fileURLToPath(new URL('../recordings/', import.meta.url));

export interface Truth {
  id: string;
  title: string;
  rootCause: string;
  container: string;
  explanation: string;
  expectedRemediation: string;
  mustMention: string[];
  alsoAccept?: string[];
}

export function recordingDirs(): string[] {
  return readdirSync(RECORDINGS)
    .sort()
    .map((name) => join(RECORDINGS, name))
    .filter((dir) => existsSync(join(dir, 'truth.json')));
}

export function truthOf(dir: string): Truth {
  return JSON.parse(readFileSync(join(dir, 'truth.json'), 'utf8')) as Truth;
}

export interface Score {
  dir: string;
  truth: Truth;
  report: Report;
  /** The first cause is the truth, on the right container. */
  right: boolean;
  /** Right, or one of the answers that the recording calls defensible. */
  accepted: boolean;
  /** Strings of `mustMention` that the evidence does not show. */
  missing: string[];
  /** Neither right nor accepted, and yet said at confirmed or likely. */
  sureWrong: boolean;
}

export function score(dir: string): Score {
  const truth = truthOf(dir);
  const report = answer(readRecording(dir), {}, dir);
  if (!report) throw new Error(`${dir} holds nothing to diagnose`);
  const { verdict, causes, context } = report;
  const right = verdict.cause === truth.rootCause && (truth.container === '' || verdict.container === truth.container);
  const accepted = right || (truth.alsoAccept ?? []).includes(verdict.cause);
  const shown = JSON.stringify([causes.map((c) => [c.summary, c.evidence, c.mechanisms]), context]);
  const missing = truth.mustMention.filter((text) => !shown.includes(JSON.stringify(text).slice(1, -1)));
  const sure = verdict.grade === 'confirmed' || verdict.grade === 'likely';
  return { dir, truth, report, right, accepted, missing, sureWrong: sure && !accepted };
}
