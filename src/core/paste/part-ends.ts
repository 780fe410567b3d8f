// Where a pasted table, list or describe ends. Chat clients and runtimes break its lines; what was broken goes with it.

import { commandOf } from './command.ts';
import { isDescribeLine, startsDescribe, startsObject } from './describe-lines.ts';
import { FENCE } from './fences.ts';
import { manifestEnd } from './manifest.ts';
import { describedEvent, EVENTS_HEADER, PODS_HEADER } from './rows.ts';

/** Rows, their wrapped rests and the table's rule; a blank line or something else ends it. */
export function tableEnd(lines: string[], from: number, isRow: (line: string) => boolean, partStart = from): number {
  let widest = 0;
  for (let k = partStart; k <= from; k++) widest = Math.max(widest, lines[k]!.length);
  let i = from + 1;
  for (; i < lines.length; i++) {
    const line = lines[i]!;
    if (!isRow(line) && !/^\s*---[\s-]*$/.test(line) && !isWrappedRest(lines, i, widest)) break;
    widest = Math.max(widest, line.length);
  }
  return i;
}

// Where messages of the kubelet and scheduler are known to end.
const COMPLETE =
  /(?:already present on machine|(?:Created|Started|Stopping) container:? \S+|\([0-9a-f-]{36}\)|Successfully assigned \S+ to \S+|will be restarted)\s*$/;

/** Text wider than this was not broken by a chat client. */
const WIDEST_WRAP = 130;

/** The rest of a long row that a chat client broke: the line before it is long, and none is longer than such clients let be. */
function isWrappedRest(lines: string[], i: number, widest: number): boolean {
  const line = lines[i]!;
  if (line.trim() === '' || FENCE.test(line) || commandOf(line)) return false;
  if (isRuntimesRest(lines, i)) return true;
  if (/^\s{12,}\S/.test(line) || /^\s*(?:Mounting (?:command|arguments|shell)|Output):/.test(line)) return true;
  const previous = lines[i - 1]!.length;
  if (COMPLETE.test(lines[i - 1]!.slice(-200))) return false;
  if (widest > WIDEST_WRAP || line.length > WIDEST_WRAP || previous < 40 || startsDescribe(lines, i)) return false;
  // Its first word did not fit: that is how lines are broken.
  const tight = previous + 1 + line.trimStart().search(/\s|$/) > widest;
  return tight ? !STARTS_LOG.test(line) : previous >= widest * 0.6 && !LOOKS_LIKE_LOG.test(line);
}

/** What the runtime's helpers printed stands in its message with their own line breaks; the whole ends with ": unknown". */
const RUNTIME_ROW = /(?:OCI runtime create failed|runc create failed|failed to create shim)/;
const RUNTIME_LINES = 8;

function isRuntimesRest(lines: string[], i: number): boolean {
  const isEnd = (line: string) => /: unknown\s*$/.test(line.slice(-40));
  let row = i - 1;
  while (row > i - RUNTIME_LINES && row > 0 && !RUNTIME_ROW.test(lines[row]!)) row--;
  if (!RUNTIME_ROW.test(lines[row] ?? '') || lines.slice(row, i).some(isEnd)) return false;
  return lines.slice(i, row + RUNTIME_LINES).some(isEnd);
}

/** A stamp or a level, which no sentence begins with. */
const STARTS_LOG =
  /^\s*(?:\[(?:\d|[A-Z]{4,5}\]|error|emerg)|\{|\d{2,4}[-:/]\d\d|[A-Z][a-z]{2} \d|[IWEF]\d{4} |time=|ts=|level=|apiVersion:|Traceback|panic:|Exception)/;

const LOOKS_LIKE_LOG =
  /^\s*(?:\[|\{|\d{2,4}[-:/]\d\d|[A-Z][a-z]{2} \d|(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|panic|Traceback|Exception|Error|Caused by)\b|[IWEF]\d{4} |time=|ts=|level=|apiVersion:|at )/;

/** A table of no use here. */
export function untilBlank(lines: string[], from: number): number {
  let i = from + 1;
  while (i < lines.length && lines[i]!.trim() !== '' && !FENCE.test(lines[i]!) && !commandOf(lines[i]!)) i++;
  return i;
}

const LOOKAHEAD = 60;

/** A describe ends with its events, at the next object, or where nothing of it comes any more. */
export function describeEnd(lines: string[], from: number): number {
  for (let i = from + 1; i < lines.length; i++) {
    const line = lines[i]!;
    if (/^\s*Events:/.test(line)) return eventsEnd(lines, i, from);
    if (FENCE.test(line) || commandOf(line) || EVENTS_HEADER.test(line) || PODS_HEADER.test(line)) return i;
    const afterBlank = lines[i - 1]!.trim() === '';
    if (line.trim() === '') continue;
    if (startsObject(lines, i) || (afterBlank && !goesOn(lines, i))) return i;
    if (manifestEnd(lines, i) > i) return i;
  }
  return lines.length;
}

/** Whether a line that only this describe can have follows soon; a message in it may hold blank lines. */
function goesOn(lines: string[], from: number): boolean {
  for (let i = from; i < Math.min(lines.length, from + LOOKAHEAD); i++) {
    if (FENCE.test(lines[i]!) || commandOf(lines[i]!) || startsObject(lines, i)) return false;
    if (isDescribeLine(lines[i]!)) return true;
  }
  return false;
}

function eventsEnd(lines: string[], from: number, partStart: number): number {
  if (/<none>/.test(lines[from]!)) return from + 1;
  let i = from + 1;
  // kubectl prints heading and rule; a chat client may have lost either.
  for (; i < lines.length && i < from + 4; i++)
    if (!/^\s*(?:Type\s+Reason|FirstSeen\s+LastSeen|---[\s-]*$)/.test(lines[i]!)) break;
  if (i >= lines.length || describedEvent(lines[i]!) === undefined) return i;
  return tableEnd(lines, i, (row) => describedEvent(row) !== undefined, partStart);
}
