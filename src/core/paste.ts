// Reads text that a person pasted: describes, event and pod tables, manifests and logs in any order and any shape a
// chat client left them in. Never throws; what the paste does not show is unread, never absent.

import { at, isObject, text } from './json.ts';
import { WORKLOAD_KINDS } from './kind-names.ts';
import { assemble } from './paste/assemble.ts';
import { cleanLines, indentOf } from './paste/clean.ts';
import type { Command } from './paste/command.ts';
import { readDescribe } from './paste/describe.ts';
import { isQuotaHeading } from './paste/describe-lines.ts';
import { claimFrom, isKeyList, keyListFrom, nodeFrom, quotaFrom } from './paste/describe-others.ts';
import { podFrom } from './paste/describe-pod.ts';
import { kindOfDescribed, workloadFrom } from './paste/describe-workload.ts';
import { CUT, type Draft, emptyDraft } from './paste/draft.ts';
import { rejoined, withRests } from './paste/hard-wrap.ts';
import { kindNamed } from './paste/kinds.ts';
import { type LogHints, readLog } from './paste/logs.ts';
import { madeAt } from './paste/made-at.ts';
import { readManifest } from './paste/manifest.ts';
import { withLineEnds } from './paste/one-line.ts';
import { type Part, partsOf } from './paste/parts.ts';
import { allUnread } from './paste/pods.ts';
import { podFromRow, speaksOfOne } from './paste/pods-table.ts';
import { describedEvent, type EventRow, listedEvent, podRow } from './paste/rows.ts';
import { refilled } from './paste/soft-wrap.ts';
import { later, stampOf, timeOf } from './paste/times.ts';
import type { KubeObject, Snapshot } from './snapshot.ts';

export interface PastedFile {
  /** File name, if there was one: describe.txt, previous.txt, `POD.CONTAINER.previous.txt`, pod.yaml … */
  name?: string;
  text: string;
}

/** `now` of the snapshot is the newest absolute time in the paste; event ages count back from it. */
export function readPaste(pasted: string | PastedFile[]): Snapshot {
  const draft = emptyDraft();
  for (const file of typeof pasted === 'string' ? [{ text: pasted }] : pasted) readFile(draft, file);
  return assemble(draft);
}

const LOG_FILE = /(?:^|[./_-])(?:previous|current|logs?)\.(?:txt|log)$|\.log$/i;
/** As recordings name them. */
const RECORDED = /^([a-z0-9][a-z0-9.-]*)\.([a-z0-9-]+)\.(?:previous|current)\.txt$/;

function readFile(draft: Draft, { name = '', text: content }: PastedFile): void {
  const cleaned = cleanLines(content);
  const { lines, rests } = refilled(cleaned) ?? rejoined(cleaned);
  const base = name.split('/').at(-1) ?? '';
  if (LOG_FILE.test(base)) {
    const [pod = '', container = ''] = RECORDED.exec(base)?.slice(1) ?? [];
    readLogPart(draft, withRests(lines, rests), {
      run: /previous/i.test(base) ? 'previous' : 'current',
      whole: true,
      ...(pod ? { pod, container } : {}),
    });
    return;
  }
  const whole = lines.map(withLineEnds);
  const spread = whole.flatMap((one, i) => [...one.slice(1).map(() => 0), rests[i] ?? 0]);
  for (const part of partsOf(whole.flat(), spread)) readPart(draft, part);
}

function readPart(draft: Draft, { sort, lines, command, aside = false }: Part): void {
  if (command?.verb === 'events' || (command?.verb === 'get' && kindNamed(command.kind) === 'Event'))
    draft.eventsListed = true;
  if (sort === 'describe') readDescribePart(draft, lines, command);
  else if (sort === 'events') readEventsPart(draft, lines, command);
  else if (sort === 'pods') readPodsPart(draft, lines, command);
  else if (sort === 'manifest') readManifestPart(draft, lines);
  else if (sort === 'log') readLogPart(draft, lines, { command, aside });
  else if (sort === 'silence') readLogPart(draft, [], { command, silent: true });
}

function readLogPart(draft: Draft, lines: string[], hints: LogHints): void {
  const logs = draft.logs.length;
  readLog(draft, lines, hints);
  for (const log of draft.logs.slice(logs)) {
    // The newest stamp stands at the end; a program may print dates of other things in between.
    for (const line of log.lines.slice(-50)) draft.newest = later(draft.newest, stampOf(line));
  }
}

