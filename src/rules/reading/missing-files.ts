// Files that the last run found missing, each with what its path is made of. Where the line does not name the path
// (Rust, C's perror), a path in the lines just before is the one meant.

import type { ContainerCase } from '../../core/case.ts';
import type { Evidence } from '../../core/evidence.ts';
import { known } from '../../core/fact.ts';
import { type LogHit, logHits } from '../../core/log-signs.ts';
import { MISSING_FILE, PATH_BEFORE } from '../vocabulary/missing-file.ts';
import { type MountedFile, mountedFile } from './mounted-file.ts';
import { linesAround } from './said.ts';

export interface MissingFile {
  hit: LogHit;
  /** "" when no line names it. */
  path: string;
  file: MountedFile | undefined;
}

export function missingFileHits(evidence: Evidence, k: ContainerCase): MissingFile[] {
  return logHits(k, MISSING_FILE).map((hit) => {
    const path = absolute(hit.groups.path || before(k, hit), k);
    return { hit, path, file: path ? mountedFile(evidence, k, path) : undefined };
  });
}

function before(k: ContainerCase, hit: LogHit): string {
  const lines = linesAround(k, hit.line.n, 4, 0).reverse();
  for (const line of lines) {
    const path = PATH_BEFORE.exec(line.text)?.groups?.path;
    if (path && !/\.(?:rs|go|py|js|ts|java|rb|c|cc|cpp)$/.test(path)) return path;
  }
  return '';
}

function absolute(path: string, k: ContainerCase): string {
  if (path === '' || path.startsWith('/')) return path;
  const dir = known(k.container.workingDir);
  return dir ? `${dir.replace(/\/$/, '')}/${path.replace(/^\.\//, '')}` : path;
}
