// Runs every pattern against its hostile texts, in a process that may be killed: a pattern that hangs cannot say so itself.
// Says over IPC which pattern it begins with, and which ones take more than their share when a text grows.

import { hostileTexts, type Pattern } from './pattern-inputs.ts';
import { allPatterns, type FoundPattern } from './patterns.ts';
import { recordingDirs, score } from './recordings.ts';

export type Told =
  | { is: 'begins'; pattern: FoundPattern; n: number }
  | { is: 'grows'; pattern: FoundPattern; text: string; ms: number[] }
  | { is: 'done'; patterns: number };

const tell = (told: Told): void => void process.send?.(told);

const PROBE_CHARS = 1_500;
const WORTH_A_LOOK_MS = 0.1;
const SIZES_CHARS = [6_000, 24_000];
/** Four times the text takes four times as long, or sixteen times when each place is tried from each place. */
const TOO_STEEP = 8;
const WORTH_TELLING_MS = 10;
const LOOKS = 5;

const own: Pattern[] = process.argv[2] ? (JSON.parse(process.argv[2]) as Pattern[]) : [];
const patterns = own.length
  ? own.map((one) => ({ ...one, where: 'given' }))
  : await allPatterns(['core', 'rules'], async () => {
      for (const dir of recordingDirs()) score(dir);
    });

patterns.forEach((pattern, n) => {
  tell({ is: 'begins', pattern, n });
  const expression = new RegExp(pattern.source, pattern.flags);
  const worst = hardest(expression, hostileTexts(pattern));
  if (worst.ms < WORTH_A_LOOK_MS) return;
  const ms = steepEachTime(expression, worst.text);
  if (ms) tell({ is: 'grows', pattern, text: worst.text(60).slice(0, 60), ms });
});
tell({ is: 'done', patterns: patterns.length });

/** The times of the last look when each of several looks was too steep: a busy machine does not spoil all of them. */
function steepEachTime(expression: RegExp, text: (size: number) => string): number[] | undefined {
  let ms: number[] = [];
  for (let look = 1; look <= LOOKS; look += 1) {
    ms = SIZES_CHARS.map((size) => Math.min(...[1, 2, 3].map(() => cpuMs(expression, text(size)))));
    if (ms[1]! <= ms[0]! * TOO_STEEP || ms[1]! <= WORTH_TELLING_MS) return undefined;
  }
  return ms;
}

function hardest(expression: RegExp, texts: ((size: number) => string)[]) {
  let worst = { ms: 0, text: (_size: number): string => '' };
  for (const text of texts) {
    const small = text(PROBE_CHARS);
    let ms = wallMs(expression, small);
    if (ms > worst.ms) ms = Math.min(ms, wallMs(expression, small));
    if (ms > worst.ms) worst = { ms, text };
  }
  return worst;
}

/** Only to choose among texts: what is measured is the processor's own time. */
function wallMs(expression: RegExp, text: string): number {
  const start = performance.now();
  run(expression, text);
  return performance.now() - start;
}

function cpuMs(expression: RegExp, text: string): number {
  const start = process.cpuUsage();
  run(expression, text);
  return process.cpuUsage(start).user / 1_000;
}

function run(expression: RegExp, text: string): void {
  expression.lastIndex = 0;
  expression.test(text);
}
