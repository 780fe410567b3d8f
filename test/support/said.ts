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
import type { KubeObject, LogText, Snapshot, Target } from '../../src/core/snapshot.ts';
import { type PodCase, snapshotOfPod, TARGET_OF_POD } from './pod.ts';

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
  /** As it was read, before anything was hidden. */
  snapshot: Snapshot;
  target: Target;
  evidence: Evidence;
}

/** `mangled`: what came through a chat or mail client before it was pasted. */
export function allSaid(folder: 'said' | 'mangled' = 'said'): Said[] {
  const path = fileURLToPath(new URL(`../fixtures/${folder}/`, import.meta.url));
  return readdirSync(path)
    .filter((file) => file.endsWith('.txt'))
    .sort()
    .flatMap((file) => readFileSync(join(path, file), 'utf8').split(/^=== /m).slice(1).map(saidIn));
}

export function saidIn(block: string): Said {
  const [heading = '', ...lines] = block.trimEnd().split('\n');
  const [expected = '', who = '', shows = ''] = heading.split(' :: ');
  const [verdict = '', container] = expected.split(' @');
  const isPod = lines[0]?.startsWith('%% {') ?? false;
  const snapshot = snapshotIn(lines);
  const target = isPod ? TARGET_OF_POD : {};
  return {
    who,
    verdict,
    cause: verdict.split(' ')[0] ?? '',
    ...(container === undefined ? {} : { container }),
    shows: shows.split('; ').filter((words) => words !== ''),
    text: lines.join('\n'),
    snapshot,
    target,
    evidence: evidenceOf(isPod ? snapshot : redactSnapshot(snapshot).snapshot, target),
  };
}

function snapshotIn(lines: string[]): Snapshot {
  if (lines[0] === '%% cluster') return ofCluster(lines.slice(1).join('\n'));
  return lines[0]?.startsWith('%% ') ? ofPod(lines[0].slice(3), lines.slice(1)) : readPaste(lines.join('\n'));
}

/** Without lines below its fields the log of the pod was not read; a silent one says `"log": []`. */
function ofPod(fields: string, log: string[]): Snapshot {
  return snapshotOfPod({ ...(log.length ? { log } : {}), ...(JSON.parse(fields) as PodCase) });
}

/** What every namespace holds: a recording with both was made of the whole namespace. */
const EVERYWHERE =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kube-root-ca.crt}\n---\nkind: ServiceAccount\nmetadata: {name: default}\n---\n';
const LOG = /^--- log (\S+) (\S+) (previous|current)\n/m;

/** Names and namespaces that a case leaves out are those of its first object. */
function ofCluster(body: string): Snapshot {
  const [yaml = '', ...rest] = body.split(LOG);
  const objects = parseAllDocuments(EVERYWHERE + yaml, { logLevel: 'error' }).map((d) => d.toJS() as KubeObject);
  const namespace = objects[2]?.metadata.namespace ?? 'shop';
  for (const o of objects) if (o.kind !== 'Node' && o.kind !== 'Namespace') o.metadata = { namespace, ...o.metadata };
  const logs: LogText[] = [];
  for (let i = 0; i + 3 < rest.length; i += 4)
    logs.push({ pod: rest[i]!, container: rest[i + 1]!, run: rest[i + 2] as LogText['run'], text: rest[i + 3]! });
  return { cluster: 'recording', now: newestTimestamp(objects), objects, logs, unread: [], templateHashes: {} };
}

function evidenceOf(snapshot: Snapshot, target: Target): Evidence {
  const evidence = evidenceFrom(snapshot, target, 'recording');
  if (!evidence) throw new Error('the case holds nothing to diagnose');
  return evidence;
}
