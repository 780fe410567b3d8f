// What an answer about the past is called, and what its numbers are and are not; the rows are laid out where they are shown.

import type { HistoryAnswer } from './ask.ts';

const KEPT = 'From what was watched and diagnosed here; kept for 7 days.';
const ABOUT = '~ shared out by time, since it was not watched all the while.';

/** "prod: 2 crash looping now, nothing else in 24 h". */
export function historyTitle(answer: HistoryAnswer, { above, name }: { above: number; name: string }): string {
  return `${answer.cluster}: ${titleWords(answer, above, name)}`;
}

function titleWords(
  { what, list = [], top = [], warnings = [], history = [] }: HistoryAnswer,
  above: number,
  name: string,
) {
  switch (what) {
    case 'list': {
      const now = list.filter((row) => row.now).length;
      const before = list.length - now;
      return `${now === 0 ? 'nothing is crash looping now' : `${now} crash looping now`}, ${before === 0 ? 'nothing else' : `${before} more`} in 24 h`;
    }
    case 'top': {
      const than = above > 0 ? ` more than ${above} times` : '';
      return `${top.length === 0 ? 'nothing' : top.length} restarted${than} in the last hour`;
    }
    case 'warnings':
      return warnings.length === 0 ? 'no warning events in 24 h' : 'warning events in 24 h, by namespace and reason';
    case 'history':
      return history.length === 0 ? `nothing is kept of ${name}` : `${name} in the last 7 days`;
  }
}

export function historyNote({ list = [], top = [], warnings = [] }: HistoryAnswer): string {
  return [...list, ...top, ...warnings].some((row) => !row.exact) ? `${ABOUT} ${KEPT}` : KEPT;
}

/** "6", or "~6" where some may have been before. */
export const counted = (count: number, { exact }: { exact: boolean }): string => `${exact ? '' : '~'}${count}`;

/** "deployment/cart". */
export const workloadWord = ({ kind, name }: { kind: string; name: string }): string => `${kind.toLowerCase()}/${name}`;
