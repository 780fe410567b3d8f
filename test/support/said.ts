// What programs, kubelets and runtimes say, and what it means: cases as text in test/fixtures/said/*.txt.
// A case begins with `=== CAUSE GRADE [@CONTAINER] :: who says it [:: what the answer shows; …]`. Below stands what a person
// pastes; or, after a line `%% {…}` with the fields of a PodCase, the log of such a pod; or, after a line `%% cluster`, the
// objects of a recording as YAML, its logs at the end, each after a line `--- log POD CONTAINER RUN`.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { newestTimestamp } from '../../src/cli/recording.ts';
import type { Evidence } from '../../src/core/evidence.ts';
import { evidenceFrom } from '../../src/core/evidence-from.ts';
import { readPaste } from '../../src/core/paste.ts';
import { redactSnapshot } from '../../src/core/redact.ts';
import type { KubeObject, LogText, Snapshot } from '../../src/core/snapshot.ts';
import { evidenceOfPod, type PodCase } from './pod.ts';

export interface Said {
  who: string;
  /** "env-missing confirmed", "unknown". */
  verdict: string;
  cause: string;
  /** The container to blame, where the case says it. */
  container?: string;
  /** What the first answer shows. */
  shows: string[];
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

export function saidIn(block: string): Said {
  const [heading = '', ...lines] = block.trimEnd().split('\n');
  const [expected = '', who = '', shows = ''] = heading.split(' :: ');
  const [verdict = '', container] = expected.split(' @');
  return {
    who,
    verdict,
    cause: verdict.split(' ')[0] ?? '',
    ...(container === undefined ? {} : { container }),
    shows: shows.split('; ').filter((words) => words !== ''),
    text: lines.join('\n'),
    evidence: evidenceIn(lines),
  };
}

function evidenceIn(lines: string[]): Evidence {
  if (lines[0] === '%% cluster') return ofCluster(lines.slice(1).join('\n'));
  return lines[0]?.startsWith('%% ') ? ofPod(lines[0].slice(3), lines.slice(1)) : ofPaste(lines.join('\n'));
}

/** Without lines below its fields the log of the pod was not read; a silent one says `"log": []`. */
function ofPod(fields: string, log: string[]): Evidence {
  return evidenceOfPod({ ...(log.length ? { log } : {}), ...(JSON.parse(fields) as PodCase) });
}

function ofPaste(text: string): Evidence {
  return evidenceOf(readPaste(text));
}

/** What every namespace holds: a recording with both was made of the whole namespace. */
const EVERYWHERE =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-root-ca.crt}\n---\nkind: ServiceAccount\nmetadata: {name: default}\n---\n';
const LOG = /^--- log (\S+) (\S+) (previous|current)\n/m;

/** Names and namespaces that a case leaves out are those of its first object. */
function ofCluster(body: string): Evidence {
  const [yaml = '', ...rest] = body.split(LOG);
  const objects = parseAllDocuments(EVERYWHERE + yaml).map((d) => d.toJS() as KubeObject);
  const namespace = objects[2]?.metadata.namespace ?? 'shop';
  for (const o of objects) if (o.kind !== 'Node' && o.kind !== 'Namespace') o.metadata = { namespace, ...o.metadata };
  const logs: LogText[] = [];
  for (let i = 0; i + 3 < rest.length; i += 4)
    logs.push({ pod: rest[i]!, container: rest[i + 1]!, run: rest[i + 2] as LogText['run'], text: rest[i + 3]! });
  return evidenceOf({
    cluster: 'recording',
    now: newestTimestamp(objects),
    objects,
    logs,
    unread: [],
    templateHashes: {},
  });
}

function evidenceOf(snapshot: Snapshot): Evidence {
  const evidence = evidenceFrom(redactSnapshot(snapshot).snapshot, {}, 'recording');
  if (!evidence) throw new Error('the case holds nothing to diagnose');
  return evidence;
}
