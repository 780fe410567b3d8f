// Undoes what terminals, chat clients and mail do to pasted text, before anything is read from it: colours, Windows
// line ends, non-breaking blanks, typographic quotes, HTML escapes, quote marks. One line in, one line out.

import { unboxed } from './boxes.ts';
import { withoutFurniture } from './chat.ts';

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
  if (/&(?:lt|gt|quot|amp|#39|nbsp);/.test(text))
    text = text.replace(/&(lt|gt|quot|amp|#39|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '');
  const split = text.split('\n').map((line) => line.replace(BULLET, '$1'));
  const lines = /[┌╭╔]/.test(text) ? unboxed(split) : split;
  return singleSpaced(withoutQuoteMarks(withoutMargin(withoutFurniture(lines))));
}

const ENTITIES: { [name: string]: string } = { lt: '<', gt: '>', quot: '"', amp: '&', '#39': "'", nbsp: ' ' };

/** "[10:01 PM] eve: ", before every line of hers. */
const SPEAKER = /^\[\d{1,2}:\d\d(?: [AP]M)?\] [\w .-]{1,40}: ?/;
/** What an editor, a terminal's window or a table puts before every line. */
const MARGINS = [/^\s{0,4}[│┃|] ?/, /^\s{0,8}\d{1,6}(?: ?[:│|]| {2}|\t) ?/, SPEAKER];
const BOX = /^\s{0,4}[│┃]/;
/** The window's other side. */
const RIGHT = / {1,300}[│┃]$/;
const MARGIN_RUN = 4;
const BOX_RUN = 3;

/** Removes a margin that stands before every line; numbers must count up. */
function withoutMargin(lines: string[]): string[] {
  const said = lines.filter((line) => line.trim() !== '');
  const few = said.length < MARGIN_RUN;
  const margin = MARGINS.find((m) => said.every((line) => m.test(line) && (!few || m === SPEAKER || BOX.test(line))));
  if (!margin || (margin === MARGINS[1] && !countsUp(said))) return withoutBoxRuns(lines);
  return lines.map((line) => line.replace(margin, '').replace(RIGHT, ''));
}

/** A window's side may stand before the pasted part of the text only. */
function withoutBoxRuns(lines: string[]): string[] {
  const boxed = lines.map((line) => BOX.test(line));
  let run = 0;
  const lengths = boxed.map((is) => (run = is ? run + 1 : 0));
  for (let i = lengths.length - 2; i >= 0; i--) if (boxed[i] && boxed[i + 1]) lengths[i] = lengths[i + 1]!;
  return lines.map((line, i) => (lengths[i]! >= BOX_RUN ? line.replace(MARGINS[0]!, '').replace(RIGHT, '') : line));
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
  let common = 200;
  let first = -1;
  let last = -1;
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    common = Math.min(common, indentOf(line));
    if (first < 0) first = i;
    last = i;
  }
  if (first < 0) return [];
  const kept = lines.slice(first, last + 1);
  return common > 0 ? kept.map((line) => line.slice(common)) : kept;
}

export function indentOf(line: string): number {
  let i = 0;
  while (i < line.length && (line[i] === ' ' || line[i] === '\t')) i++;
  return i;
}