function readDescribePart(draft: Draft, pasted: string[], command: Command | undefined): void {
  const base = indentOf(pasted[0] ?? '');
  const lines = base > 0 ? pasted.map((line) => line.slice(Math.min(base, indentOf(line)))) : pasted;
  const d = readDescribe(lines);
  const asked = command?.verb === 'describe' && command.kind ? kindNamed(command.kind) : '';
  if (!d.head.has('Name') && command?.verb === 'describe' && command.name) d.head.set('Name', [command.name]);
  const name = d.head.get('Name')?.[0] ?? '';
  const isQuota = lines.some(isQuotaHeading);
  const kind = isQuota ? 'ResourceQuota' : isKeyList(lines) ? 'keys' : kindOfDescribed(d, asked);
  const onlyEvents = d.containers.length === 0 && d.head.size === 0 && d.events.length > 0;
  if (!onlyEvents) {
    if (kind === 'keys') draft.objects.push(keyListFrom(d, lines, asked));
    else if (isQuota) draft.objects.push(quotaFrom(d, lines));
    else if (kind === 'Node') draft.objects.push(nodeFrom(d, lines));
    else if (kind === 'PersistentVolumeClaim') draft.objects.push(claimFrom(d));
    else if (kind === 'Pod' || d.seen.has('Pod Template') || WORKLOAD_KINDS.includes(kind)) {
      const { object, unread } = kind === 'Pod' ? podFrom(d) : workloadFrom(d, kind);
      draft.objects.push(object);
      for (const part of unread) draft.unread.push(part);
    }
  }
  const namespace = d.head.get('Namespace')?.[0] ?? command?.namespace ?? '';
  if (d.seen.has('Events')) draft.eventsListed = true;
  for (const row of d.events) addEvent(draft, { ...row, kind: kind === 'keys' ? 'ConfigMap' : kind, name, namespace });
  for (const line of lines) draft.newest = later(draft.newest, timeIn(line));
  draft.newest = later(draft.newest, madeAt(d));
}

const DATED = /\s([A-Z][a-z]{2}, \d\d? [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4})(?=\s|$)/g;

function timeIn(line: string): string {
  let newest = '';
  if (line.length < 400) for (const match of line.matchAll(DATED)) newest = later(newest, timeOf(match[1]!) ?? '');
  return newest;
}

function readEventsPart(draft: Draft, lines: string[], command: Command | undefined): void {
  draft.eventsListed = true;
  let last: EventRow | undefined;
  for (const line of lines) {
    const row = listedEvent(line) ?? describedEvent(line);
    if (row) last = addEvent(draft, { ...row, namespace: row.namespace || (command?.namespace ?? '') });
    else if (last && line.trim() !== '' && !/^[A-Z\s]+$/.test(line)) last.message += ` ${line.trim()}`;
  }
}

function addEvent(draft: Draft, row: EventRow): EventRow {
  const event = { ...row, order: draft.events.length + 1 };
  draft.events.push(event);
  return event;
}

function readPodsPart(draft: Draft, lines: string[], command: Command | undefined): void {
  if (command?.name === '' || command === undefined) draft.podsListed = true;
  for (const line of lines) {
    const row = podRow(line);
    if (!row) continue;
    draft.glimpses.push(podFromRow({ ...row, namespace: row.namespace || (command?.namespace ?? '') }));
    if (row.restarted) draft.restarted.set(row.name, row.restarted);
    if (speaksOfOne(row))
      draft.unread.push({
        at: `ContainerNames/${row.name}`,
        why: `the table does not say which of its ${row.of} it is`,
      });
  }
}

function readManifestPart(draft: Draft, lines: string[]): void {
  const { objects, cut } = readManifest(lines);
  for (const object of objects) {
    draft.objects.push(object);
    if (object.kind === 'Event') draft.eventsListed = true;
    if (object.kind === 'Pod' && text(at(object, 'status', 'phase')) === undefined) markCut(draft, object);
    if (object.kind === 'Pod' && object.apiVersion === undefined)
      allUnread(text(object.metadata.name) ?? '', draft.unread);
    draft.newest = later(draft.newest, newestIn(object, 0));
  }
  if (cut) draft.unread.push({ at: 'pasted text', why: CUT });
}

/** Status is printed last and its phase near its end: without it something below is missing. */
function markCut(draft: Draft, pod: KubeObject): void {
  const name = text(pod.metadata.name) ?? '';
  draft.unread.push({ at: `Pod/${name}:status`, why: CUT });
  if (!isObject(pod.status)) draft.unread.push({ at: `Pod/${name}:spec`, why: CUT });
  if (name === '') draft.unread.push({ at: `Pod/${name}:metadata`, why: CUT });
}

const TIME_KEY = /(?:At|Time|Timestamp|time)$/;

function newestIn(value: unknown, depth: number): string {
  if (depth > 12 || typeof value !== 'object' || value === null) return '';
  let newest = '';
  for (const [key, child] of Object.entries(value)) {
    if (typeof child === 'string') {
      if (TIME_KEY.test(key)) newest = later(newest, timeOf(child) ?? '');
    } else newest = later(newest, newestIn(child, depth + 1));
  }
  return newest;
}
