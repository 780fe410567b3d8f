// Undoes what terminals, chat clients and mail do to pasted text, before anything is read from it: colours, Windows
// line ends, non-breaking blanks, typographic quotes, HTML escapes, quote marks. One line in, one line out.

const ANSI = /(?:\u001b\[|\^\[\[)[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\n]{0,200}\u0007/g;
const INVISIBLE = /[\u200b-\u200d\u2060\ufeff\u00ad]/g;

/** A list that a chat client or a person made of a table's rows. */
const BULLET = /^(\s{0,8})[*•‣▪-] (?=(?:Warning|Normal)\s)/;

export function cleanLines(pasted: string): string[] {
  let text = pasted;
  if (text.includes('\r')) text = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  if (text.includes('\u001b') || text.includes('^[[')) text = text.replace(ANSI, '');
  if (/[^\n -~\t]/.test(text)) {
    text = text
      .replace(INVISIBLE, '')
      .replace(/[\u00a0\u2007\u202f\u3000]/g, ' ')
      .replace(/[“”„‟]/g, '"')
      .replace(/[‘’‚‛]/g, "'");
  }
  if (text.includes('&lt;') || text.includes('&gt;')) {
    text = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  }
  return withoutQuoteMarks(text.split('\n').map((line) => line.replace(BULLET, '$1')));
}

const QUOTED = /^\s{0,3}>/;
/** Fewer lines in a row may be a program's own `> node server.js`. */
const QUOTED_RUN = 3;

function withoutQuoteMarks(lines: string[]): string[] {
  const quoted = lines.filter((line) => QUOTED.test(line)).length;
  if (quoted === 0) return lines;
  const all = quoted === lines.filter((line) => line.trim() !== '').length;
  const out: string[] = [];
  for (let i = 0; i < lines.length; ) {
    let end = i;
    while (end < lines.length && QUOTED.test(lines[end]!)) end++;
    const isQuote = end - i >= QUOTED_RUN || (all && end > i);
    for (; i < end; i++) out.push(isQuote ? lines[i]!.replace(/^\s{0,3}>+ ?/, '') : lines[i]!);
    if (i < lines.length) out.push(lines[i++]!);
  }
  return out;
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
