// The common form of all text redaction: a rule finds hits, and hits are replaced by a placeholder that says
// what stood there. Newlines inside a hit stay, so that line numbers never change.

import type { Lines } from './lines.ts';

/** One thing that was removed: what it was, where it stood, how long it was. Never the thing itself. */
export interface Redaction {
  what: string;
  /** Address of the string: `Pod/api-1:spec.containers[0].env[2].value`, `log.previous/api-1/api`, "text". */
  at: string;
  /** 1-based line inside a text of several lines. */
  line?: number;
  characters: number;
}

/** A range of a text that must not be shown. Ranges of one rule come in order and do not overlap. */
export interface Hit {
  start: number;
  end: number;
  what: string;
}

/**
 * Finds what must go, in order; ignores placeholders, so that a second pass changes nothing.
 */
export type TextRule = (text: string, lines: Lines) => Hit[];

export const OPEN = '‹';
export const CLOSE = '›';

export function placeholder(what: string): string {
  return `${OPEN}hidden ${what}${CLOSE}`;
}

/** True for a value that an earlier pass has already dealt with. */
export function isHidden(value: string): boolean {
  return value.includes(`${OPEN}hidden`);
}

/** Sorted, and of overlapping hits one, stretched over both. */
export function inOrder(hits: Hit[]): Hit[] {
  hits.sort((a, b) => a.start - b.start || b.end - a.end);
  const out: Hit[] = [];
  for (const hit of hits) {
    const last = out.at(-1);
    if (last && hit.start < last.end) last.end = Math.max(last.end, hit.end);
    else out.push({ ...hit });
  }
  return out;
}

export function hide(text: string, hits: Hit[], at: string, removed: Redaction[]): string {
  if (hits.length === 0) return text;
  const severalLines = text.includes('\n');
  let out = '';
  let done = 0;
  let line = 1;
  for (const { start, end, what } of hits) {
    const before = text.slice(done, start);
    const gone = text.slice(start, end);
    line += newlines(before);
    removed.push({ what, at, ...(severalLines ? { line } : {}), characters: gone.length });
    const kept = newlines(gone);
    line += kept;
    out += before + placeholder(what) + '\n'.repeat(kept);
    done = end;
  }
  return out + text.slice(done);
}

export function newlines(text: string): number {
  let count = 0;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) count++;
  return count;
}
