// Turns what a program said into a finding: the weightiest hit of a vocabulary, graded by where in its run it was
// said. A hit that the rule cannot use is passed over for the next one.

import type { Symptom } from '../../core/case/symptom.ts';
import type { ContainerCase } from '../../core/case.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Citation } from '../../core/fact.ts';
import { type LogHit, logHits, type SignTable, strengthOf } from '../../core/log-signs.ts';
import { quote } from '../../core/quote.ts';
import { eachCase, type Holds, holds, type Judgement } from '../../core/rule.ts';
import { OWN_WORDS } from '../vocabulary/row.ts';

export interface Said {
  summary: string;
  detail?: { [name: string]: string };
  /** Further proof after the log line. */
  more?: Citation[];
  /** Instead of what the place of the hit says. */
  strength?: Holds['strength'];
}

/** Containers whose log can tell why they end; `unread` is a log that was pasted without a status. */
export const SPOKEN: readonly Symptom[] = ['crash-loop', 'unread'];

/** One finding per container that said something of the vocabulary. */
export function fromLog(
  evidence: Evidence,
  table: SignTable,
  say: (hit: LogHit, k: ContainerCase) => Said | undefined,
  symptoms: readonly Symptom[] = SPOKEN,
): Judgement[] {
  return eachCase(evidence, symptoms, (k) => saidBy(k, table, say));
}

export function saidBy(
  k: ContainerCase,
  table: SignTable,
  say: (hit: LogHit, k: ContainerCase) => Said | undefined,
): Holds | undefined {
  for (const hit of logHits(k, table)) {
    const said = say(hit, k);
    if (!said) continue;
    return holds(k, {
      strength: said.strength ?? strengthOf(hit, k),
      summary: said.summary,
      evidence: [hit.citation, ...backing(hit, said.more ?? [])],
      detail: { container: k.container.name, ...said.detail },
    });
  }
  return undefined;
}

/** What was said long before the end, or in words that nobody knows, stays one sign: nothing else may lend it weight. */
export function backing(hit: LogHit, more: Citation[]): Citation[] {
  return hit.position === 'earlier' || hit.sign.who === OWN_WORDS ? more.filter((c) => c.source === 'log') : more;
}

/** Only the fields that are known. */
export function details(fields: { [name: string]: string | number | undefined }): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => [name, String(value)]),
  );
}

/** Cites a line of the case's log. */
export function citeLine(k: ContainerCase, line: { n: number; raw: string }): Citation {
  return citeAt(k.log.at, line);
}

/** The same for a log that need not be that of the last ended run. */
export function citeAt(log: string, line: { n: number; raw: string }): Citation {
  return { source: 'log', at: `${log}:${line.n}`, text: quote(line.raw) };
}

/** Lines in words order around a hit: the reach on both sides is bounded. */
export function linesAround(k: ContainerCase, n: number, before: number, after: number) {
  if (k.log.state !== 'seen') return [];
  return k.log.value.lines.filter((l) => l.n >= n - before && l.n <= n + after);
}
