// Tables: the column under PASSWORD, in files of comma-separated values, in what clients of databases print, and in columns
// that are aligned with blanks.

import { type Hit, inOrder, isHidden } from './hits.ts';
import type { Line, Lines } from './lines.ts';
import { kindOf, secrecyOf } from './names.ts';
import { isMessage, isNoSecret, looksChosen } from './values.ts';

const MAX_ROWS = 100;
const MAX_CHARS = 1_000;
const RULER = /^[-+=| \t]{3,}\r?$/;
/** Most lines are none: they begin with a time, or hold pairs. */
const HEADER = /^[ \t|│"'`]{0,40}[A-Za-z][^:={}[\]\n]{0,1000}$/;
const NAME = /^["'`]?[A-Za-z][\w .-]{0,40}["'`]?$/;
/** What stands in a line between two cells. */
const DELIMITERS: readonly RegExp[] = [/[|│]/g, /\t+/g, / {2,}/g, /[,;]/g];
// `kubectl get certificate` names the Secret that holds it, and a KEY is one of a map.
const NO_SECRET = /^["'`]?(?:secrets?|keys?|token type)["'`]?$/i;

interface Cell {
  start: number;
  end: number;
  text: string;
}

export function columnValues(text: string, { naming }: Lines): Hit[] {
  if (!text.includes('\n')) return [];
  const hits: Hit[] = [];
  let done = 0;
  for (const line of naming()) {
    if (line.start < done || line.end - line.start > MAX_CHARS || text[line.end] !== '\n') continue;
    if (!HEADER.test(text.slice(line.start, line.end))) continue;
    const table = underHeader(text, line);
    hits.push(...table.hits);
    done = table.end;
  }
  return inOrder(hits);
}

/** What is secret in the rows below, and where the last of them ends. */
interface Table {
  hits: Hit[];
  end: number;
}

function underHeader(text: string, line: Line): Table {
  const none = { hits: [], end: line.end };
  for (const delimiter of DELIMITERS) {
    const header = cells(text, line, delimiter);
    if (header.length < 2) continue;
    if (!header.every((cell) => NAME.test(cell.text))) return none;
    const columns = header.flatMap(({ text: name }, i) =>
      !NO_SECRET.test(name) && secrecyOf(name.replace(/["'`]/g, '').replaceAll(' ', '_')) === 'strong' ? [i] : [],
    );
    return columns.length > 0 ? rows(text, line, delimiter, header, columns) : none;
  }
  return none;
}

function rows(text: string, header: Line, delimiter: RegExp, names: Cell[], columns: number[]): Table {
  const hits: Hit[] = [];
  let { end } = header;
  let last = end;
  for (let n = 0; n < MAX_ROWS && end < text.length; n++) {
    const start = end + 1;
    const newline = text.indexOf('\n', start);
    end = newline < 0 ? text.length : newline;
    if (end - start > MAX_CHARS) break;
    if (RULER.test(text.slice(start, end))) continue;
    const row = cells(text, { start, end }, delimiter);
    if (row.length !== names.length) break;
    last = end;
    for (const i of columns) {
      const { text: value, start: from, end: to } = row[i]!;
      if (value.length < 4 || isNoSecret(value) || isMessage(value) || isHidden(value)) continue;
      if (/\s/.test(value) || !(looksChosen(value) || value.length >= 8)) continue;
      hits.push({ start: from, end: to, what: kindOf(names[i]!.text) });
    }
  }
  return { hits, end: last };
}

function cells(text: string, { start, end }: Line, delimiter: RegExp): Cell[] {
  const line = text.slice(start, end);
  const out: Cell[] = [];
  let from = 0;
  const take = (to: number): void => {
    const cell = line.slice(from, to);
    const bare = cell.trim();
    const at = start + from + cell.indexOf(bare);
    if (bare !== '') out.push({ start: at, end: at + bare.length, text: bare });
  };
  for (const match of line.matchAll(delimiter)) {
    take(match.index);
    from = match.index + match[0].length;
  }
  take(line.length);
  return out;
}
