// What collectors put before each line of a log on its way: time and stream of the runtime's files, names of pods.
// It is taken off only where every line has it, so that what a program printed itself stays as it was.

import { isObject } from './json.ts';

// The runtime's log files: "2024-05-02T09:10:11.123456789Z stderr F "; the same stamp alone: `kubectl logs --timestamps`.
export const CRI = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP](?: |$)/;
const TIMESTAMPS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d)(?: |$)/;
// `kubectl logs --prefix`, docker compose, stern.
const PREFIX = /^\[pod\/[\w.-]{1,253}\/[\w.-]{1,63}\](?: |$)/;
const COMPOSE = /^[\w.-]{1,80} {1,40}\|(?: |$)/;
/** A service of compose with its number: nothing else begins so, were it in one line alone. */
const NUMBERED = /^[\w.-]{1,80}[-_]\d{1,3} {1,40}\|$/;
const STERN = /^[a-z0-9][\w.-]{0,240}-[a-z0-9]{4,10} [a-z0-9][a-z0-9-]{0,62}(?: |$)/;

// The system's journal: "May 02 09:10:11 node-3 api[1234]: ".
const JOURNAL = /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,80} [\w.@/-]{1,120}(?:\[\d{1,9}\])?:(?: |$)/;

// Turborepo and foreman: what they say themselves has no such prefix.
const RUNNER =
  /^(?:(?:@[\w.-]{1,60}\/)?[\w.-]{1,60}:[\w:.-]{1,40}:[ \t]|\d\d:\d\d:\d\d [\w-]{1,30}\.\d{1,3} {1,20}\| )/;

/** The lines as the program printed them. */
export function unwrapped(lines: string[]): string[] {
  const found = [CRI, TIMESTAMPS, PREFIX, COMPOSE, STERN, JOURNAL].find((prefix) => everyLine(lines, prefix));
  if (found === CRI) return unwrapped(ofRuntime(lines));
  if (found) return unwrapped(lines.map((line) => line.replace(found, '')));
  return fromDocker(lines) ?? withoutRunner(lines);
}

/** What the runtime wrote in its files; a line that it cut in parts is whole in place of the first, the others are empty. */
export function ofRuntime(lines: string[]): string[] {
  const out = lines.map((line) => line.replace(CRI, ''));
  const begun = new Map<string, number>();
  for (const [i, line] of lines.entries()) {
    const [, stream = '', part = ''] = CRI.test(line) ? line.split(' ', 3) : [];
    const start = begun.get(stream);
    if (start !== undefined && part !== '') {
      out[start] += out[i]!;
      out[i] = '';
    }
    if (part === 'P') begun.set(stream, start ?? i);
    else begun.delete(stream);
  }
  return out;
}

/** A runner's prefix that most lines have: at least three of them, and each the same but for the time. */
function withoutRunner(lines: string[]): string[] {
  const first = mostHaveOne(lines) ? lines.map((line) => RUNNER.exec(line)?.[0]).find((found) => found) : undefined;
  if (first === undefined) return lines;
  const name = first.replace(/^\d\d:\d\d:\d\d /, '').trimEnd();
  const isSame = (line: string) => RUNNER.exec(line)?.[0].trimEnd().endsWith(name) === true;
  const having = lines.filter(isSame).length;
  return having >= 3 && having * 2 > lines.length ? lines.map((l) => (isSame(l) ? l.replace(RUNNER, '') : l)) : lines;
}

/** By a sample, so that ten megabytes of log are not read for this: what most lines have, one in five of fifty have. */
function mostHaveOne(lines: string[]): boolean {
  const step = Math.max(1, Math.floor(lines.length / 50));
  const sample = Array.from({ length: Math.ceil(lines.length / step) }, (_, n) => lines[n * step] ?? '');
  return sample.filter((line) => RUNNER.test(line)).length * 5 >= sample.length;
}

/** One line alone may begin so by chance; the same words before every line do not. */
function everyLine(lines: string[], prefix: RegExp): boolean {
  const fixed = prefix === COMPOSE || prefix === STERN;
  const first = prefix.exec(lines.find((line) => line.trim() !== '') ?? '')?.[0].trimEnd();
  if (first === undefined) return false;
  const said = lines.filter((line) => line.trim() !== '');
  if (fixed && said.length < 2 && !NUMBERED.test(first)) return false;
  return said.every((line) => (fixed ? line.startsWith(first) : prefix.test(line)));
}

/** Docker's json-file driver: {"log":"…\n","stream":"stderr","time":"…"}. */
function fromDocker(lines: string[]): string[] | undefined {
  if (!lines[0]?.startsWith('{"log":"')) return undefined;
  const texts = lines.map((line) => (line.trim() === '' ? '' : textOf(line)));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function textOf(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isObject(value) || typeof value.log !== 'string' || typeof value.stream !== 'string') return undefined;
    return value.log.replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}
