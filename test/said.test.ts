// What programs of the field, kubelets and runtimes print, as pasted text or as the log of a pod: the first cause and how
// sure it is. Most cases were written before the rules had seen them.

import { describe, expect, test } from 'vitest';
import { diagnose } from '../src/core/diagnose.ts';
import { rules } from '../src/rules/index.ts';
import { allSaid } from './support/said.ts';

const said = [...allSaid(), ...allSaid('mangled')];

describe.each([...new Set(said.map((s) => s.cause))])('%s', (cause) => {
  test.each(said.filter((s) => s.cause === cause))('$who', ({ evidence, verdict, container, shows }) => {
    const report = diagnose(evidence, { rules, propose: () => [] });
    const found = report.verdict;
    expect(found.cause === found.grade ? found.cause : `${found.cause} ${found.grade}`).toBe(verdict);
    if (container !== undefined) expect(found.container).toBe(container);
    const shown = JSON.stringify([report.causes, report.context]);
    expect(shows.filter((words) => !shown.includes(JSON.stringify(words).slice(1, -1)))).toEqual([]);
  });
});

test('no two cases have one name', () => {
  expect(said.map((s) => s.who)).toHaveLength(new Set(said.map((s) => s.who)).size);
});
