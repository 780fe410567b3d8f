// The published form of the JSON document, held against real answers and against broken ones.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, object } from '../src/core/json.ts';
import { document } from '../src/core/report/document.ts';
import { documentOf } from './support/document.ts';
import { reportSchemaText } from './support/generate/report.ts';
import { breaches } from './support/json-schema.ts';
import { recordingDirs, score } from './support/recordings.ts';

const schema = object(JSON.parse(reportSchemaText()));
const documents: unknown[] = recordingDirs().map((dir) => JSON.parse(JSON.stringify(score(dir).report)));
documents.push({ schemaVersion: 1, source: '/nowhere', error: 'There is no folder /nowhere. Check the path.' });

describe('docs/report.schema.json', () => {
  test('describes every answer, and every field of it', () => {
    for (const one of documents) {
      documentOf(one);
      expect(breaches(one, schema)).toEqual([]);
    }
  });

  test('leaves room for fields that later versions add', () => {
    expect(breaches({ ...object(documents[0]), moon: 'full' }, schema)).toEqual([]);
  });

  test('refuses just what our own reading refuses', () => {
    const bent = fc.constantFrom<unknown>(undefined, null, 7, '', 'x', true, [], {}, ['x'], { text: 7 });
    const documentAt = fc.integer({ min: 0, max: documents.length - 1 });
    fc.assert(
      fc.property(documentAt, fc.infiniteStream(fc.nat({ max: 30 })), bent, (n, steps, value) => {
        const one = structuredClone(documents[n]);
        bend(one, steps, value);
        expect(breaches(one, schema).length === 0).toBe(document.safeParse(one).success);
      }),
      { numRuns: 1_500 },
    );
  });
});

/** Goes down by `steps` to a field at any depth and puts `value` there; undefined takes the field away. */
function bend(here: unknown, steps: Iterator<number>, value: unknown): void {
  const keys = Object.keys(here as object);
  const key = keys[(steps.next().value ?? 0) % keys.length] ?? '';
  const holder = here as { [key: string]: unknown };
  const below = holder[key];
  const deeper = (steps.next().value ?? 0) % 4 !== 0;
  if (deeper && (isObject(below) || Array.isArray(below)) && Object.keys(below).length > 0) bend(below, steps, value);
  else if (value === undefined && !Array.isArray(here)) delete holder[key];
  else holder[key] = value ?? null;
}
