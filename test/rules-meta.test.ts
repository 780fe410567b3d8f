// The catalogue as a whole: every cause has a rule with documentation, a case that shows it and a look-alike; and no rule
// could say always or never without a case that notices.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRecording } from '../src/cli/recording.ts';
import { casesOf } from '../src/core/case.ts';
import { CAUSE_IDS, type CauseId } from '../src/core/cause.ts';
import type { Evidence } from '../src/core/evidence.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import { rank } from '../src/core/rank.ts';
import type { Judgement, Rule } from '../src/core/rule.ts';
import { worstCase } from '../src/core/status.ts';
import { rules } from '../src/rules/index.ts';
import { LOOK_ALIKES } from './support/look-alikes.ts';
import { recordingDirs, truthOf } from './support/recordings.ts';
import { allSaid } from './support/said.ts';

interface Known {
  name: string;
  cause: string;
  /** Everything a person would read of it. */
  text: string;
  evidence: Evidence;
  judged: { rule: Rule; judgements: Judgement[] }[];
}

const ids = CAUSE_IDS.filter((id) => id !== 'unknown');
const cases = [...allSaid().map((s) => ({ ...s, name: s.who })), ...recordingDirs().flatMap(ofRecording)].map(
  (one): Known => ({ ...one, judged: rules.map((rule) => ({ rule, judgements: rule.judge(one.evidence) })) }),
);
const right = cases.filter((one) => firstOf(one, one.judged) === one.cause);

function ofRecording(dir: string): Omit<Known, 'judged'>[] {
  const evidence = evidenceFrom(readRecording(dir), {}, dir);
  const files = [
    'describe.txt',
    ...(existsSync(join(dir, 'logs')) ? readdirSync(join(dir, 'logs')).map((f) => `logs/${f}`) : []),
  ];
  const text = files.map((f) => (existsSync(join(dir, f)) ? readFileSync(join(dir, f), 'utf8') : '')).join('\n');
  return evidence ? [{ name: truthOf(dir).id, cause: truthOf(dir).rootCause, text, evidence }] : [];
}

function firstOf(one: Omit<Known, 'judged'>, judged: Known['judged']): string {
  const explained = judged.map(({ rule, judgements }) => ({
    rule,
    judgements: judgements.filter((j) => counts(one, rule, j)),
  }));
  return rank(one.evidence, explained)[0]?.cause ?? 'unknown';
}

/** As the engine counts findings: on a container whose symptom the rule can explain, or on the pod. */
function counts(one: Omit<Known, 'judged'>, rule: Rule, j: Judgement): boolean {
  const k = casesOf(one.evidence).find((c) => c.container.name === j.container);
  return j.is !== 'holds' || !k || j.container === '' || rule.explains.includes(k.symptom);
}

function with_(one: Known, id: CauseId, judgements: Judgement[]): Known['judged'] {
  return one.judged.map((j) => (j.rule.id === id ? { ...j, judgements } : j));
}

/** What a rule would say that is always sure: about the container that asks most for an explanation. */
function always(one: Known): Judgement[] {
  const container = worstCase(one.evidence)?.container;
  return [
    {
      is: 'holds',
      container: container?.name ?? '',
      containerKind: container?.kind ?? 'main',
      strength: 'proof',
      summary: 'always',
      evidence: [{ source: 'status', at: 'status', text: 'always' }],
      detail: {},
    },
  ];
}

test('every cause has one rule, with all parts of its documentation', () => {
  expect(rules.map((r) => r.id).sort()).toEqual([...ids].sort());
  for (const { id, doc, title } of rules) {
    const { prevention, ...needed } = doc;
    for (const part of [title, ...Object.values(needed)]) expect(part.length, id).toBeGreaterThan(5);
    if (!id.startsWith('none')) expect(prevention.length, id).toBeGreaterThan(20);
  }
});

describe.each(ids)('%s', (id) => {
  test('is told in a case that shows it', () => {
    expect(right.some((one) => one.cause === id)).toBe(true);
  });

  test('is told apart from what looks like it', () => {
    const [shared, other] = LOOK_ALIKES[id];
    const showing = (cause: string) => right.filter((one) => one.cause === cause && one.text.includes(shared));
    expect(showing(id), `no case of ${id} says: ${shared}`).not.toEqual([]);
    expect(showing(other), `no case of ${other} says: ${shared}`).not.toEqual([]);
  });

  test('would be missed if its rule said never', () => {
    const noticed = right.some((one) => one.cause === id && firstOf(one, with_(one, id, [])) !== id);
    expect(noticed).toBe(true);
  });

  test('would be noticed if its rule said always', () => {
    const noticed = right.some((one) => one.cause !== id && firstOf(one, with_(one, id, always(one))) !== one.cause);
    expect(noticed).toBe(true);
  });
});
