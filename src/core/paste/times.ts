// Times as kubectl prints them: ages ("5m57s"), RFC 1123 dates, RFC 3339. Nothing here asks a clock.

export const EPOCH = '1970-01-01T00:00:00Z';

/** An age, also `<unknown>`; for use inside larger patterns. */
export const AGE = String.raw`(?:<unknown>|<invalid>|(?:\d{1,6}[ydhms]){1,3})`;

const UNIT_SECONDS: { [unit: string]: number } = { y: 31_536_000, d: 86_400, h: 3_600, m: 60, s: 1 };

/** "2d3h" -> seconds; undefined for `<unknown>` and anything else. */
export function ageSeconds(age: string): number | undefined {
  let seconds: number | undefined;
  for (const [, count, unit] of age.matchAll(/(\d{1,6})([ydhms])/g))
    seconds = (seconds ?? 0) + Number(count) * (UNIT_SECONDS[unit!] ?? 0);
  return seconds;
}

/** RFC 3339 in UTC without fractions, from RFC 1123 or RFC 3339; undefined for Go's zero time and for no time. */
export function timeOf(printed: string): string | undefined {
  const text = printed.trim();
  if (
    !/^(?:[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} (?:19[7-9]|2\d\d)\d \d\d:\d\d:\d\d |(?:19[7-9]|2\d\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d)/.test(
      text,
    )
  )
    return undefined;
  return timeFrom(Date.parse(text));
}

export function timeFrom(milliseconds: number): string | undefined {
  if (!(milliseconds >= 0 && milliseconds < 253_402_300_800_000)) return undefined;
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export function before(now: string, seconds: number): string {
  // Without any absolute time "now" is 1970, and what was before it keeps its order.
  return new Date(Date.parse(now) - Math.min(seconds, 3e10) * 1_000).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The later of two RFC 3339 times; "" counts as none. */
export function later(a: string, b: string): string {
  if (a === '' || b === '') return a || b;
  return Date.parse(b) > Date.parse(a) ? b : a;
}

const STAMP = /^\W{0,2}(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)/;

/** The time a log line begins with, taken as UTC when it names no zone; "" when it begins with none. */
export function stampOf(line: string): string {
  const stamp = STAMP.exec(line)?.[1]?.replace(' ', 'T');
  if (stamp === undefined) return '';
  return timeFrom(Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(stamp) ? stamp : `${stamp}Z`)) ?? '';
}
