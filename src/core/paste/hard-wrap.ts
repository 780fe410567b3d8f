// Text copied from a terminal, tmux or screen: every line longer than the window stands there as several, cut at its last
// column. They are joined again where the text itself proves the width; where it does not, it stays as it was pasted.

import { REST } from '../log.ts';
import { redactText } from '../redact.ts';
import { commandOf } from './command.ts';

export interface Rejoined {
  lines: string[];
  /** Of how many further lines of the pasted text each was made. */
  rests: number[];
}

/** Windows are seldom narrower or wider; below, tables and paragraphs have lines of one length too. */
const NARROWEST = 60;
const WIDEST = 400;
/** Widths that windows have when nobody drags them: there one line cut in the middle of its words is proof enough. */
const USUAL = new Set([80, 100, 120, 132, 160]);
/** So many lines end at the last column, and so large a share of them go on below, where the width is any other. */
const PROOF_LINES = 3;
const PROOF_SHARE = 0.6;
/** No line is read that is longer than so many pieces. */
const PIECES_MAX = 200;
/** More lines of one length than this, and no proof: the program prints them so. */
const UNPROVEN_MAX = 50;

export const STAMPED =
  /^(?:$|[[(]?\d{4}[-/.]\d\d[-/.]\d\d[T ]|[[(]?\d\d[/-](?:\d\d|[A-Z][a-z]{2})[/-]\d{2,4}[ :]|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:|[IWEF]\d{4} \d\d:|\{"|```)/;
// What else begins a line of its own: levels, frames of a stack, names of errors, fields of a describe, lists, prompts.
const STARTS =
  /^(?:\s{2}|\t|\[?\d\d:\d\d:\d\d|[[(<]?(?:TRACE|DEBUG|INFO|NOTICE|LOG|WARN|WARNING|ERROR|ERR|SEVERE|FATAL|CRITICAL|PANIC|EMERG)\b|(?:level|time|ts|t)=|at |from |Caused by|Suppressed:|\.{3} \d|Traceback|File "|During handling|The above|goroutine \d|panic[:(]|fatal[: ]|error[: ]|warning[: ]|created by |(?:[A-Z]|[a-z]\w{0,40}\.)[\w.$]{0,120}(?:Error|Exception)\b|Error\b|Warning\b|Normal\s|[A-Z][A-Za-z -]{1,30}:(?:\s|$)|npm |[-+*#>$=~]{1,80}(?: |$))/;
/** Rules, boxes and encoded blocks are of one width because somebody drew them so. */
const DRAWN =
  /^\s{0,80}(\S)\1{20}|^\s{0,80}([│┃║|*#+]).{0,400}\2\s{0,80}$|[│┃║┐┘╮╯╗╝─━═]\s{0,80}$|^[0-9a-f]{7,8}[: ] |^[A-Za-z0-9+/]{64}$|^[A-Za-z0-9+/]{76}$/;

export function rejoined(pasted: string[]): Rejoined {
  const lines = isPadded(pasted) ? pasted.map((line) => line.trimEnd()) : pasted;
  const width = widthOf(lines);
  const widest = lines.reduce((most, { length }) => Math.max(most, length), 0);
  const mayBeCut = lines.filter(({ length }) => length === widest).length <= UNPROVEN_MAX;
  const joined: Rejoined = { lines: [], rests: [] };
  for (let i = 0; i < lines.length; i++) {
    const first = i;
    if (width !== undefined)
      while (i - first < PIECES_MAX && (goesOn(lines, i, width) || isInsideObject(lines, first, i, width))) i++;
    else if (mayBeCut && goesOn(lines, i, widest) && isSecretAcross(lines[i]!, lines[i + 1]!)) i++;
    joined.lines.push(lines.slice(first, i + 1).join(''));
    joined.rests.push(i - first);
  }
  return joined;
}

/** Each line, and for every further line of which it was made one that only keeps the numbers true. */
export function withRests(lines: string[], rests: readonly number[]): string[] {
  return lines.flatMap((line, i) => [line, ...Array.from({ length: rests[i] ?? 0 }, () => REST)]);
}

/** Some windows are copied with the blanks that fill each line. */
function isPadded(lines: string[]): boolean {
  const said = lines.filter((line) => line.trim() !== '');
  return said.length > 3 && new Set(said.map((line) => line.length)).size === 1 && said.some((l) => l.endsWith('  '));
}

/** The column at which lines were cut; undefined where the text does not prove one. */
function widthOf(lines: string[]): number | undefined {
  const full = new Map<number, number[]>();
  for (const [i, { length }] of lines.entries()) {
    if (length < NARROWEST || length > WIDEST) continue;
    const known = full.get(length);
    if (known) known.push(i);
    else full.set(length, [i]);
  }
  const proven = [...full].filter(([width, at]) => isProven(lines, width, at));
  return proven.sort((a, b) => b[1].length - a[1].length || b[0] - a[0])[0]?.[0];
}

function isProven(lines: string[], width: number, all: number[]): boolean {
  const at = all.filter((i) => !DRAWN.test(lines[i]!));
  const followed = at.filter((i) => goesOn(lines, i, width));
  if (followed.length === 0 || lines.slice(at[0], at.at(-1)! + 2).some((line) => line.length > width)) return false;
  if (followed.length >= PROOF_LINES && followed.length >= at.length * PROOF_SHARE) return true;
  // One long line alone: its pieces stand below each other.
  const isOne = followed.length === at.length && at.at(-1)! - at[0]! === at.length - 1;
  if (isOne && followed.some((i) => isTorn(lines[i]!, lines[i + 1]!))) return true;
  return USUAL.has(width) && followed.some((i) => isCut(lines, i)) && followed.length * 2 >= at.length;
}

function goesOn(lines: string[], i: number, width: number): boolean {
  const line = lines[i]!;
  const next = lines[i + 1];
  if (next === undefined || line.length !== width || next.length > width) return false;
  if (isSameTable(line, next) || isSameCarrier(line, next)) return false;
  return !STAMPED.test(next) && (/\s$/.test(line) || !STARTS.test(next)) && !DRAWN.test(line);
}

/** Tools that follow logs begin each of their lines with one name. */
function isSameCarrier(line: string, next: string): boolean {
  const name = /^\S{8,253}-[a-z0-9]{1,10}\]? /.exec(line)?.[0];
  return name !== undefined && next.startsWith(name);
}

const COLUMNS = 4;

/** Rows of one table have one width and their cells below each other. */
function isSameTable(line: string, next: string): boolean {
  const cells = (row: string) => [...row.matchAll(/ {2,200}(?=\S)/g)].map((gap) => gap.index + gap[0].length);
  const below = new Set(cells(next));
  return below.size >= COLUMNS && cells(line).filter((column) => below.has(column)).length >= COLUMNS;
}

/** Where no width is proven, a secret that runs on below must not stay there in part. */
function isSecretAcross(line: string, next: string): boolean {
  if (line.length < NARROWEST || line.length > WIDEST) return false;
  return !redactText(line + next).text.endsWith(next) && redactText(next).text === next;
}

/** A structured line ends where its object does, whatever stands at the beginning of a piece. */
function isInsideObject(lines: string[], first: number, i: number, width: number): boolean {
  if (i + 1 >= lines.length || !lines[first]!.startsWith('{"') || lines[i]!.length !== width) return false;
  return !lines[i + 1]!.startsWith('{"') && isOpen(lines.slice(first, i + 1).join(''));
}

/** A line seldom ends with a blank or in the middle of a sentence, and seldom begins in one. */
function isCut(lines: string[], i: number): boolean {
  const [line = '', next = ''] = lines.slice(i, i + 2);
  // What was typed ends where it ends; its output stands below.
  if (commandOf(line)) return false;
  if (/\s$|[\s(=]["'`]$/.test(line) || isOpen(line) || /^[:,;]/.test(next)) return true;
  // The blank behind a colon or a sentence, moved to the next line.
  if (/\S[:.]$/.test(line) && /^ [A-Za-z]/.test(next)) return true;
  if (/^[\w.-]{1,40}: |:$/.test(next)) return false;
  if (/[A-Z]$/.test(line) && /^[A-Z]/.test(next)) return true;
  // A word of its own before the point ends a sentence, unless what follows goes on as a name or an address does.
  if (/(?:^|\s)[\w-]{1,80}\.$/.test(line)) return /^[\w-]{1,80}[./]\w/.test(next);
  return /\.$/.test(line) ? /^[a-z0-9]/.test(next) : !/[:;!?)}\]`"']$/.test(line) && /^ ?[a-z0-9_/.-]/.test(next);
}

/** A word in brackets that the line does not end, and the next one does. */
function isTorn(line: string, next: string): boolean {
  return isOpen(line) && /[\w.-]$/.test(line) && /^[\w.-]{0,60}[)}\]:,] ?\S/.test(next);
}

/** A quotation, a list or an object begins on this line and does not end there. */
function isOpen(line: string): boolean {
  const count = (mark: string): number => line.split(mark).length - 1;
  return count('"') % 2 === 1 || count('`') % 2 === 1 || count('(') > count(')') || count('{') > count('}');
}
