// Mail and forms break long lines at a blank and begin the rest at the left edge. What kubectl prints there is known: a row
// of events, or a key below another one, goes on in a line that begins at the edge and is no key of its own.

import { indentOf } from './clean.ts';
import { commandOf } from './command.ts';
import { keyValue } from './describe-lines.ts';
import { type Rejoined, STAMPED } from './hard-wrap.ts';
import { describedEvent, listedEvent, podRow } from './rows.ts';

/** Text wider than this was not broken by a mail client, narrower is a column of something. */
const WIDEST = 132;
const NARROWEST = 55;
/** A name or an address longer than this stands over the edge. */
const LONG_WORD = 50;
const MOST_LINES = 20_000;

/** Undefined where no line was broken so; `rests` says of how many further lines each was made. */
export function refilled(lines: string[]): Rejoined | undefined {
  if (lines.length > MOST_LINES) return undefined;
  const width = lines.reduce((most, line) => (isOverlong(line) ? most : Math.max(most, line.trimEnd().length)), 0);
  if (width > WIDEST || width < NARROWEST) return undefined;
  const whole: Rejoined = { lines: [], rests: [] };
  let mayGoOn = false;
  let atLastColumn = 0;
  let joined = 0;
  for (const [i, line] of lines.entries()) {
    const before = lines[i - 1] ?? '';
    if (mayGoOn && isRest(line) && before.length + 1 + firstWord(line).length > width) {
      if (before.length === width) atLastColumn++;
      joined++;
      whole.lines.push(`${(whole.lines.pop() ?? '').trimEnd()} ${line}`);
      whole.rests.push((whole.rests.pop() ?? 0) + 1);
      continue;
    }
    whole.lines.push(line);
    whole.rests.push(0);
    mayGoOn = isKubectls(line);
  }
  // A terminal breaks at its last column, in the middle of a word.
  return atLastColumn < joined ? whole : undefined;
}

function isOverlong(line: string): boolean {
  return line.length > NARROWEST && line.split(' ').some((word) => word.length > LONG_WORD);
}

function firstWord(line: string): string {
  return line.split(' ', 1)[0] ?? '';
}

function isRest(line: string): boolean {
  return (
    line.trim() !== '' &&
    indentOf(line) === 0 &&
    !STAMPED.test(line) &&
    !/^(?:[-`$#>|{}[\]]|Normal\s|Warning\s)/.test(line) &&
    !(keyValue(line) && /^["A-Z][\w -]{1,40}"?:(?:\s|$)/.test(line)) &&
    !isRow(line) &&
    !commandOf(line)
  );
}

/** Rows of which the columns before the message may stand alone. */
const ROW_BEGINS =
  /^\s{0,8}(?:[a-z0-9-]{1,63}\s{1,40})?(?:\d{1,6}[smhd]){1,3}(?: \(x\d{1,6} over \w{1,12}\))?\s{1,40}(?:Normal|Warning)(?:\s|$)/;
const DESCRIBED_BEGINS = /^\s{0,8}(?:Normal|Warning)\s{1,20}[A-Z]\w{2,40}\s{1,20}\d{1,6}[smhd]/;

/** A row of events, or a key with its value that does not stand at the edge. */
function isKubectls(line: string): boolean {
  if (indentOf(line) >= 2 && /^\s+(?:- )?["\w][\w./ -]{0,60}"?:(?:\s|$)/.test(line)) return true;
  return line.length < WIDEST && (ROW_BEGINS.test(line) || DESCRIBED_BEGINS.test(line) || isRow(line));
}

function isRow(line: string): boolean {
  return describedEvent(line) !== undefined || listedEvent(line) !== undefined || podRow(line) !== undefined;
}
