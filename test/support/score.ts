// Prints how the diagnosis of every recording compares with its truth: `npx tsx test/support/score.ts [NAME…]`.
// Names given: their whole answer is printed.

import { join } from 'node:path';
import { RECORDINGS, recordingDirs, score } from './recordings.ts';

const wanted = process.argv.slice(2);
const scores = (wanted.length ? wanted.map((name) => join(RECORDINGS, name)) : recordingDirs()).map(score);
for (const { truth, report, right, accepted, missing } of scores) {
  if (wanted.length) console.log(JSON.stringify(report, null, 1));
  if (right && missing.length === 0 && !wanted.length) continue;
  const { cause, grade, container } = report.verdict;
  const mark = right ? 'ok' : accepted ? '~~' : '!!';
  const gap = missing.length ? ` missing=${JSON.stringify(missing)}` : '';
  console.log(
    `${mark} ${truth.id}: ${cause}/${grade} [${container}] truth=${truth.rootCause} [${truth.container}]${gap}`,
  );
}
const count = (holds: (s: (typeof scores)[number]) => boolean): number => scores.filter(holds).length;
console.log(
  `${count((s) => s.right)} of ${scores.length} right, ${count((s) => s.missing.length === 0)} show every mustMention, ${count((s) => s.sureWrong)} wrong with confidence`,
);
