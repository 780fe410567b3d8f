// What must hold of every answer, whatever the evidence: forgetting never makes anything more certain, the order of the
// rules never matters, and nothing is said without something seen to show for it.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRecording } from '../src/cli/recording.ts';
import { casesOf } from '../src/core/case.ts';
import { diagnose } from '../src/core/diagnose.ts';
import type { Evidence } from '../src/core/evidence.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import { known } from '../src/core/fact.ts';
import type { Cause, Report } from '../src/core/report.ts';
import type { Rule } from '../src/core/rule.ts';
import { rules } from '../src/rules/index.ts';
import { begins, factAt, factPaths, factsCited, forget } from './support/forget.ts';
import { evidenceAtRandom } from './support/pods-at-random.ts';
import { recordingDirs } from './support/recordings.ts';

/** More on wish. */
const RUNS = Number(process.env.PROPERTY_RUNS ?? 250);
const recorded = recordingDirs().map((dir) => evidenceFrom(readRecording(dir), {}, dir)!);
const evidences = fc.oneof(fc.constantFrom(...recorded), evidenceAtRandom);
const answer = (evidence: Evidence, list: readonly Rule[] = rules): Report =>
  diagnose(evidence, { rules: list, propose: () => [] });
const isSure = ({ grade }: { grade: string }): boolean => grade === 'confirmed' || grade === 'likely';
const certainty = (cause: Cause | undefined): number =>
  ['confirmed', 'likely', 'possible'].toReversed().indexOf(cause?.grade ?? '');
const nameOf = (cause: { cause: string; container: string }): string => `${cause.cause} ${cause.container}`;

/** Says in one line what broke and how to run it again; whole evidence is too long to be read. */
function holdsAlways<T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>): void {
  const { failed, errorInstance, seed, counterexamplePath } = fc.check(property, { numRuns: RUNS });
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  if (failed) throw new Error(`${why}\n(seed ${seed}, path ${counterexamplePath})`);
}

/** Everything that any rule finds, also what ranking then tells as a mere mechanism. */
function held(evidence: Evidence): Set<string> {
  return new Set(
    rules.flatMap((rule) =>
      rule
        .judge(evidence)
        .filter((j) => j.is === 'holds')
        .map((j) => nameOf({ cause: rule.id, container: j.container })),
    ),
  );
}

/** Evidence, and the same with some of its facts forgotten. */
const forgotten = evidences.chain((evidence) =>
  fc
    .array(fc.constantFrom(...factPaths(evidence)), { minLength: 1, maxLength: 6 })
    .map((paths) => ({ evidence, paths, poorer: forget(evidence, paths) })),
);

const ABOUT_NOW = ['state', 'lastState', 'ready', 'restartCount', 'phase', 'restartPolicy'];

describe('forgetting', () => {
  test('never makes a cause appear that was not there before', () => {
    holdsAlways(
      fc.property(forgotten, ({ evidence, paths, poorer }) => {
        // A run that is over has its own cause; who cannot see that it is over tells that cause.
        const over = casesOf(evidence).some((k) => !['crash-loop', 'cannot-start', 'image'].includes(k.symptom));
        fc.pre(!(over && paths.some((p) => ABOUT_NOW.includes(String(p.at(-1))))));
        const before = held(evidence);
        const news = answer(poorer).causes.filter((c) => isSure(c) && !before.has(nameOf(c)));
        expect(news.map((c) => `${nameOf(c)} ${c.grade} without ${paths.map((p) => p.join('.')).join(', ')}`)).toEqual(
          [],
        );
      }),
    );
  });

  test('is stated: every fact that becomes unread is another gap', () => {
    holdsAlways(
      fc.property(forgotten, ({ evidence, paths: [path = []] }) => {
        // How much memory was used is asked only where memory was the trouble.
        fc.pre(path.at(-1) !== 'memoryUse' && factAt(evidence, path).state !== 'unread');
        const before = JSON.stringify(answer(evidence).gaps);
        const { gaps } = answer(forget(evidence, [path]));
        expect(JSON.stringify(gaps), path.join('.')).not.toBe(before);
        expect(gaps.map((g) => g.why)).toContain('forgotten');
      }),
    );
  });

  test('what a cause cites weakens it, or it finds other proof', () => {
    holdsAlways(
      fc.property(evidences, (evidence) => {
        const [first] = answer(evidence).causes;
        fc.pre(first !== undefined);
        const cited = first!.evidence.flatMap((citation) => factsCited(evidence, citation, first!.container));
        expect(cited.length > 0 || first!.evidence.every((e) => e.at.startsWith('Pod/'))).toBe(true);
        const without = answer(forget(evidence, cited)).causes.find((c) => nameOf(c) === nameOf(first!));
        const old = new Set(first!.evidence.map((e) => e.at));
        const same = without?.evidence.filter((e) => old.has(e.at)).map((e) => e.at) ?? [];
        expect(same, `${nameOf(first!)} is still ${without?.grade}`).toEqual([]);
      }),
    );
  });
});

test('the order of the rules never matters', () => {
  holdsAlways(
    fc.property(evidences, fc.shuffledSubarray([...rules], { minLength: rules.length }), (evidence, shuffled) => {
      expect(answer(evidence, shuffled)).toEqual(answer(evidence));
    }),
  );
});

test('the same evidence gives the same answer', () => {
  holdsAlways(
    fc.property(evidences, (evidence) => {
      expect(answer(structuredClone(evidence))).toEqual(answer(evidence));
    }),
  );
});

describe('every claim', () => {
  test('cites something that was read, in words that stand there', () => {
    holdsAlways(
      fc.property(evidences, (evidence) => {
        for (const cause of answer(evidence).causes) {
          expect(cause.evidence.length, nameOf(cause)).toBeGreaterThan(0);
          for (const citation of cause.evidence) {
            if (citation.at.startsWith('Pod/')) continue;
            expect(isShown(evidence, citation), `${nameOf(cause)} cites ${citation.at}: ${citation.text}`).toBe(true);
          }
        }
      }),
    );
  });

  test('is at least as sure as the verdict', () => {
    holdsAlways(
      fc.property(evidences, (evidence) => {
        const { verdict, causes } = answer(evidence);
        const surest = Math.max(-1, ...causes.map(certainty));
        expect(certainty(causes[0])).toBe(surest);
        expect(verdict.grade).toBe(causes[0]?.grade ?? 'unknown');
      }),
    );
  });
});

function isShown(evidence: Evidence, { at, text }: { at: string; text: string }): boolean {
  if (at.startsWith('event:')) return (known(evidence.events) ?? []).some((e) => at === e.at);
  const line = /^log\.(previous|current):(\d+)$/.exec(at);
  if (line) {
    const logs = evidence.containers.map((c) => known(c.logs[line[1] as 'previous' | 'current']));
    return logs.some((log) => log?.lines.some((l) => l.n === Number(line[2]) && l.raw.includes(text.slice(0, 40))));
  }
  return factPaths(evidence).some((path) => {
    const fact = factAt(evidence, path);
    return fact.state !== 'unread' && (begins(at, fact.at) || begins(fact.at, at));
  });
}
