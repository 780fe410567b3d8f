// What a container said last, to be quoted where nothing more specific is known: log lines or its termination message.

import type { ContainerCase } from '../../core/case.ts';
import type { Citation } from '../../core/fact.ts';
import type { LogLine } from '../../core/log.ts';
import { logHits, type SignTable, terminationWords } from '../../core/log-signs.ts';
import { citeLine } from './said.ts';

export interface FinalWord {
  line: LogLine;
  citation: Citation;
}

/** The final statement, in order. */
export function finalWords(k: ContainerCase): FinalWord[] {
  return [...k.lastWords.map((line) => ({ line, citation: citeLine(k, line) })), ...terminationWords(k)];
}

/** Does it end with words of this table? */
export function lastlySaid(k: ContainerCase, table: SignTable): boolean {
  return logHits(k, table).some((hit) => hit.position === 'last-words');
}

/** The last lines of the log, trouble or not: what it did before it ended without a word. */
export function lastLines(k: ContainerCase, count: number): Citation[] {
  if (k.log.state !== 'seen') return [];
  return k.log.value.lines
    .filter((l) => l.raw.trim() !== '')
    .slice(-count)
    .map((l) => citeLine(k, l));
}

/** Words of an error that speak of the world outside the program: its cause may be one that no rule knows. */
export const OUTSIDE =
  /connect|refus|time[d ]?-?out|unreachable|resolv|getaddrinfo|lookup|host|socket|network|dns|tls|ssl|certificate|x509|auth|password|credential|token|permission|denied|forbidden|unauthori|access|not found|no such|missing|exist|disk|space|memory|limit|too many|quota|lock|lease|version|unsupported|config|setting|variable|environment|port|address|in use|migrat|schema|table|database|relation|broker|leader|quorum|cluster|licen|unavailable|closed|reset|EOF|HTTP|api ?exception|client ?error|service ?error|validation|\bzod|ldap|\b[45]\d\d\b/i;
