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
