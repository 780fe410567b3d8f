// Reads a recording: a folder with objects.json and logs/, or describe.txt where objects are missing.
// Opens nothing else, so that a recording's truth can never help its diagnosis.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { templateHashOf } from '../core/action.ts';
import { at, isObject, objects, text } from '../core/json.ts';
import { readPaste } from '../core/paste.ts';
import { redactSnapshot } from '../core/redact.ts';
import type { KubeObject, LogText, Snapshot } from '../core/snapshot.ts';

/** Larger files are refused: nothing a cluster returns for one namespace is this big. */
const MAX_BYTES = 200 * 1024 * 1024;

/** A recording that cannot be read; the message is one sentence with the cure. */
export class UnreadableRecording extends Error {}

export function readRecording(dir: string): Snapshot {
  const objectsFile = join(dir, 'objects.json');
  if (!existsSync(dir)) throw new UnreadableRecording(`There is no folder ${dir}. Give the folder of a recording.`);
  if (!existsSync(objectsFile)) return fromDescribe(dir);
  const items = parseObjects(readBounded(objectsFile), objectsFile);
  const snapshot: Snapshot = {
    cluster: 'recording',
    now: newestTimestamp(items),
    objects: items,
    logs: readLogs(join(dir, 'logs'), items),
    unread: [],
    templateHashes: templateHashes(items),
  };
  return redactSnapshot(snapshot).snapshot;
}

function fromDescribe(dir: string): Snapshot {
  const describe = join(dir, 'describe.txt');
  if (!existsSync(describe)) {
    throw new UnreadableRecording(
      `${dir} holds neither objects.json nor describe.txt. Record one with: loopbreaker record POD ${dir}`,
    );
  }
  const snapshot = readPaste([{ name: 'describe.txt', text: readBounded(describe) }]);
  const logs = readLogs(join(dir, 'logs'), snapshot.objects);
  const readPods = new Set(logs.map((l) => `${l.pod}/${l.container}`));
  const unread = snapshot.unread.filter(
    (u) => !/^log\.\w+\//.test(u.at) || !readPods.has(u.at.replace(/^log\.\w+\//, '')),
  );
  return redactSnapshot({ ...snapshot, cluster: 'recording', logs: [...logs, ...snapshot.logs], unread }).snapshot;
}

function readBounded(file: string): string {
  const { size } = statSync(file);
  if (size > MAX_BYTES)
    throw new UnreadableRecording(
      `${file} is larger than ${MAX_BYTES / 1024 / 1024} MiB. Record one workload at a time.`,
    );
  return readFileSync(file, 'utf8');
}

function parseObjects(body: string, file: string): KubeObject[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new UnreadableRecording(`${file} is not JSON. Record the pod again.`);
  }
  const items = Array.isArray(parsed)
    ? parsed
    : isObject(parsed) && Array.isArray(parsed.items)
      ? parsed.items
      : [parsed];
  return objects(items)
    .filter((o) => typeof o.kind === 'string')
    .map((o) => ({ ...o, kind: String(o.kind), metadata: isObject(o.metadata) ? o.metadata : {} }));
}

/** `<pod>.<container>.<previous|current>.txt`; pod and container names have no upper-case letters, pods may have dots. */
function readLogs(dir: string, items: KubeObject[]): LogText[] {
  if (!existsSync(dir)) return [];
  const pods = items.filter((o) => o.kind === 'Pod').map((o) => text(o.metadata.name) ?? '');
  return readdirSync(dir)
    .sort()
    .flatMap((file) => {
      const match = /^(.+)\.([^.]+)\.(previous|current)\.txt$/.exec(basename(file));
      if (!match) return [];
      const stem = `${match[1]}.${match[2]}`;
      const pod = pods.find((p) => stem.startsWith(`${p}.`)) ?? match[1] ?? '';
      return [
        {
          pod,
          container: stem.slice(pod.length + 1),
          run: match[3] as 'previous' | 'current',
          text: readBounded(join(dir, file)),
        },
      ];
    });
}

function templateHashes(items: KubeObject[]): Snapshot['templateHashes'] {
  const hashes: Snapshot['templateHashes'] = {};
  for (const item of items) {
    const uid = text(item.metadata.uid);
    const template =
      at(item, 'spec', 'template') ??
      at(item, 'data', 'spec', 'template') ??
      at(item, 'spec', 'jobTemplate', 'spec', 'template');
    if (uid && template) hashes[uid] = templateHashOf(template);
  }
  return hashes;
}

const STAMP = /"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"/g;

/** "Now" of a recording is its newest timestamp. */
export function newestTimestamp(items: KubeObject[]): string {
  const parts = items.map((o) =>
    JSON.stringify([o.metadata, o.status, o.lastTimestamp, o.firstTimestamp, o.eventTime, o.series]),
  );
  let newest = '';
  for (const part of parts)
    for (const match of part.matchAll(STAMP)) if ((match[1] ?? '') > newest) newest = match[1] ?? '';
  return newest || '1970-01-01T00:00:00Z';
}
