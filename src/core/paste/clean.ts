// Undoes what terminals, chat clients and mail do to pasted text, before anything is read from it: colours, Windows
// line ends, non-breaking blanks, typographic quotes, HTML escapes, quote marks. One line in, one line out.

import { unboxed } from './boxes.ts';
import { withoutFurniture } from './chat.ts';
import { RULE, withoutFrames, withoutPipes } from './frames.ts';
import { unmarked } from './unmarked.ts';

const ANSI = /(?:\u001b\[|\^\[\[)[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\n]{0,200}\u0007/g;
const INVISIBLE = /[\u200b-\u200d\u2060\ufeff\u00ad]/g;

/** A list that a chat client or a person made of a table's rows. */
const BULLET = /^(\s{0,8})[*•‣▪-] (?=(?:Warning|Normal)\s)/;

export function cleanLines(pasted: string): string[] {
  let text = pasted;
  if (text.includes('\r')) text = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  if (text.includes('\u001b') || text.includes('^[[')) text = text.replace(ANSI, '');
  // A page that lost the escape keeps the rest.
  if (text.includes('[0m')) text = text.replace(/\[(?:\d{1,3}(?:;\d{1,3}){0,4})?m/g, '');
  if (/[^\n -~\t]/.test(text)) {
    text = text
      .replace(INVISIBLE, '')
      .replace(/[\u00a0\u2007\u202f\u3000]/g, ' ')
      .replace(/[“”„‟]/g, '"')
      .replace(/[‘’‚‛]/g, "'");
  }
  const split = unmarked(text).split('\n');
  const lines = /[┌╭╔]/.test(text) ? unboxed(split) : split;
  const bare = atEdge(singleSpaced(withoutQuoteMarks(withoutMargin(withoutFurniture(lines)))));
  return withoutFrames(withoutPipes(bare.map((line) => line.replace(BULLET, '$1'))));
}

/** "[10:01 PM] eve: ", before every line of hers. */
const SPEAKER = /^\[\d{1,2}:\d\d(?: [AP]M)?\] [\w .-]{1,40}: ?/;
const NUMBER = /^\s{0,8}\d{1,6}(?: ?[:│|]| {2}|\t) ?/;
const BOX = /^\s{0,4}[│┃] ?/;
const CODE = /^\s{0,4}`(?=.*`$)/;
/** What an editor, a terminal's window, a table, a list or a diff puts before every line. */
const SIGNS = [/^\s{0,4}- /, /^\s{0,4}[*•] /, /^\s{0,4}\+ /];
const MARGINS = [BOX, /^\s{0,4}\| ?/, NUMBER, SPEAKER, CODE, ...SIGNS];
/** One line alone may begin so, and so may the few lines of a program. */
const FEWEST = new Map([...[BOX, SPEAKER, CODE].map((m) => [m, 1] as const), ...SIGNS.map((m) => [m, 2] as const)]);
/** The other side of the window. */
const RIGHT = / {1,300}[│┃|]$/;
const MARGIN_RUN = 4;
const BOX_RUN = 3;

/** Removes a margin that stands before every line; numbers must count up. */
function withoutMargin(lines: string[]): string[] {
  const said = lines.filter((line) => line.trim() !== '' && !RULE.test(line));
  const margin = MARGINS.find(
    (m) => said.length >= (FEWEST.get(m) ?? MARGIN_RUN) && said.every((line) => m.test(line)),
  );
  if (!margin || (margin === NUMBER && !countsUp(said))) return withoutBoxRuns(lines);
  const right = margin === CODE ? /`$/ : RIGHT;
  return lines.map((line) => (RULE.test(line) ? '' : line.replace(margin, '').replace(right, '')));
}

/** A window's side may stand before the pasted part of the text only. */
function withoutBoxRuns(lines: string[]): string[] {
  const boxed = lines.map((line) => BOX.test(line));
  let run = 0;
  const lengths = boxed.map((is) => (run = is ? run + 1 : 0));
  for (let i = lengths.length - 2; i >= 0; i--) if (boxed[i] && boxed[i + 1]) lengths[i] = lengths[i + 1]!;
  return lines.map((line, i) => (lengths[i]! >= BOX_RUN ? line.replace(BOX, '').replace(RIGHT, '') : line));
}

function countsUp(lines: string[]): boolean {
  const numbers = lines.map((line) => Number.parseInt(line, 10));
  return numbers.every((n, i) => i === 0 || (n > numbers[i - 1]! && n - numbers[i - 1]! < 50));
}

/** Some mail clients put an empty line behind every line. */
function singleSpaced(lines: string[]): string[] {
  const blank = lines.map((line) => line.trim() === '');
  const said = blank.filter((b) => !b).length;
  if (said < 8 || lines.length < said * 2 - 2) return lines;
  const doubled = blank.every((b, i) => b || i + 1 >= lines.length || blank[i + 1]);
  return doubled ? lines.filter((_, i) => !blank[i] || blank[i - 1]) : lines;
}

const QUOTED = /^\s{0,8}>/;
/** Fewer lines in a row may be a program's own `> node server.js`. */
const QUOTED_RUN = 3;

/** Mails quote each other's quotes. */
const DEEPEST = 6;

function withoutQuoteMarks(lines: string[], depth = 0): string[] {
  const quoted = lines.filter((line) => QUOTED.test(line)).length;
  if (quoted === 0) return lines;
  const all = quoted === lines.filter((line) => line.trim() !== '').length;
  const out: string[] = [];
  for (let i = 0; i < lines.length; ) {
    let end = i;
    while (end < lines.length && QUOTED.test(lines[end]!)) end++;
    const isQuote = end - i >= QUOTED_RUN || (all && end > i);
    for (; i < end; i++) out.push(isQuote ? lines[i]!.replace(/^\s{0,8}> ?/, '') : lines[i]!);
    if (i < lines.length) out.push(lines[i++]!);
  }
  const changed = out.some((line, n) => line !== lines[n]);
  return changed && depth < DEEPEST ? withoutQuoteMarks(out, depth + 1) : out;
}

/** Lines without the blanks that all of them begin with, and without blank lines at either end. */
export function dedented(lines: string[]): string[] {
  const isSaid = (line: string) => line.trim() !== '';
  const first = lines.findIndex(isSaid);
  return first < 0 ? [] : atEdge(lines.slice(first, lines.findLastIndex(isSaid) + 1));
}

/** Text that was pasted as code stands away from the edge as a whole. */
function atEdge(lines: string[]): string[] {
  const common = lines.reduce((least, line) => (line.trim() === '' ? least : Math.min(least, indentOf(line))), 200);
  return common > 0 ? lines.map((line) => line.slice(Math.min(common, indentOf(line)))) : lines;
}

export function indentOf(line: string): number {
  let i = 0;
  while (i < line.length && (line[i] === ' ' || line[i] === '\t')) i++;
  return i;
}
