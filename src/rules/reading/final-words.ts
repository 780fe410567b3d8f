// What a container said last, to be quoted where nothing more specific is known: log lines or its termination message.

import type { ContainerCase } from '../../core/case.ts';
import type { Citation } from '../../core/fact.ts';
import type { LogLine } from '../../core/log.ts';
import { terminationWords } from '../../core/log-signs.ts';
import { citeLine } from './said.ts';

export interface FinalWord {
  line: LogLine;
  citation: Citation;
}

/** The final statement, in order. */
export function finalWords(k: ContainerCase): FinalWord[] {
  return [...k.lastWords.map((line) => ({ line, citation: citeLine(k, line) })), ...terminationWords(k)];
}

/** The last lines of the log, trouble or not: what it did before it ended without a word. */
export function lastLines(k: ContainerCase, count: number): Citation[] {
  if (k.log.state !== 'seen') return [];
  return k.log.value.lines
    .filter((l) => l.raw.trim() !== '')
    .slice(-count)
    .map((l) => citeLine(k, l));
}
