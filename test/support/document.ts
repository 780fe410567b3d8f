// Reads what the command line prints with --json, held against the published form: nothing missing, nothing undeclared.
import { expect } from 'vitest';
import type { z } from 'zod';
import { document, type report } from '../../src/core/report/document.ts';

export function documentOf(value: unknown): z.infer<typeof document> {
  const read = document.parse(value);
  expect(read).toEqual(value);
  return read;
}

/** Every line of standard output as a diagnosis. */
export function reportsOf(stdout: string): z.infer<typeof report>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => documentOf(JSON.parse(line)))
    .map((one) => {
      if ('error' in one) throw new Error(one.error);
      return one;
    });
}
