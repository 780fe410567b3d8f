// Finds what programs say in logs: patterns as data, hits with the line that proves them and how much that
// line weighs. Only notable lines are read, so that the cost does not grow with a program's chatter.

import type { ContainerCase } from './case.ts';
import type { Citation } from './fact.ts';
import { type LogLine, parseLog } from './log.ts';
import { quote } from './quote.ts';
import { requiredWords } from './required-words.ts';
import { holdsAny, type ReadText, readForWords, type Word, wordOf } from './words.ts';

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

/** A table of signs, each with the words without which it cannot match, so that most lines ask no pattern at all. */
export type SignTable = readonly (LogSign & { words: readonly Word[] })[];

export function signTable(signs: readonly LogSign[]): SignTable {
  return signs.map((sign) => {
    const pattern = perLine(sign.pattern);
    return { ...sign, pattern, words: requiredWords(pattern.source).map(wordOf) };
  });
}

/** A structured log carries a whole trace in one field: each of its lines begins and ends for itself. */
function perLine(pattern: RegExp): RegExp {
  return pattern.multiline ? pattern : new RegExp(pattern.source, `${pattern.flags}m`);
}

/** The first sign of the table in a text, among those that fit; `read` is the text as it is asked for words. */
export function signIn(
  text: string,
  table: SignTable,
  fits: (sign: LogSign) => boolean = () => true,
  read = readForWords(text),
): { sign: LogSign; words: string; groups: LogHit['groups'] } | undefined {
  for (const sign of table) {
    if (!fits(sign) || !holdsAny(read, sign.words)) continue;
    const match = sign.pattern.exec(text);
    if (match) return { sign, words: match[0], groups: { ...match.groups } };
  }
  return undefined;
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
  return parseLog(message).lines.map((line) => ({ line, citation: citation(quote(line.raw)) }));
}

function messageHits(k: ContainerCase, table: SignTable): LogHit[] {
  return speechOf(k)
    .message.flatMap(({ line, citation }): LogHit[] => {
      const found = signIn(line.text, table);
      return found ? [{ line, sign: found.sign, groups: found.groups, position: 'last-words', citation }] : [];
    })
    .reverse();
}

const OTHER_END = /\b\w*(?:error|exception|fatal|panic)\b/i;

function linesHits(k: ContainerCase, table: SignTable): LogHit[] {
  const at = k.log.at;
  const { told } = speechOf(k);
  const hits = told.flatMap(({ line, read, position }): LogHit[] => {
    const found = signIn(line.text, table, undefined, read);
    if (!found) return [];
    const citation: Citation = { source: 'log', at: `${at}:${line.n}`, text: quote(line.raw, found.words) };
    return [{ line, sign: found.sign, groups: found.groups, position, citation }];
  });
  const order = { 'last-words': 0, repeated: 1, earlier: 2 };
  return hits.sort((a, b) => order[a.position] - order[b.position] || b.line.n - a.line.n);
}

/** What a run said, as every table reads it: notable lines that differ by more than a number, the latest of each kind. */
interface Speech {
  message: ReturnType<typeof terminationWords>;
  told: { line: LogLine; read: ReadText; position: LogHit['position'] }[];
}

const speeches = new WeakMap<ContainerCase, Speech>();

function speechOf(k: ContainerCase): Speech {
  const known = speeches.get(k);
  if (known) return known;
  const speech = { message: terminationWords(k), told: toldBy(k) };
  speeches.set(k, speech);
  return speech;
}

function toldBy(k: ContainerCase): Speech['told'] {
  const lines = k.heard;
  const final = new Set(k.lastWords.filter((l) => !isOvertaken(l, k.lastWords)).map((l) => l.n));
  const kinds = new Map<string, { line: LogLine; times: number }>();
  for (const line of lines) {
    if (!(line.notable || final.has(line.n))) continue;
    const shape = line.text.slice(0, 300).replace(/\d+/g, '0');
    kinds.set(shape, { line, times: (kinds.get(shape)?.times ?? 0) + 1 });
  }
  const lastLine = lines.at(-1)?.n ?? 0;
  // A program that ends with another error did not end because of what it repeated before.
  const end = k.lastWords.findLast((l) => isError(l) || OTHER_END.test(l.raw));
  const otherEnd = end && !GIVES_UP.test(end.raw) ? end : undefined;
  return [...kinds.values()].map(({ line, times }) => {
    const untilTheEnd = times >= 3 && lastLine - line.n <= 25 && !(otherEnd !== undefined && otherEnd.n > line.n);
    return {
      line,
      read: readForWords(line.text),
      position: final.has(line.n) && !GOES_ON.test(line.text) ? 'last-words' : untilTheEnd ? 'repeated' : 'earlier',
    };
  });
}

/** A warning before the error that ended the program is not what it ended with. */
function isOvertaken(line: LogLine, words: LogLine[]): boolean {
  if (!['warn', 'info', 'debug'].includes(line.level)) return false;
  return words.some(
    (l) => l.n > line.n && (isError(l) || (l.level === '' && OTHER_END.test(l.raw))) && !GIVES_UP.test(l.raw),
  );
}

function isError(line: LogLine): boolean {
  return line.level === 'error' || line.level === 'fatal';
}

/** What a program does without is not what it ended with. */
const GOES_ON =
  /\b(?:using|use) (?:the |its )?(?:built-?in |internal )?defaults?\b|\bfall(?:s|ing)? back (?:to|on)\b|\bfallback to\b|\b(?:skipping|ignoring|continuing|proceeding) (?:it|this|without|anyway)\b|, (?:(?:skipping|ignoring|ignored|skipped|continuing)|will (?:attempt to perform|continue|proceed))\b/i;

/** The end of many attempts is the same story as the attempts. */
const GIVES_UP =
  /\bgiv(?:es?|ing) up|gave up|(?:after|all|of) \d+ (?:\w+ )?(?:attempts?|retries|tries)|(?:retries|attempts) (?:exhausted|exceeded|reached|failed)|max(?:imum)? (?:number of )?(?:\w+ )?(?:retries|attempts)|too many (?:\w+ )?(?:retries|attempts)|context deadline exceeded|timed out waiting/i;

/**
 * How much a log hit proves. The last words of a program that ended by itself are proof; words before a kill by
 * kubelet or kernel, or before later calm lines, are only a sign.
 */
export function strengthOf(hit: LogHit, k: ContainerCase): 'proof' | 'sign' {
  if (hit.sign.weak || hit.position === 'earlier') return 'sign';
  const endedByItself = ['by-itself', 'crashed', 'completed', 'unknown', 'never-ended'].includes(k.ending);
  return endedByItself ? 'proof' : 'sign';
}
