// Reads a program's log as lines with level and message. A long log keeps its head, its tail and every
// distinct notable line between, so that work and memory stay bounded whatever a program prints.

import type { Log } from './evidence.ts';
import { isObject, words } from './json.ts';
import { unwrapped } from './transport.ts';

export type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | '';

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

const MAX_LINE = 4_000;
const KEPT_HEAD = 200;
const KEPT_TAIL = 600;
const KEPT_NOTABLE = 600;

const NOTABLE =
  /error|fail|fatal|panic|exception|traceback|denied|refused|not found|no such|no user|cannot|can't|could not|couldn't|unable|invalid|illegal|unknown|undefined|unexpected|missing|must |required|expired|corrupt|exceed|exhaust|too many|out of|no space|timed? ?out|unreachable|no route|killed|abort|signal|segmentation|assert|forbidden|unauthori[sz]ed|already|in use|locked|mismatch|incompatible|unsupported|not supported|not permitted|not allowed|read-only|not set|not defined|not provided|not recogni|unrecogni|not empty|not ready|not exist|caused by|crit|emerg|alert|refus|reject|warn|enotfound|econn|eacces|listening|listen on|started|sig(?:term|segv|ill|bus|abrt|kill)|core dumped|double free|terminate called|overflow|stack|usage:|bad |auth_bad|wrong|loop|deadlock|lease|leader|licen[cs]e|quota|pressure/i;

// biome-ignore lint/complexity/useRegexLiterals: the escape character is easier to read as text
const ANSI = new RegExp('\\u001b\\[[0-9;?]*[ -/]*[@-~]', 'g');

/** Splits a log text into lines; `skippedBytes` says what the collector left out between head and tail. */
export function parseLog(textOfLog: string, skippedBytes = 0): Log {
  const printed = textOfLog.split('\n');
  if (printed.at(-1) === '') printed.pop();
  const raw = unwrapped(printed);
  const kept = raw.length <= KEPT_HEAD + KEPT_TAIL ? raw.map((_, i) => i) : keptIndexes(raw);
  return { lines: kept.map((i) => parseLine(raw[i] ?? '', i + 1)), skippedBytes };
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
  const { text, level } = readMessage(raw);
  const notable = level === 'fatal' || level === 'error' || level === 'warn' || NOTABLE.test(raw);
  return { n, raw, text, level, notable };
}

interface Message {
  text: string;
  level: Level;
}

function readMessage(raw: string): Message {
  const start = raw.indexOf('{');
  if (start >= 0 && raw.endsWith('}')) {
    const structured = readJson(raw.slice(start), raw.slice(0, start));
    if (structured) return structured;
  }
  return readLogfmt(raw) ?? readPlain(raw);
}

const MESSAGE_FIELDS = ['message', 'msg', 'Message', '@m', 'RenderedMessage', '@mt', 'MessageTemplate', 'log', 'text'];
const LEVEL_FIELDS = ['level', 'severity', 'lvl', 'levelname', 'log.level', '@l', 'Level', 'LogLevel', 's'];
const ERROR_FIELDS = [
  'error',
  'err',
  'exception',
  'exc_info',
  'stack',
  'stack_trace',
  'stacktrace',
  'error.type',
  'error.message',
  'error.stack_trace',
  'exception.message',
  'cause',
  '@x',
  'Exception',
  'reason',
  'detail',
];

function readJson(body: string, before: string): Message | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const fields = value;
  const message = MESSAGE_FIELDS.map((f) => words(fields[f])).find((v) => v !== undefined) ?? mongoMessage(fields);
  if (message === undefined) return undefined;
  const errors = ERROR_FIELDS.map((f) => errorWords(fields[f])).filter(
    (v): v is string => v !== undefined && !message.includes(v),
  );
  const context = mongoAttributes(fields);
  const text = [before.trim(), [message, ...errors, ...context].join(': ')].filter(Boolean).join(' ');
  const level = LEVEL_FIELDS.map((f) => levelOf(words(fields[f]))).find((l) => l !== '') ?? '';
  return { text, level };
}

function errorWords(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  if (!isObject(value)) return undefined;
  const parts = [value.code, value.message ?? value.msg, value.stack]
    .map(words)
    .filter((v): v is string => v !== undefined);
  return parts.length ? parts.join(' ') : JSON.stringify(value).slice(0, 600);
}

function mongoMessage(fields: { [key: string]: unknown }): string | undefined {
  return typeof fields.c === 'string' && typeof fields.ctx === 'string' ? words(fields.msg) : undefined;
}

function mongoAttributes(fields: { [key: string]: unknown }): string[] {
  return isObject(fields.attr) ? [JSON.stringify(fields.attr).slice(0, 800)] : [];
}

const LOGFMT_LEVEL = /(?:^|\s)(?:level|lvl|severity)="?([A-Za-z]+)"?/;
const LOGFMT_PAIR = /(?:^|\s)(msg|message|err|error|reason|cause)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/g;

