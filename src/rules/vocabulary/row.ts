// How a row of a vocabulary is written: who words it so, and the pattern as text, which may be put together of parts.

import type { LogSign } from '../../core/log-signs.ts';

/** A wording whose letters are as the program writes them. */
export function row(who: string, source: string, more: Partial<LogSign> = {}): LogSign {
  return { who, pattern: new RegExp(source), ...more };
}

/** A wording in capitals or small letters. */
export function rowInAnyCase(who: string, source: string, more: Partial<LogSign> = {}): LogSign {
  return { who, pattern: new RegExp(source, 'i'), ...more };
}

/** Who words it so, where nobody does in particular. */
export const OWN_WORDS = 'any program, in words of its own';

/**
 * Programs of one's own word a thing as they like: what they speak of and what befell it, within one line and in either
 * order. Never more than a sign, to which nothing else lends weight.
 */
export function together(what: string, befell: string): LogSign {
  // A part of a path or of a hyphened name is no word.
  const [a, b] = [what, befell].map((words) => `(?<![\\w./-])(?:${words})(?![\\w/-])`);
  const either = `${a}.{0,60}?${b}|${b}.{0,60}?${a}`;
  return rowInAnyCase(OWN_WORDS, either, { weak: true });
}
