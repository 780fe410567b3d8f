// Cuts pasted lines into parts, each of one sort: describe, event or pod table, manifest, log. A typed command, a
// fence or a table's heading begins a part; what nothing else claims is log.

import { type Command, commandOf, isPrompt } from './command.ts';
import { isConsoleEnd } from './console-words.ts';
import { isDescribeLine, startsDescribe, startsObject } from './describe-lines.ts';
import { withRests } from './hard-wrap.ts';
import { manifestEnd } from './manifest.ts';
import { describedEvent, EVENTS_HEADER, isOtherHeader, listedEvent, PODS_HEADER, podRow } from './rows.ts';

export interface Part {
  /** `silence`: `kubectl logs` printed nothing, as the empty prompt below it shows. */
  sort: 'describe' | 'events' | 'pods' | 'manifest' | 'log' | 'silence' | 'ignored';
  lines: string[];
  /** The command after which these lines came. */
  command?: Command;
}

/** What stands above the rows of a described object's events; pasted without the object it says nothing more. */
const EVENTS_HEADING = /^\s*(?:Events:\s*$|Type\s+Reason\s+Age\s|-{4,}(?:\s+-{3,}){3,}\s*$)/;
const FENCE = /^\s*(?:```|~~~)\s{0,40}(?:[\w+-]{1,20}\s*)?$/;
const LEAD = /^\s*```(?=\S)/;

/** `rests` says of how many further lines each was made: in a log its lines keep the numbers that they were pasted with. */
export function partsOf(lines: string[], rests: readonly number[]): Part[] {
  const parts: Part[] = [];
  let command: Command | undefined;
  let i = 0;
  let blankBefore = true;
  const names = namesIn(lines);
  const open = (sort: Part['sort'], from: number, to: number): void => {
    parts.push({ sort, lines: lines.slice(from, to), ...(command ? { command } : {}) });
    i = Math.max(to, from + 1);
  };
  while (i < lines.length) {
    const line = lines[i]!.replace(LEAD, '').replace(/(?<=\S)```\s*$/, '');
    lines[i] = line;
    if (FENCE.test(line)) {
      // Output after a fence still answers the command typed before it.
      blankBefore = true;
      i++;
      if (parts.length) parts.push({ sort: 'ignored', lines: [] });
      continue;
    }
    const container = NAMES_ALONE.exec(line)?.groups?.container;
    if (container && names.has(container)) {
      parts.push({ sort: 'log', lines: [], command: { ...NO_COMMAND, verb: 'logs', container } });
      command = undefined;
      i++;
      continue;
    }
    const typed = commandOf(line);
    if (typed) {
      if (isPrompt(line) && silentlyAsked(lines, i, command)) parts.push({ sort: 'silence', lines: [], command });
      command = typed;
      blankBefore = true;
      i++;
      parts.push({ sort: 'ignored', lines: [] });
      continue;
    }
    // What `kubectl logs` printed is log, whatever it looks like; only a whole describe or table ends it.
    const inLog =
      command?.verb === 'logs' && !EVENTS_HEADER.test(line) && !PODS_HEADER.test(line) && !startsObject(lines, i);
    if (inLog) {
      addToLog(parts, withRests([line], [rests[i] ?? 0]), false, command);
      i++;
      continue;
    }
    const manifest = manifestEnd(lines, i);
    if (manifest > i) open('manifest', i, manifest);
    else if (EVENTS_HEADER.test(line) || listedEvent(line))
      open(
        'events',
        i,
        tableEnd(lines, i, (row) => listedEvent(row) !== undefined),
      );
    else if (PODS_HEADER.test(line) || podRow(line))
      open(
        'pods',
        i,
        tableEnd(lines, i, (row) => podRow(row) !== undefined),
      );
    else if (isOtherHeader(line)) open('ignored', i, untilBlank(lines, i));
    else if (!isConsoleEnd(line) && startsDescribe(lines, i)) open('describe', i, describeEnd(lines, i));
    else if (EVENTS_HEADING.test(line)) open('ignored', i, i + 1);
    else if (describedEvent(line))
      open(
        'events',
        i,
        tableEnd(lines, i, (row) => describedEvent(row) !== undefined),
      );
    else {
      addToLog(parts, withRests([line], [rests[i] ?? 0]), blankBefore, command);
      i++;
    }
    blankBefore = (lines[i - 1] ?? '').trim() === '';
  }
  return parts;
}

function silentlyAsked(lines: string[], at: number, command: Command | undefined): command is Command {
  if (command?.verb !== 'logs' || at === 0) return false;
  return lines[at - 1]!.trim() !== '' && commandOf(lines[at - 1]!)?.verb === 'logs';
}

function addToLog(parts: Part[], lines: string[], blankBefore: boolean, command: Command | undefined): void {
  const last = parts.at(-1);
  const [line = ''] = lines;
  const heading = blankBefore ? headingOf(line) : undefined;
  if (heading) {
    parts.push({ sort: 'log', lines: [], command: { ...(command ?? NO_COMMAND), ...heading } });
    return;
  }
  if (last?.sort === 'log') last.lines.push(...lines);
  else if (line.trim() !== '') parts.push({ sort: 'log', lines, ...(command ? { command } : {}) });
}

const NO_COMMAND: Command = {
  verb: 'other',
  kind: '',
  name: '',
  namespace: '',
  container: '',
  previous: false,
  output: '',
};
/** "### api": over the logs of several containers their names alone. */
const NAMES_ALONE =
  /^\s{0,3}(?:#{1,6} \*{0,2}|\*\*)(?<container>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\*{0,2}:?\*{0,2}\s*$/;

/** Of one such line nothing follows. */
function namesIn(lines: string[]): Set<string> {
  const names = lines.flatMap((line) => NAMES_ALONE.exec(line.slice(0, 100))?.groups?.container ?? []);
  return new Set(names.length > 1 ? names : []);
}

const HEADING =
  /^\s*(?:[#*=>-]{1,6}\s?)?\*{0,2}(?:and |so |then )?(?:here(?:'s| is| are) |this is |these are )?(?:the |my |its )?(?<which>previous|prev|last|current|crashed)?\s?(?:pod|container|app(?:lication)?|kubectl)?\s?logs?(?: (?:of|from|for) (?:the )?(?:container )?(?<container>[\w.-]+))?(?: \((?<note>[\w -]+)\))?\*{0,2}\s?(?:[:=#-]{1,6}\*{0,2})\s*$/i;

/** "Previous log:", "### Logs of api:": a person's heading over what follows. */
function headingOf(line: string): Partial<Command> | undefined {
  if (line.length > 100) return undefined;
  const groups = HEADING.exec(line)?.groups;
  if (!groups) return undefined;
  const previous = /prev|last|crashed/i.test(groups.which ?? groups.note ?? '');
  return {
    verb: 'logs',
    previous,
    ...(groups.container && !/^(?:pod|container)$/.test(groups.container) ? { container: groups.container } : {}),
  };
}

/** Rows, their wrapped rests and the table's rule; a blank line or something else ends it. */
function tableEnd(lines: string[], from: number, isRow: (line: string) => boolean, partStart = from): number {
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

function untilBlank(lines: string[], from: number): number {
  let i = from + 1;
  while (i < lines.length && lines[i]!.trim() !== '' && !FENCE.test(lines[i]!) && !commandOf(lines[i]!)) i++;
  return i;
}

const LOOKAHEAD = 60;

/** A describe ends with its events, at the next object, or where nothing of it comes any more. */
function describeEnd(lines: string[], from: number): number {
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
