// Whatever is pasted, a snapshot comes out: cut, shuffled, re-indented, binary, gigantic. FUZZ_RUNS makes it a long run.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import { readPaste } from '../src/core/paste.ts';
import { redactSnapshot } from '../src/core/redact.ts';
import type { Snapshot } from '../src/core/snapshot.ts';

const RECORDINGS = join(import.meta.dirname, 'recordings');
const FIXTURES = join(import.meta.dirname, 'fixtures', 'paste');
const numRuns = Number(process.env.FUZZ_RUNS ?? 400);

const texts = [
  ...readdirSync(RECORDINGS, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => readFileSync(join(RECORDINGS, e.name, 'describe.txt'), 'utf8')),
  ...readdirSync(FIXTURES).map((name) => readFileSync(join(FIXTURES, name), 'utf8')),
];

function wellFormed(snapshot: Snapshot): void {
  expect(snapshot.now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  for (const object of snapshot.objects)
    expect([typeof object.kind, typeof object.metadata]).toEqual(['string', 'object']);
  for (const part of snapshot.unread) expect([part.at, part.why].every((text) => text.length > 0)).toBe(true);
  expect(new Set(snapshot.unread.map((part) => part.at)).size).toBe(snapshot.unread.length);
  for (const log of snapshot.logs)
    expect(snapshot.objects.some((o) => o.kind === 'Pod' && o.metadata.name === log.pod)).toBe(true);
  evidenceFrom(redactSnapshot(snapshot).snapshot, {}, 'paste');
}

const line = fc.oneof(
  fc.constantFrom(...texts).chain((text) => fc.constantFrom(...text.split('\n'))),
  fc.constantFrom(
    '',
    '```',
    '> ',
    '$ kubectl logs x -c y --previous',
    '$ kubectl describe pod x',
    'Name: x',
    'Namespace: y',
    'Containers:',
    'apiVersion: v1',
    'kind: Pod',
    '{',
    '}',
    '[',
    '"a": 1,',
    'Events:',
    'Events: <none>',
    'Data',
    '====',
    '---',
  ),
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

describe('any paste', () => {
  it('of lines thrown together is read', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.constantFrom('\n', '\r\n', '\r'), (lines, newline) =>
        wellFormed(readPaste(lines.join(newline))),
      ),
      { numRuns },
    );
  });

  it('cut, doubled, shuffled by blocks and re-indented is read', () => {
    const piece = fc
      .tuple(fc.constantFrom(...texts), fc.nat({ max: 6_000 }), fc.integer({ min: 1, max: 4_000 }), fc.nat({ max: 9 }))
      .map(([text, from, length, depth]) =>
        text
          .slice(from, from + length)
          .split('\n')
          .map((l) => ' '.repeat(depth) + l)
          .join('\n'),
      );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => wellFormed(readPaste(pieces.join('\n')))),
      { numRuns },
    );
  });

  it('of several files with any names is read', () => {
    const name = fc.oneof(
      fc.constantFrom(
        'describe.txt',
        'events.txt',
        'previous.txt',
        'current.txt',
        'pod.yaml',
        'pod.json',
        'a.b.previous.txt',
        'dir/x.log',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ name, text: fc.constantFrom(...texts, '', '\u0000') }, { requiredKeys: ['text'] }), {
          maxLength: 4,
        }),
        (files) => wellFormed(readPaste(files)),
      ),
      { numRuns: Math.ceil(numRuns / 2) },
    );
  });

  it.each([
    ['nothing', ''],
    ['blank lines', '\n\n\n'],
    ['bytes', Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256)).toString('latin1')],
    ['half a surrogate', '\ud800Name: x\nNamespace: y'],
    [
      'aliases without end',
      `apiVersion: v1\nkind: Pod\na: &a [x,x,x]\n${Array.from({ length: 20 }, (_, i) => `k${i}: &k${i} [${`*${i === 0 ? 'a' : `k${i - 1}`},`.repeat(9)}]`).join('\n')}`,
    ],
    ['brackets without end', '{"apiVersion":"v1","kind":"Pod","a":'.repeat(20_000)],
    ['an unclosed object', '{\n"apiVersion": "v1",\n'.repeat(20_000)],
    ['five megabytes of one character', 'a'.repeat(5_000_000)],
    [
      'five megabytes of log',
      '2026-11-21T02:27:36Z ERROR cannot connect to db:5432: connection refused\n'.repeat(70_000),
    ],
    ['many pods', texts.join('\n\n')],
    ['many containers', '  a:\n    Image: b\n'.repeat(50_000)],
    ['a very long row', `Normal  Pulled  5m  kubelet  ${'x '.repeat(500_000)}`],
    ['a table that never ends', 'Normal  Pulled  5m  kubelet  x\n'.repeat(50_000)],
    ['words and prompts', '$ kubectl logs a\n'.repeat(50_000)],
  ])('%s is read to its end', (_, text) => {
    wellFormed(readPaste(text));
  });

  it('reads the same text the same way every time', () => {
    for (const text of texts.slice(0, 20)) expect(readPaste(text)).toEqual(readPaste(text));
  });
});
