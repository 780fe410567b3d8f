// Finds what programs say in logs: patterns as data, hits with the line that proves them and how much that
// line weighs. Only notable lines are read, so that the cost does not grow with a program's chatter.

import type { ContainerCase } from './case.ts';
import type { Citation } from './fact.ts';
import { type LogLine, parseLog } from './log.ts';

/** A way programs word one mechanism. Patterns must be linear: no nested quantifiers. */
export interface LogSign {
  pattern: RegExp;
  /** Who words it so, for the reader of the table. */
  who: string;
  /** Never more than a sign, even as last words: the wording alone does not decide. */
  weak?: boolean;
}

export interface LogHit {
  line: LogLine;
  sign: LogSign;
  /** Named groups of the pattern. */
  groups: { [name: string]: string | undefined };
  /** `last-words`: said as it ended; `repeated`: said again and again until the end; `earlier`: before. */
  position: 'last-words' | 'repeated' | 'earlier';
  citation: Citation;
}

/** A table of signs with one combined test in front, so that most lines cost one regular expression. */
export interface SignTable {
  any: RegExp;
  signs: readonly LogSign[];
}

export function signTable(signs: readonly LogSign[]): SignTable {
  const alternatives = signs.map((s) => `(?:${s.pattern.source.replace(/\(\?<[A-Za-z]\w*>/g, '(?:')})`);
  return { any: new RegExp(alternatives.join('|'), 'i'), signs };
}

/** All hits in what the last run said, last words first and latest first within a position. */
export function logHits(k: ContainerCase, table: SignTable): LogHit[] {
  return [...messageHits(k, table), ...linesHits(k, table)];
}

/**
 * The termination message is a program's last word too, and the only one of those that log to a file. The runtime's
 * own words (it could not start the program) are not the program's, and a message that repeats the log says nothing new.
 */
export function terminationWords(k: ContainerCase): { line: LogLine; citation: Citation }[] {
  if (k.exit.state !== 'seen' || ['start-failed', 'evicted'].includes(k.ending)) return [];
  const { message } = k.exit.value;
  const last = message.trim().split('\n').at(-1)?.trim() ?? '';
  if (last === '' || (k.log.state === 'seen' && k.log.value.lines.slice(-80).some((l) => l.raw.includes(last))))
    return [];
  const citation = (text: string): Citation => ({ source: 'status', at: `${k.exit.at}.message`, text });
  return parseLog(message).lines.map((line) => ({ line, citation: citation(line.raw.trim().slice(0, 500)) }));
}

function messageHits(k: ContainerCase, table: SignTable): LogHit[] {
  return terminationWords(k)
    .flatMap(({ line, citation }): LogHit[] => {
      const found = signIn(line, table);
      return found ? [{ line, ...found, position: 'last-words', citation }] : [];
    })
    .reverse();
}

function signIn(line: LogLine, table: SignTable): Pick<LogHit, 'sign' | 'groups'> | undefined {
  if (!table.any.test(line.text)) return undefined;
  for (const sign of table.signs) {
    const match = sign.pattern.exec(line.text);
    if (match) return { sign, groups: { ...match.groups } };
  }
  return undefined;
}

function linesHits(k: ContainerCase, table: SignTable): LogHit[] {
  if (k.log.state !== 'seen') return [];
  const at = k.log.at;
  const final = new Set(k.lastWords.map((l) => l.n));
  const found: { line: LogLine; sign: LogSign; groups: LogHit['groups'] }[] = [];
  for (const line of k.log.value.lines) {
    if (!(line.notable || final.has(line.n))) continue;
    const sign = signIn(line, table);
    if (sign) found.push({ line, ...sign });
  }
  const lastLine = k.log.value.lines.at(-1)?.n ?? 0;
  const shapes = new Map<string, number>();
  for (const { line } of found) shapes.set(shape(line), (shapes.get(shape(line)) ?? 0) + 1);
  const hits = found.map(({ line, sign, groups }): LogHit => {
    const untilTheEnd = (shapes.get(shape(line)) ?? 0) >= 3 && lastLine - line.n <= 25;
    const position = final.has(line.n) ? 'last-words' : untilTheEnd ? 'repeated' : 'earlier';
    return {
      line,
      sign,
      groups,
      position,
      citation: { source: 'log', at: `${at}:${line.n}`, text: line.raw.trim().slice(0, 500) },
    };
  });
  const order = { 'last-words': 0, repeated: 1, earlier: 2 };
  return hits.sort((a, b) => order[a.position] - order[b.position] || b.line.n - a.line.n);
}

function shape(line: LogLine): string {
  return line.text.slice(0, 120).replace(/\d+/g, '0');
}

/**
 * How much a log hit proves. The last words of a program that ended by itself are proof; words before a kill by
 * kubelet or kernel, or before later calm lines, are only a sign.
 */
export function strengthOf(hit: LogHit, k: ContainerCase): 'proof' | 'sign' {
  if (hit.sign.weak || hit.position === 'earlier') return 'sign';
  const endedByItself = ['by-itself', 'crashed', 'completed', 'unknown', 'never-ended'].includes(k.ending);
  return endedByItself ? 'proof' : 'sign';
}
