// Cuts pasted lines into parts, each of one sort: describe, event or pod table, manifest, log. A typed command, a
// fence or a table's heading begins a part; what nothing else claims is log.

import { type Command, commandOf, isPrompt, NO_COMMAND } from './command.ts';
import { isConsoleEnd } from './console-words.ts';
import { startsDescribe, startsObject } from './describe-lines.ts';
import { FENCE, fenced, withAsides } from './fences.ts';
import { withRests } from './hard-wrap.ts';
import { headingOf, NAMES_ALONE, namesIn } from './headings.ts';
import { manifestEnd } from './manifest.ts';
import { describeEnd, tableEnd, untilBlank } from './part-ends.ts';
import { describedEvent, EVENTS_HEADER, isOtherHeader, listedEvent, PODS_HEADER, podRow } from './rows.ts';

export interface Part {
  /** `silence`: `kubectl logs` printed nothing, as the empty prompt below it shows. */
  sort: 'describe' | 'events' | 'pods' | 'manifest' | 'log' | 'silence' | 'ignored';
  lines: string[];
  /** The command after which these lines came. */
  command?: Command;
  /** A log that stands outside of the fences around what was printed, or in one that holds code. */
  aside?: boolean;
}

/** What stands above the rows of a described object's events; pasted without the object it says nothing more. */
const EVENTS_HEADING = /^\s*(?:Events:\s*$|Type\s+Reason\s+Age\s|-{4,}(?:\s+-{3,}){3,}\s*$)/;

/** The person's own shell, right below what it was asked for. */
const COMPLAINT = /^\s{0,8}(?:zsh|-?bash|fish|sh): .{0,80}\bcommand not found\b/;

/** `restsOfPasted` says of how many further lines each was made: in a log its lines keep the numbers that they were pasted with. */
export function partsOf(pasted: string[], restsOfPasted: readonly number[]): Part[] {
  const { lines, rests } = fenced(pasted, restsOfPasted);
  const parts: Part[] = [];
  let command: Command | undefined;
  let i = 0;
  let blankBefore = true;
  const names = namesIn(lines);
  let fence: string | undefined;
  const inFence = new Map<Part, string>();
  const open = (sort: Part['sort'], from: number, to: number): void => {
    parts.push({ sort, lines: lines.slice(from, to), ...(command ? { command } : {}) });
    i = Math.max(to, from + 1);
  };
  while (i < lines.length) {
    const line = lines[i]!;
    if (FENCE.test(line)) {
      // Output after a fence still answers the command typed before it.
      blankBefore = true;
      fence = fence === undefined ? line : undefined;
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
    if (COMPLAINT.test(line) && i > 0 && commandOf(lines[i - 1]!) && command?.verb !== 'logs') {
      i++;
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
    const part = parts.at(-1);
    if (fence !== undefined && part && !inFence.has(part)) inFence.set(part, fence);
    blankBefore = (lines[i - 1] ?? '').trim() === '';
  }
  return withAsides(parts, inFence);
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