function readLogfmt(raw: string): Message | undefined {
  if (!raw.includes('msg=') && !raw.includes('level=') && !raw.includes('lvl=')) return undefined;
  const parts = [...raw.matchAll(LOGFMT_PAIR)].map((m) => (m[2] ?? m[3] ?? '').replace(/\\"/g, '"'));
  // `type=AVC msg=audit(…): avc: denied …` is a sentence that only looks like it.
  if (parts.length === 0 || !/(?:level|lvl)=|(?:msg|err|error)="/.test(raw)) return undefined;
  return { text: parts.join(': '), level: levelOf(LOGFMT_LEVEL.exec(raw)?.[1]) };
}

// klog: "E1121 02:26:52.739155       1 main.go:12] message"
const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+\s+\d+ [\w./-]+:\d+\] (.*)$/;
// glog as TensorFlow and others print it, behind a date: "F tensorflow/core/x.cc:37] message"
const GLOG = /^:? ?([IWEF]) [\w./-]{1,200}:\d{1,6}\] (.*)$/;
const STAMP =
  /^[[(]?\d{4}[-/.]\d\d[-/.]\d\d[T ,:]?\s?\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d|UTC|GMT))?[\])]?[:\s|,-]*/;
// "[12-Mar-2024 09:12:44]" (PHP), "14-May-2024 08:11:02.123" (Tomcat), "24/04/11 12:00:01" (Spark), "[Nest] 1  - 03/12/2024, 9:12:44 AM"
const OTHER_STAMP =
  /^(?:\[Nest\] \d+ +- +)?\[?(?:\d\d[-/](?:\d\d|\w{3})[-/]\d{4}|\d\d\/\d\d\/\d\d)[ :,]{1,2}\d{1,2}:\d\d:\d\d(?:[.,]\d+)?(?: [AP]M)?(?: [A-Z]{3,4}\b)?\]?[:\s|,-]*/;
const SHORT_STAMP = /^(?:\[?\d\d:\d\d:\d\d(?:[.,]\d+)?\]?|\d+:[CMSX] \d+ \w{3} \d{4} \d\d:\d\d:\d\d\.\d+)[\s|:-]*/;
const LEVEL_WORD =
  /^(?<program>[\w.-]{0,40}:\s)?[[(<*\s]*(?<level>TRACE|DEBUG|INFO|NOTICE|NOTE|LOG|WARN|WARNING|ERROR|ERR|SEVERE|CRITICAL|CRIT|FATAL|PANIC|ALERT|EMERG|DBG|INF|WRN|FTL|trace|debug|info|notice|warn|warning|error|crit|critical|fatal|panic|alert|emerg|Error|Warning|Fatal|fail|dbug)\b(?<after>[\])>*]*[:\s|-]*)/;

const LEVEL_OF_LETTER: { [letter: string]: Level } = { I: 'info', W: 'warn', E: 'error', F: 'fatal' };

function readPlain(raw: string): Message {
  const klog = KLOG.exec(raw);
  if (klog) return { text: klog[2] ?? '', level: LEVEL_OF_LETTER[klog[1] ?? ''] ?? '' };
  const unstamped = raw.replace(STAMP, '').replace(OTHER_STAMP, '').replace(SHORT_STAMP, '');
  const glog = GLOG.exec(unstamped);
  if (glog) return { text: glog[2] ?? '', level: LEVEL_OF_LETTER[glog[1] ?? ''] ?? '' };
  const level = LEVEL_WORD.exec(unstamped);
  // "Error: Cannot find module" keeps its word, and so does "sysctl: error setting key": it is part of what is said.
  const isPart =
    /^(?:Error|error|Fatal|fatal|panic)\b/.test(unstamped) ||
    (level?.groups?.program && level.groups.after?.trim() === '');
  if (level && !isPart) return { text: unstamped.slice(level[0].length), level: levelOf(level.groups?.level) };
  return { text: unstamped, level: levelOf(level?.groups?.level) };
}

const LEVELS: { [word: string]: Level } = {
  trace: 'debug',
  debug: 'debug',
  dbg: 'debug',
  dbug: 'debug',
  d: 'debug',
  verbose: 'debug',
  info: 'info',
  inf: 'info',
  notice: 'info',
  note: 'info',
  log: 'info',
  information: 'info',
  i: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  w: 'warn',
  error: 'error',
  err: 'error',
  severe: 'error',
  fail: 'error',
  e: 'error',
  critical: 'fatal',
  crit: 'fatal',
  fatal: 'fatal',
  ftl: 'fatal',
  panic: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  dpanic: 'fatal',
  f: 'fatal',
  // pino and bunyan
  10: 'debug',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

function levelOf(word: string | undefined): Level {
  return LEVELS[(word ?? '').toLowerCase()] ?? '';
}
