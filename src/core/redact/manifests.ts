// Manifests of Secrets that stand in text, as YAML or as JSON on any number of lines, also escaped: every value of
// data and stringData goes. And keys in JSON Web Key form.

import { type Hit, inOrder, isHidden } from './hits.ts';
import { blanksFrom, valueAt } from './value-at.ts';

/** A Secret holds at most one megabyte, and a third more in base64. */
const REACH_CHARS = 1_500_000;

export function secretManifests(text: string): Hit[] {
  const hits: Hit[] = text.includes('Secret') ? [...inYaml(text), ...inJson(text)] : [];
  if (text.includes('kty')) hits.push(...webKeys(text));
  return inOrder(hits);
}

const YAML_KIND = /^(?<indent>[ \t]{0,100}(?:- )?)kind:[ \t]{1,8}["']?Secret["']?[ \t]{0,8}\r?$/gm;
const YAML_DATA = /^[ \t]{0,100}(?:- )?(?:data|stringData):/;
const YAML_KEY = /^[ \t]{0,100}["']?[\w.-]{1,253}["']?:[ \t]{0,8}/;
const BLOCK = /^[|>][+-]?\d?[+-]?$/;

interface Line {
  start: number;
  end: number;
  /** Column of the first word; what stands behind the dash of a list item is its column. */
  depth: number;
  startsItem: boolean;
  isBlank: boolean;
}

function inYaml(text: string): Hit[] {
  const hits: Hit[] = [];
  let done = 0;
  for (const kind of text.matchAll(YAML_KIND)) {
    if (kind.index < done) continue;
    const column = kind.groups?.indent?.length ?? 0;
    const lines = documentAround(text, kind.index, column, done);
    done = lines.at(-1)?.end ?? 0;
    let isData = false;
    for (const { start, end, depth, isBlank } of lines) {
      const line = text.slice(start, end);
      if (depth === column && !isBlank) isData = YAML_DATA.test(line);
      else if (isData && !isHidden(line)) {
        const key = YAML_KEY.exec(line)?.[0].length ?? 0;
        const value = line.slice(key).trim();
        const at = start + line.indexOf(value, key);
        if (value !== '' && !BLOCK.test(value)) hits.push({ start: at, end: at + value.length, what: 'secret-value' });
      }
    }
  }
  return hits;
}

/** The lines of the document or list item whose kind stands at this place, none before `least`. */
function documentAround(text: string, at: number, column: number, least: number): Line[] {
  const isOutside = ({ start, depth, isBlank }: Line): boolean =>
    text.startsWith('---', start) || (!isBlank && depth < column);
  const startsItem = (line: Line): boolean => line.startsItem && line.depth === column;
  const kind = lineAt(text, at);
  const before = [kind];
  for (let line = kind; line.start > least && !startsItem(line) && at - line.start < REACH_CHARS; before.push(line)) {
    line = lineAt(text, text.lastIndexOf('\n', line.start - 2) + 1);
    if (isOutside(line)) break;
  }
  const after: Line[] = [];
  for (let { end } = kind; end < text.length && end - at < REACH_CHARS; ) {
    const line = lineAt(text, end + 1);
    if (startsItem(line) || isOutside(line)) break;
    after.push(line);
    end = line.end;
  }
  return [...before.reverse(), ...after];
}

function lineAt(text: string, start: number): Line {
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  const before = /^[ \t]{0,200}(- )?/.exec(text.slice(start, Math.min(end, start + 210)))!;
  return {
    start,
    end,
    depth: before[0].length,
    startsItem: before[1] !== undefined,
    isBlank: text.slice(start, Math.min(end, start + 400)).trim() === '',
  };
}

const JSON_KIND = /(?<quote>\\{0,15}")kind\\{0,15}"\s{0,8}:\s{0,8}\\{0,15}"Secret\\{0,15}"/g;

function inJson(text: string): Hit[] {
  const hits: Hit[] = [];
  // Of each way to write a quote, how far was read: a Secret holds no other, but for its last-applied copy.
  const done = new Map<string, number>();
  for (const kind of text.matchAll(JSON_KIND)) {
    const quote = kind.groups?.quote ?? '"';
    if (kind.index < (done.get(quote) ?? 0)) continue;
    const { start, end } = objectAround(text, kind.index);
    done.set(quote, end);
    for (const name of [`${quote}data${quote}`, `${quote}stringData${quote}`]) {
      for (let at = text.indexOf(name, start); at >= 0 && at < end; at = text.indexOf(name, at + 1)) {
        const open = text.indexOf('{', at);
        if (open >= 0) hits.push(...valuesOf(text, open + 1, quote));
      }
    }
  }
  return hits;
}

/** From the brace that opens the object around this place to the one that closes it. */
function objectAround(text: string, at: number): { start: number; end: number } {
  let start = at;
  for (let depth = 0; start > 0 && at - start < REACH_CHARS; start--) {
    if (text[start] === '}') depth++;
    if (text[start] === '{' && depth-- === 0) break;
  }
  let end = at;
  for (let depth = 0; end < text.length && end - at < REACH_CHARS; end++) {
    if (text[end] === '{') depth++;
    if (text[end] === '}' && depth-- === 0) break;
  }
  return { start, end };
}

/** The strings of a flat JSON object that begins here. */
function valuesOf(text: string, from: number, quote: string): Hit[] {
  const hits: Hit[] = [];
  const close = text.indexOf('}', from);
  const end = close < 0 ? Math.min(text.length, from + REACH_CHARS) : close;
  const mark = `${quote}:`;
  for (let at = text.indexOf(mark, from); at >= 0 && at < end; at = text.indexOf(mark, at + 1)) {
    const value = valueAt(text, blanksFrom(text, at + mark.length, 8), at, Number.POSITIVE_INFINITY);
    if (!value?.quoted || value.end <= value.start || isHidden(text.slice(value.start, value.end))) continue;
    hits.push({ start: value.start, end: value.end, what: 'secret-value' });
  }
  return hits;
}

const PRIVATE_MEMBER = /"(?:d|p|q|dp|dq|qi|k)\\{0,15}"\s{0,8}:\s{0,8}\\{0,15}"(?<s>[\w-]{16,2000})/dg;
const NEAR_CHARS = 4_000;

function webKeys(text: string): Hit[] {
  const hits: Hit[] = [];
  for (const match of text.matchAll(PRIVATE_MEMBER)) {
    const [start, end] = match.indices?.groups?.s ?? [0, 0];
    const near = text.slice(Math.max(0, start - NEAR_CHARS), end + NEAR_CHARS);
    if (/"kty\\{0,15}"/.test(near)) hits.push({ start, end, what: 'private-key' });
  }
  return hits;
}
