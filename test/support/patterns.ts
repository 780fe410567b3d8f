// Every regular expression of the pure rooms: those written out in their source, and those put together as the modules
// are loaded and the recordings are diagnosed.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Pattern } from './pattern-inputs.ts';
import { patternsOf } from './source.ts';

export interface FoundPattern extends Pattern {
  /** `rules/vocabulary/bind.ts:44`, or "put together" when it is not written out. */
  where: string;
}

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** Loads the rooms, and then uses them: whatever `use` puts together is found too. */
export async function allPatterns(rooms: string[], use: () => Promise<void>): Promise<FoundPattern[]> {
  const files = rooms.flatMap((room) =>
    readdirSync(join(src, room), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(src, room, file)),
  );
  const found = new Map<string, FoundPattern>();
  const add = (one: FoundPattern): void => {
    const known = found.get(one.source);
    // With the flag m a pattern may begin on every line: the harder case stands for both.
    if (!known || (one.flags.includes('m') && !known.flags.includes('m')))
      found.set(one.source, { ...one, where: known?.where ?? one.where });
  };
  for (const file of files)
    for (const { source, flags, line } of patternsOf(readFileSync(file, 'utf8')))
      add({ source, flags, where: `${relative(src, file)}:${line}` });
  const Original = RegExp;
  globalThis.RegExp = new Proxy(Original, {
    construct(target, [source, flags]: [string | RegExp, string?]) {
      const made = new target(source, flags);
      add({ source: made.source, flags: made.flags, where: 'put together' });
      return made;
    },
  });
  for (const file of files) await import(pathToFileURL(file).href);
  await use();
  globalThis.RegExp = Original;
  return [...found.values()];
}
