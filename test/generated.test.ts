// What is generated from the code must be what the code says now.
import { expect, test } from 'vitest';
import { generatedFiles } from './support/generate/files.ts';
import { textOf } from './support/manifests.ts';

for (const { path, text } of generatedFiles()) {
  test(`${path} is up to date with the code (npm run generate)`, () => {
    expect(textOf(path)).toBe(text);
  });
}
