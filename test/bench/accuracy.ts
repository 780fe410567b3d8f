// How often the first cause is the truth, on the recordings whose truth is known, and what is taken for what.

import { recordingDirs, type Score, score } from '../support/recordings.ts';
import { atLeast, atMost, type Bench, info, type Row } from './result.ts';

export const accuracy: Bench = {
  names: [
    'accuracy.recordings.top1',
    'accuracy.recordings.proof',
    'accuracy.recordings.sure-wrong',
    'accuracy.recordings.causes',
  ],
  run: async () => {
    const scores = recordingDirs().map(score);
    const percent = (holds: (s: Score) => boolean): number => (100 * scores.filter(holds).length) / scores.length;
    const causes = causeRows(scores);
    const proven = percent((s) => s.missing.length === 0);
    return [
      {
        ...atLeast(
          'accuracy.recordings.top1',
          percent((s) => s.accepted),
          '%',
          100,
        ),
        rows: confusion(scores),
      },
      atLeast('accuracy.recordings.proof', proven, '%', 100),
      atMost('accuracy.recordings.sure-wrong', scores.filter((s) => s.sureWrong).length, 'recordings', 0),
      { ...info('accuracy.recordings.causes', causes.length, 'causes'), rows: causes },
    ];
  },
};

/** Truth by what was told, without the diagonal. */
function confusion(scores: Score[]): Row[] {
  return scores
    .filter((s) => !s.right)
    .map(({ truth, report, accepted }) => ({
      truth: truth.rootCause,
      told: report.verdict.cause,
      grade: report.verdict.grade,
      defensible: accepted ? 'yes' : 'no',
      recording: truth.id,
    }));
}

/** Of every true cause: how many recordings there are, and how they were answered. */
function causeRows(scores: Score[]): Row[] {
  return [...new Set(scores.map((s) => s.truth.rootCause))].sort().map((truth) => {
    const own = scores.filter((s) => s.truth.rootCause === truth);
    const count = (holds: (s: Score) => boolean): number => own.filter(holds).length;
    return {
      truth,
      recordings: own.length,
      right: count((s) => s.right),
      confirmed: count((s) => s.right && s.report.verdict.grade === 'confirmed'),
      likely: count((s) => s.right && s.report.verdict.grade === 'likely'),
      possible: count((s) => s.right && s.report.verdict.grade === 'possible'),
    };
  });
}
