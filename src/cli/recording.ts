// Reads a recording: a folder with objects.json and logs/, or describe.txt where objects are missing; and read.json,
// which says what was meant and what could not be read, where we recorded it ourselves.
// Opens nothing else, so that a recording's truth can never help its diagnosis.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isObject, objects, text } from '../core/json.ts';
import { readPaste } from '../core/paste.ts';
import { redactSnapshot } from '../core/redact.ts';
import type { KubeObject, LogText, Snapshot, UnreadPart } from '../core/snapshot.ts';
import { templateHash } from '../core/template-hash.ts';
import { LOGS, logFile, OBJECTS, READING, type Reading, readingOf } from './recording-layout.ts';

/** Larger files are refused: nothing a cluster returns for one namespace is this big. */
const MAX_BYTES = 200 * 1024 * 1024;

/** A recording that cannot be read; the message is one sentence with the cure. */
export class UnreadableRecording extends Error {}

export function readRecording(dir: string): Snapshot {
  const objectsFile = join(dir, OBJECTS);
  if (!existsSync(dir)) throw new UnreadableRecording(`There is no folder ${dir}. Give the folder of a recording.`);
  if (!existsSync(objectsFile)) return fromDescribe(dir);
  const items = parseObjects(readBounded(objectsFile), objectsFile);
  const reading = readReading(dir);
  const snapshot: Snapshot = {
    cluster: 'recording',
    now: reading?.readAt ?? newestTimestamp(items),
    objects: items,
    logs: readLogs(join(dir, LOGS), items).map((log) => ({ ...log, ...skipped(log, reading) })),
    unread: reading ? reading.unread : notRecorded(items),
    templateHashes: templateHashes(items),
    ...(reading ? { about: reading.about } : {}),
  };
  return redactSnapshot(snapshot).snapshot;
}

function readReading(dir: string): Reading | undefined {
  const file = join(dir, READING);
  if (!existsSync(file)) return undefined;
  const reading = readingOf(parseJson(readBounded(file), file));
  if (!reading) throw new UnreadableRecording(`${file} is not what loopbreaker record writes. Record the pod again.`);
  return reading;
}

function skipped(log: LogText, reading: Reading | undefined): { skippedBytes?: number } {
  const bytes = reading?.skippedBytes[logFile(log)];
  return bytes ? { skippedBytes: bytes } : {};
}

/** Every namespace holds a ConfigMap with the cluster's certificate and a default ServiceAccount. */
const IN_EVERY_NAMESPACE = ['ConfigMap', 'ServiceAccount'];
/** Kinds of which a namespace may well have none. */
const IN_MANY = [
  'Service',
  'EndpointSlice',
  'ResourceQuota',
  'LimitRange',
  'PersistentVolumeClaim',
  'ReplicaSet',
  'ControllerRevision',
];

/**
 * A recording made by another tool may lack whole kinds. Where it holds none of a kind that every namespace has, that kind
 * was not recorded, and of the others none may have been either: their absence proves nothing.
 */
function notRecorded(items: KubeObject[]): UnreadPart[] {
  const recorded = new Set(items.map((o) => o.kind));
  const whole = IN_EVERY_NAMESPACE.every((kind) => recorded.has(kind));
  // Secrets are often left out on purpose.
  const kinds = [...IN_EVERY_NAMESPACE, 'Secret', 'Event', 'Node', ...(whole ? [] : IN_MANY)];
  return kinds
    .filter((kind) => !recorded.has(kind))
    .map((kind) => ({ at: kind, why: `the recording holds no ${kind} at all` }));
}

function fromDescribe(dir: string): Snapshot {
  const describe = join(dir, 'describe.txt');
  if (!existsSync(describe)) {
    throw new UnreadableRecording(
      `${dir} holds neither objects.json nor describe.txt. Record one with: loopbreaker record POD ${dir}`,
    );
  }
  const snapshot = readPaste([{ name: 'describe.txt', text: readBounded(describe) }]);
  const logs = readLogs(join(dir, LOGS), snapshot.objects);
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

function parseJson(body: string, file: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new UnreadableRecording(`${file} is not JSON. Record the pod again.`);
  }
}

function parseObjects(body: string, file: string): KubeObject[] {
  const parsed = parseJson(body, file);
  const items = Array.isArray(parsed)
    ? parsed
    : isObject(parsed) && Array.isArray(parsed.items)
      ? parsed.items
      : [parsed];
  return objects(items)
    .filter((o) => typeof o.kind === 'string')
    .map((o) => ({ ...o, kind: String(o.kind), metadata: isObject(o.metadata) ? o.metadata : {} }));
}

/** `POD.CONTAINER.RUN.txt`; pod and container names have no upper-case letters, pods may have dots. */
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
    const hash = templateHash(item);
    if (uid && hash !== undefined) hashes[uid] = hash;
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
