// Reads a program's log as lines with level and message. A long log keeps its head, its tail and every
// distinct notable line between, so that work and memory stay bounded whatever a program prints.

import { inEnglish } from './log/in-english.ts';
import type { Level } from './log/level.ts';
import { readMessage } from './log/message.ts';
import { unwrapped } from './transport.ts';

export interface LogLine {
  /** 1-based line number in the text as read. */
  n: number;
  /** The line without terminal colours, at most MAX_LINE characters. */
  raw: string;
  /** The message: timestamp, level and structure removed, error fields of structured logs appended. */
  text: string;
  level: Level;
  /** Worth a rule's look: an error level, or a word that programs use when something is wrong. */
  notable: boolean;
}

export interface Log {
  lines: LogLine[];
  /** Bytes between head and tail that were not read, at least so many. */
  skippedBytes: number;
}

const MAX_LINE = 4_000;
const KEPT_HEAD = 200;
const KEPT_TAIL = 600;
const KEPT_NOTABLE = 600;

const NOTABLE =
  /error|fail|fatal|panic|exception|traceback|denied|refused|not found|no such|no user|cannot|can't|could not|couldn't|unable|invalid|illegal|unknown|undefined|unexpected|expected an? |missing|must |required|expired|corrupt|exceed|exhaust|too many|out of|no space|timed? ?out|unreachable|no route|killed|abort|signal|segmentation|assert|forbidden|unauthori[sz]ed|already|in use|locked|mismatch|incompatible|unsupported|not supported|not permitted|not allowed|read-only|not set|not defined|not provided|not recogni|not (?:a )?valid|not possible|unrecogni|not empty|not ready|not exist|caused by|crit|emerg|alert|refus|reject|warn|enotfound|econn|eacces|listening|listen on|started|sig(?:term|segv|ill|bus|abrt|kill)|core dumped|double free|terminate called|overflow|stack|usage:|bad |auth_bad|wrong|loop|deadlock|lease|leader|licen[cs]e|quota|pressure/i;

// biome-ignore lint/complexity/useRegexLiterals: the escape character is easier to read as text
const ANSI = new RegExp('\\u001b\\[[0-9;?]*[ -/]*[@-~]', 'g');

/** Stands for a line of a pasted log that was joined to the one before it: read as nothing, and counted. */
export const REST = '\v';

/** Splits a log text into lines; `skippedBytes` says what the collector left out between head and tail. */
export function parseLog(textOfLog: string, skippedBytes = 0): Log {
  const printed = textOfLog.split('\n');
  if (printed.at(-1) === '') printed.pop();
  const numbers = textOfLog.includes(REST) ? printed.flatMap((line, i) => (line === REST ? [] : [i + 1])) : undefined;
  const raw = unwrapped(numbers ? printed.filter((line) => line !== REST) : printed);
  const kept = raw.length <= KEPT_HEAD + KEPT_TAIL ? raw.map((_, i) => i) : keptIndexes(raw);
  return { lines: kept.map((i) => parseLine(raw[i] ?? '', numbers?.[i] ?? i + 1)), skippedBytes };
}

/** What a program says when it cannot go on: kept before mere warnings when there is too much of both. */
const GRAVE =
  /fatal|panic|exception|traceback|emerg|crit|cannot|could not|unable|required|missing|not set|refused|denied/i;

function keptIndexes(raw: string[]): number[] {
  const tailStart = raw.length - KEPT_TAIL;
  const grave = new Map<string, number>();
  const other = new Map<string, number>();
  for (let i = KEPT_HEAD; i < tailStart; i++) {
    const line = raw[i] ?? '';
    const start = line.length > MAX_LINE ? line.slice(0, MAX_LINE) : line;
    if (!NOTABLE.test(start)) continue;
    // Lines that differ by numbers only are one kind; the latest of each kind is kept.
    const kind = start.slice(0, 200).replace(/\d+/g, '0');
    (GRAVE.test(start) ? grave : other).set(kind, i);
  }
  const latest = (kinds: Map<string, number>): number[] =>
    [...kinds.values()].sort((a, b) => a - b).slice(-KEPT_NOTABLE / 2);
  const middle = [...latest(grave), ...latest(other)].sort((a, b) => a - b);
  const head = Array.from({ length: KEPT_HEAD }, (_, i) => i);
  const tail = Array.from({ length: KEPT_TAIL }, (_, i) => tailStart + i);
  return [...head, ...middle, ...tail];
}

function parseLine(line: string, n: number): LogLine {
  let raw = line.length > MAX_LINE ? `${line.slice(0, MAX_LINE - 600)} … ${line.slice(-600)}` : line;
  if (raw.endsWith('\r')) raw = raw.slice(0, -1);
  if (raw.includes('\u001b')) raw = raw.replace(ANSI, '');
  const { text: said, level } = readMessage(raw);
  const text = inEnglish(said);
  const notable = level === 'fatal' || level === 'error' || level === 'warn' || text !== said || NOTABLE.test(raw);
  return { n, raw, text, level, notable };
}
