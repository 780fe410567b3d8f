// `npm run generate`: writes every generated text to its place and says which of them changed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from './generate/files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

for (const { path, text } of generatedFiles()) {
  const file = join(root, path);
  const same = contentOf(file) === text;
  if (!same) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  console.log(`${same ? 'unchanged' : 'written  '}  ${path}`);
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
