// A log reads the same whatever carried it: what collectors and kubectl put before its lines, and what a process
// manager or a shutdown adds after them, changes neither the cause nor how sure it is.

import { expect, test } from 'vitest';
import { diagnose } from '../src/core/diagnose.ts';
import { rules } from '../src/rules/index.ts';
import { evidenceOfPod, type PodCase } from './support/pod.ts';
import { allSaid } from './support/said.ts';

const cases = allSaid().flatMap(({ who, text }) => {
  const [fields = '', ...log] = text.split('\n');
  return fields.startsWith('%% {') && log.length > 1
    ? [{ who, fields: JSON.parse(fields.slice(3)) as PodCase, log }]
    : [];
});

function verdict(fields: PodCase, log: string[]): string {
  const found = diagnose(evidenceOfPod({ ...fields, log }), { rules, propose: () => [] }).verdict;
  return `${found.cause} ${found.grade}`;
}

const stamp = (i: number): string => `2026-07-01T11:59:${String(i % 60).padStart(2, '0')}.123456789Z`;

test.each<[string, (line: string, i: number) => string]>([
  ['kubectl logs --timestamps', (line, i) => `${stamp(i)} ${line}`],
  ['kubectl logs --prefix', (line) => `[pod/api-7c4cf845f9-bh4cf/api] ${line}`],
  ["the runtime's own files", (line, i) => `${stamp(i)} stderr F ${line}`],
  ["Docker's json-file driver", (line, i) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time: stamp(i) })],
  ['stern', (line) => `api-7c4cf845f9-bh4cf api ${line}`],
  ['docker compose', (line) => `api-1  | ${line}`],
  ['a terminal with colours', (line) => `\u001b[31m${line}\u001b[0m`],
  ['Windows line ends', (line) => `${line}\r`],
])('%s: every log says what it said before', (name, wrap) => {
  // An eighth of them for each wrapper, another for the next.
  const some = cases.filter((_, i) => i % 8 === name.length % 8);
  expect(some.length).toBeGreaterThan(30);
  const changed = some.filter(({ fields, log }) => verdict(fields, log.map(wrap)) !== verdict(fields, log));
  expect(changed.map(({ who }) => who)).toEqual([]);
});

test('one line that begins like a wrapper is taken as it stands', () => {
  expect(verdict({ exit: 1 }, ['api-1  | FATAL: DATABASE_URL is not set'])).toBe('env-missing confirmed');
});

test('shutting down after the error leaves the error as the last words', () => {
  const error = 'Error: required environment variable API_KEY is not set';
  const after = [
    'time="12:00:01" level=info msg="stopping http server"',
    'flushing metrics',
    'INFO stopped',
    'Goodbye',
  ];
  expect(verdict({ exit: 1 }, [error, ...after])).toBe('env-missing confirmed');
});

test('the end of many attempts is told by what the attempts said', () => {
  const attempts = [2, 4, 8].map((s) => `WARN dial tcp db:5432: connect: connection refused, retrying in ${s}s`);
  expect(verdict({ exit: 1 }, [...attempts, 'ERROR giving up after 3 attempts'])).toBe('dependency-refused confirmed');
  expect(verdict({ exit: 1 }, [...attempts, 'ERROR API_KEY is required'])).toBe('env-missing confirmed');
});
