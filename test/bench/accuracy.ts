// How often the first cause is the truth, on the recordings whose truth is known; the confusion goes to stderr.

import { recordingDirs, score } from '../support/recordings.ts';
import { atLeast, atMost, type Bench } from './result.ts';

export const accuracy: Bench = {
  names: ['accuracy.recordings.top1', 'accuracy.recordings.proof', 'accuracy.recordings.sure-wrong'],
  run: async () => {
    const scores = recordingDirs().map(score);
    for (const s of scores.filter((one) => !one.right)) {
      process.stderr.write(
        `  ${s.truth.id}: said ${s.report.verdict.cause} (${s.report.verdict.grade}), truth ${s.truth.rootCause}${s.accepted ? ', also accepted' : ''}\n`,
      );
    }
    const share = (holds: (s: (typeof scores)[number]) => boolean): number =>
      (100 * scores.filter(holds).length) / scores.length;
    return [
      atLeast(
        'accuracy.recordings.top1',
        share((s) => s.accepted),
        '%',
        100,
      ),
      atLeast(
        'accuracy.recordings.proof',
        share((s) => s.missing.length === 0),
        '%',
        100,
      ),
      atMost('accuracy.recordings.sure-wrong', scores.filter((s) => s.sureWrong).length, 'recordings', 0),
    ];
  },
};
