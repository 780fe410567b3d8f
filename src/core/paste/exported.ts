// Logs as consoles export them: a table of comma-separated values, of which one column holds the lines.

import { at, text } from '../json.ts';
import type { Carried, Tailed } from './tailed.ts';

const MESSAGE = /^(?:@?message|msg|log|line|text|textpayload|body|content|_raw|log_?(?:line|message|entry))$/i;
const POD = /^(?:pod|pod[_ ]?name|kubernetes[._]pod[._]name|kubernetes\.pod_name|k8s\.pod\.name)$/i;
const CONTAINER = /^(?:container|container[_ ]?name|kubernetes[._]container[._]name|k8s\.container\.name)$/i;
const NAMESPACE = /^(?:namespace|namespace[_ ]?name|kubernetes[._]namespace(?:[._]name)?|k8s\.namespace\.name)$/i;
const TIME = /^(?:@?timestamp|time|date|ts|_time|timegenerated|tsNs)$/i;
const LABELS = /^labels$/i;
/** What else such tables have; a heading of other words is a line of a log. */
const OTHER =
  /^(?:id|tsNs|host|hostname|service|source|stream|severity|level|status|tags?|node|cluster|env|ingestion_?time|log_?stream(?:_?name)?|log_?group)$/i;
const MOST_CHARACTERS = 20_000_000;

/** The lines in the order in which they were said; undefined when this is no such table. */
export function exported(lines: string[]): Tailed | undefined {
  const first = lines.findIndex((line) => line.trim() !== '');
  const heading = (lines[first] ?? '').trim();
  const separator = [',', ';', '\t'].find((sign) => heading.includes(sign));
  if (!separator || heading.length > 1_000) return undefined;
  const columns = (rowsOf(heading, separator)[0] ?? []).map((name) => name.trim());
  const known = [MESSAGE, POD, CONTAINER, NAMESPACE, TIME, LABELS, OTHER];
  if (columns.length < 2 || !columns.every((name) => known.some((one) => one.test(name)))) return undefined;
  const find = (name: RegExp) => columns.findIndex((column) => name.test(column));
  const message = find(MESSAGE);
  const source = lines.slice(first + 1).join('\n');
  if (message < 0 || source.length > MOST_CHARACTERS) return undefined;
  const rows = rowsOf(source, separator).filter((row) => row.length === columns.length);
  if (rows.length === 0) return undefined;
  const cell = (row: string[], name: RegExp) => row[find(name)] ?? '';
  const [from = 0, to = 0] = [rows[0]!, rows.at(-1)!].map((row) => momentOf(cell(row, TIME)));
  const carried = (to < from ? rows.reverse() : rows).flatMap((row): Carried[] => {
    const labels = labelsOf(cell(row, LABELS));
    const of = (name: RegExp, label: string) => cell(row, name) || (text(at(labels, label)) ?? '');
    const known = { pod: of(POD, 'pod'), container: of(CONTAINER, 'container'), namespace: of(NAMESPACE, 'namespace') };
    return row[message]!.replace(/\n$/, '')
      .split('\n')
      .map((said) => ({ ...known, said }));
  });
  return { carried, rest: [] };
}

function momentOf(cell: string): number {
  return /^\d{10,20}$/.test(cell) ? Number(cell) : Date.parse(cell);
}

function labelsOf(cell: string): unknown {
  if (!cell.startsWith('{')) return undefined;
  try {
    return JSON.parse(cell);
  } catch {
    return undefined;
  }
}

/** Cells in quotes may hold the separator, line ends and, doubled, quotes. */
function rowsOf(source: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let i = 0; i <= source.length; ) {
    let cell: string;
    if (source[i] === '"') {
      let end = i + 1;
      while (end < source.length && (source[end] !== '"' || source[end + 1] === '"'))
        end += source[end] === '"' ? 2 : 1;
      cell = source.slice(i + 1, end).replaceAll('""', '"');
      i = end + 1;
    } else {
      const start = i;
      while (i < source.length && source[i] !== separator && source[i] !== '\n') i++;
      cell = source.slice(start, i);
    }
    row.push(cell);
    if (source[i] !== separator) {
      rows.push(row);
      row = [];
    }
    // After a quote only the separator or the line's end may follow.
    while (i < source.length && source[i] !== separator && source[i] !== '\n') i++;
    i++;
  }
  return rows;
}
