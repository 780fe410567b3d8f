// Prints how the diagnosis of every recording compares with its truth: `npx tsx test/support/score.ts [NAME…]`.
// Names given: their whole answer is printed.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecording } from '../../src/cli/recording.ts';
import { diagnose } from '../../src/core/diagnose.ts';
import { evidenceFrom } from '../../src/core/evidence-from.ts';
import { rules } from '../../src/rules/index.ts';

const root = join(import.meta.dirname, '..', 'recordings');
const wanted = process.argv.slice(2);
const names = wanted.length ? wanted : readdirSync(root).filter((n) => existsSync(join(root, n, 'truth.json')));
let right = 0;
let shown = 0;
let sureWrong = 0;
for (const name of names) {
  const truth = JSON.parse(readFileSync(join(root, name, 'truth.json'), 'utf8'));
  const evidence = evidenceFrom(readRecording(join(root, name)), {}, name);
  if (!evidence) {
    console.log(`?? ${name}: no evidence`);
    continue;
  }
  const report = diagnose(evidence, { rules, propose: () => [] });
  const { verdict } = report;
  const ok = verdict.cause === truth.rootCause && (truth.container === '' || verdict.container === truth.container);
  const accepted = ok || (truth.alsoAccept ?? []).includes(verdict.cause);
  const proof = JSON.stringify([report.causes.map((c) => [c.summary, c.evidence, c.mechanisms]), report.context]);
  const missing = truth.mustMention.filter((m: string) => !proof.includes(JSON.stringify(m).slice(1, -1)));
  if (ok) right++;
  if (missing.length === 0) shown++;
  if (!accepted && verdict.grade !== 'possible' && verdict.grade !== 'unknown') sureWrong++;
  const mark = ok ? 'ok' : accepted ? '~~' : '!!';
  if (!ok || missing.length || wanted.length) {
    console.log(
      `${mark} ${name}: ${verdict.cause}/${verdict.grade} [${verdict.container}] truth=${truth.rootCause} [${truth.container}]${missing.length ? ` missing=${JSON.stringify(missing)}` : ''}`,
    );
  }
  if (wanted.length) console.log(JSON.stringify(report, null, 1));
}
console.log(`${right} of ${names.length} right, ${shown} show every mustMention, ${sureWrong} wrong with confidence`);
