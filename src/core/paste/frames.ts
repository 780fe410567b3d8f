// What stands before and behind every line of something that kubectl printed: bullets, signs of a diff, stamps of a chat,
// code marks, sides of a drawn table. What it is, the lines themselves tell: words that only kubectl prints stand behind it.

/** Hardly any program prints such a line, whatever stands before it. */
const KUBECTLS =
  /(?:Restart Count: {1,20}\d|Exit Code: {1,20}\d|(?:Last )?State: {1,20}(?:Waiting|Running|Terminated)|Host Ports?: {1,20}[\d<]|(?:Container|Image) ID:(?: |$)|QoS Class: {1,40}[BG]|Node-Selectors: |Controlled By: {1,20}[A-Z]|Namespace: {1,20}[a-z0-9]|(?:Normal|Warning)[ \t]{1,20}[A-Z]\w{2,40}[ \t]{1,20}(?:<unknown>|\d{1,6}[smhd])|(?:\d{1,6}[smhd]){1,2}(?: \(x\d{1,6} over \w{1,12}\))?[ \t]{1,20}(?:Normal|Warning)[ \t]{1,20}[A-Z]\w{2,40}[ \t]{1,20}\w{2,40}\/|LAST SEEN[ \t]{1,40}TYPE|NAME[ \t]{1,80}READY[ \t]{1,20}STATUS|"?(?:apiVersion|restartCount|containerStatuses|lastState|exitCode|containerID)"?: ?)/;
/** Rows of a table that no reader took, and keys of a describe: what stands around them is not to be trusted as a log. */
export function isTorn(lines: string[]): boolean {
  const torn = lines.slice(0, TORN_LOOK).filter((line) => /^[^{"a-z=]{0,40}$/i.test(beforeKubectls(line) ?? '"'));
  return torn.length > 0 && torn.length * TORN_SHARE >= Math.min(lines.length, TORN_LOOK);
}

/** A sign at its end, or nothing but a stamp: a word before them is a cell of the table. */
const MARGIN = /^\s{0,8}(?:[^\s{"=][^{"=]{0,60}[^\w\s){"=,]|[^\w\s){"=,]|[\d:.,TZ/+-]{1,40})$/;
const BEHIND = /[`|│┃\\]$/;
/** A line of a drawn table between its rows, or its edge. */
export const RULE = /^\s{0,8}[+|├└┌╞╘][-=─═+|┼┬┴┤┘┐╪]{6,}\s*$/;
const LINE_MAX = 20_000;
const TORN_LOOK = 400;
/** A program that prints such a line among so many others prints it itself. */
const TORN_SHARE = 6;
const LINES_MAX = 20_000;
const FEWEST = 2;

/** One line in, one line out. */
export function withoutFrames(lines: string[]): string[] {
  if (lines.length > LINES_MAX) return lines;
  const framed = lines.map((line) => shapeOf(line));
  if (framed.every((shape) => shape === '')) return withoutEnds(lines);
  const out = [...lines];
  for (const [at, shape] of framed.entries()) {
    if (shape === '' || out[at] !== lines[at]) continue;
    const margin = new RegExp(`^\\s{0,8}${shape}${/[\w+*>#-]$/.test(shape) ? '(?:[ \\t]|$)' : ' ?'}`);
    const isInside = (i: number) => margin.test(lines[i]!) || lines[i]!.trim() === '' || RULE.test(lines[i]!);
    let [from, to] = [at, at + 1];
    while (from > 0 && isInside(from - 1)) from--;
    while (to < lines.length && isInside(to)) to++;
    const own = lines.slice(from, to);
    if (framed.slice(from, to).filter((one) => one === shape).length < FEWEST && own.length <= FEWEST) continue;
    const bare = own.map((line) => (RULE.test(line) ? '' : line.replace(margin, '')));
    out.splice(from, to - from, ...withoutEnds(bare));
  }
  return withoutEnds(out);
}

/** What stands before kubectl's words, as a pattern; "" where nothing does, or only blanks. */
function shapeOf(line: string): string {
  const before = beforeKubectls(line)?.trimEnd() ?? '';
  if (before.trim() === '' || !MARGIN.test(before)) return '';
  return before
    .trim()
    .replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
    .replace(/\d+/g, '\\d{1,19}')
    .replace(/\b[AP]M\b/, '[AP]M')
    .replace(/ +/g, ' {1,8}');
}

/** What stands before kubectl's words; undefined where there are none. */
function beforeKubectls(line: string): string | undefined {
  const at = line.length > LINE_MAX ? -1 : line.slice(0, 200).search(KUBECTLS);
  return at < 0 ? undefined : line.slice(0, at);
}

/** The sign that most of the lines end with. */
function withoutEnds(lines: string[]): string[] {
  const said = lines.filter((line) => line.trim() !== '');
  const end = said.map((line) => BEHIND.exec(line.trimEnd())?.[0]).find((sign) => sign !== undefined);
  if (
    end === undefined ||
    said.length < FEWEST + 1 ||
    said.filter((line) => line.trimEnd().endsWith(end)).length * 5 < said.length * 4
  )
    return lines;
  return lines.map((line) => (line.trimEnd().endsWith(end) ? line.trimEnd().slice(0, -1).trimEnd() : line));
}

const ROW = /^\s{0,8}\|(.{3,4000}?)\|?\s{0,80}$/;
const CELLS = 3;
const OF_KUBECTL = /^(?:Normal|Warning|Type|TYPE|READY|Ready|LAST SEEN)$/;

/** Rows of a table as wikis and chats write it: kubectl's own columns again. */
export function withoutPipes(lines: string[]): string[] {
  if (lines.length > LINES_MAX) return lines;
  const cells = lines.map((line) => cellsOf(line));
  const out = [...lines];
  for (let from = 0; from < lines.length; ) {
    const columns = cells[from]!.length;
    let to = from + 1;
    while (columns >= CELLS && to < lines.length && cells[to]!.length === columns) to++;
    const rows = cells.slice(from, to);
    if (columns >= CELLS && rows.some((row) => row.some((cell) => OF_KUBECTL.test(cell))))
      out.splice(from, rows.length, ...rows.map(inColumns));
    from = to;
  }
  return out;
}

function inColumns(row: string[]): string {
  return row.map((cell) => (/^:?-{2,}:?$/.test(cell) ? '----' : cell)).join('   ');
}

function cellsOf(line: string): string[] {
  const inside = line.length < LINE_MAX ? ROW.exec(line)?.[1] : undefined;
  return inside === undefined ? [] : inside.split('|').map((cell) => cell.trim().replace(/^`(.*)`$/, '$1'));
}
