// How real programs print secrets, and what they print that only looks like one: tables in test/fixtures/secrets, through
// the doors by which text enters. Every secret there is made up.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { redactSnapshot, redactText } from '../src/core/redact.ts';
import type { KubeObject, Snapshot } from '../src/core/snapshot.ts';
import { leaks, markedCases } from './support/marked-secrets.ts';

const FOLDER = 'test/fixtures/secrets';
const rounds = readdirSync(FOLDER).filter((file) => file.endsWith('-round.txt'));
const kept = readFileSync(join(FOLDER, 'kept.txt'), 'utf8').trimEnd().split('\n');

/** A text where a cluster may hold it: an event, a status, an annotation, a ConfigMap, a log. */
function holding(text: string): Snapshot {
  const metadata = { name: 'x', namespace: 'shop' };
  const objects: KubeObject[] = [
    { apiVersion: 'v1', kind: 'Event', metadata, message: text },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, annotations: { note: text } },
      status: { message: text },
    },
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'api', args: ['sh', '-c', text] }] } },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { file: text } },
  ];
  const logs = [{ pod: 'x', container: 'api', run: 'previous' as const, text: `0\n${text}\n1` }];
  return {
    cluster: 'c',
    now: '2026-07-01T12:00:00Z',
    objects,
    logs,
    unread: [{ at: 'log', why: text }],
    templateHashes: {},
  };
}

const stringsIn = (value: unknown): string =>
  typeof value === 'string'
    ? `${value}\n`
    : typeof value === 'object' && value !== null
      ? Object.values(value).map(stringsIn).join('')
      : '';

describe.each(rounds)('%s', (file) => {
  test.each(markedCases(join(FOLDER, file)).map((one) => [one.title, one] as const))('hides: %s', (_title, one) => {
    const { text, removed } = redactText(one.text);
    expect(leaks(one, text)).toEqual([]);
    expect(removed.length).toBeGreaterThan(0);
    expect(text.split('\n')).toHaveLength(one.text.split('\n').length);
    expect(redactText(text).text).toBe(text);
    const among = redactText(`starting up\n${one.text}\nready`).text;
    expect(leaks(one, among)).toEqual([]);
    expect(among.startsWith('starting up\n') && among.endsWith('\nready')).toBe(true);
    expect(leaks(one, stringsIn(redactSnapshot(holding(one.text)).snapshot))).toEqual([]);
  });
});

describe('evidence', () => {
  test.each(kept)('survives: %s', (line) => {
    expect(redactText(line)).toEqual({ text: line, removed: [] });
  });

  test('survives also where all of it stands together', () => {
    expect(redactText(kept.join('\n')).text.split('\n')).toEqual(kept);
  });
});
