// How often the first cause is the truth when all there is is what a person pastes: the describe of the pod, its log, or
// both. Half a description is worth half an answer; a wrong one said with confidence is worth less than none.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer } from '../../src/answer.ts';
import { readPaste } from '../../src/core/paste.ts';
import { redactSnapshot } from '../../src/core/redact.ts';
import type { Report } from '../../src/core/report.ts';
import { recordingDirs, type Score, score } from '../support/recordings.ts';
import { atMost, type Bench, info, type Result, type Row } from './result.ts';

const KINDS = ['describe', 'describe-and-logs', 'log'] as const;
type Kind = (typeof KINDS)[number];
const OUTCOMES = ['right', 'unknown', 'unsure', 'sure-wrong'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** Texts that tell the truth and another one than the recording's: nobody could read that in them. */
const TELLS_ANOTHER: { [kind in Kind]?: string[] } = {
  // The pod that was made is well; what keeps the third one from being made is told by the workload's events.
  describe: ['quota-exceeded'],
  // The log of the one run that crashed, before the next one ran well.
  log: ['recovered-single-crash'],
};

export const paste: Bench = {
  names: KINDS.flatMap((kind) => OUTCOMES.map((outcome) => `accuracy.paste.${kind}.${outcome}`)),
  run: async () => {
    const scores = recordingDirs().map(score);
    return KINDS.flatMap((kind) => resultsOf(kind, scores));
  },
};

interface Told {
  outcome: Outcome;
  row: Row;
}

/** Of the recordings that have such a text; a wrong answer that is called possible is neither right nor sure. */
function resultsOf(kind: Kind, scores: Score[]): Result[] {
  const told = scores.flatMap((one): Told[] => {
    const text = textsOf(one)[kind];
    if (text.trim() === '' || TELLS_ANOTHER[kind]?.includes(one.truth.id)) return [];
    const snapshot = redactSnapshot(readPaste(text)).snapshot;
    const report = answer({ ...snapshot, cluster: snapshot.cluster || 'pasted text' }, {}, 'pasted text');
    const { cause = 'unknown', grade = 'unknown' } = report?.verdict ?? {};
    const row = { truth: one.truth.rootCause, told: cause, grade, recording: one.truth.id };
    return [{ outcome: outcomeOf(one, report), row }];
  });
  return OUTCOMES.map((outcome) => {
    const own = told.filter((t) => t.outcome === outcome);
    const name = `accuracy.paste.${kind}.${outcome}`;
    const rows = own.map((t) => t.row);
    if (outcome === 'sure-wrong') return { ...atMost(name, own.length, 'pastes', 0), rows };
    const share = info(name, (100 * own.length) / told.length, '%');
    return outcome === 'unsure' ? { ...share, rows } : share;
  });
}

function outcomeOf({ truth }: Score, pasted: Report | undefined): Outcome {
  if (!pasted) return 'unknown';
  const { cause, grade } = pasted.verdict;
  if (cause === truth.rootCause || (truth.alsoAccept ?? []).includes(cause)) return 'right';
  if (grade === 'unknown') return 'unknown';
  return grade === 'possible' ? 'unsure' : 'sure-wrong';
}

/** "" where the recording has no such text: a program that said nothing, a workload without pods. */
function textsOf({ dir, truth, report }: Score): { [kind in Kind]: string } {
  const { pod } = report.target;
  const described = descriptionOf(readFileSync(join(dir, 'describe.txt'), 'utf8'), pod);
  const logs = logsOf(dir, pod);
  const blamed = logs.find((log) => log.container === (truth.container || report.verdict.container)) ?? logs[0];
  const asked = logs.map(
    ({ container, run, text }) =>
      `$ kubectl logs ${pod} -c ${container}${run === 'previous' ? ' --previous' : ''}\n${text.trimEnd()}\n`,
  );
  return {
    describe: described,
    'describe-and-logs': asked.length ? [described.trimEnd(), ...asked].join('\n\n') : '',
    log: blamed?.text ?? '',
  };
}

/** The description of one pod; all of them where that pod is none of them. */
function descriptionOf(text: string, pod: string): string {
  const parts = text.split(/^(?=Name: )/m);
  return parts.find((part) => /^Name:\s+(\S+)/.exec(part)?.[1] === pod) ?? text;
}

/** Of each container the log that people are told to look at: the previous run's, or else the present one's. */
function logsOf(dir: string, pod: string): { container: string; run: string; text: string }[] {
  let files: string[] = [];
  try {
    files = readdirSync(join(dir, 'logs'));
  } catch {
    return [];
  }
  const found = files.flatMap((file) => {
    const [of = '', container = '', run = ''] = file.split('.');
    return of === pod ? [{ container, run, text: readFileSync(join(dir, 'logs', file), 'utf8') }] : [];
  });
  const previous = found.filter((log) => log.run === 'previous' && log.text.trim() !== '');
  const others = found.filter(
    (log) => log.run === 'current' && log.text.trim() !== '' && !previous.some((p) => p.container === log.container),
  );
  return [...previous, ...others];
}
