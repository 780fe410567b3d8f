// What programs, kubelets and runtimes say, and what it means: cases as text in test/fixtures/said/*.txt.
// A case begins with `=== CAUSE GRADE :: who says it`. Below stands what a person pastes, or, after a line `%% {…}`
// with the fields of a PodCase, the log of such a pod.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Evidence } from '../../src/core/evidence.ts';
import { evidenceFrom } from '../../src/core/evidence-from.ts';
import { readPaste } from '../../src/core/paste.ts';
import { redactSnapshot } from '../../src/core/redact.ts';
import { evidenceOfPod, type PodCase } from './pod.ts';

export interface Said {
  who: string;
  /** "env-missing confirmed", "unknown". */
  verdict: string;
  cause: string;
  text: string;
  evidence: Evidence;
}

const FOLDER = fileURLToPath(new URL('../fixtures/said/', import.meta.url));

export function allSaid(): Said[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) => readFileSync(join(FOLDER, file), 'utf8').split(/^=== /m).slice(1).map(saidIn));
}

function saidIn(block: string): Said {
  const [heading = '', ...lines] = block.trimEnd().split('\n');
  const [verdict = '', who = ''] = heading.split(' :: ');
  const evidence = lines[0]?.startsWith('%% ') ? ofPod(lines[0].slice(3), lines.slice(1)) : ofPaste(lines.join('\n'));
  return { who, verdict, cause: verdict.split(' ')[0] ?? '', text: lines.join('\n'), evidence };
}

/** Without lines below its fields the log of the pod was not read; a silent one says `"log": []`. */
function ofPod(fields: string, log: string[]): Evidence {
  return evidenceOfPod({ ...(log.length ? { log } : {}), ...(JSON.parse(fields) as PodCase) });
}

function ofPaste(text: string): Evidence {
  const evidence = evidenceFrom(redactSnapshot(readPaste(text)).snapshot, {}, 'pasted text');
  if (!evidence) throw new Error(`nothing to diagnose in: ${text.slice(0, 200)}`);
  return evidence;
}
