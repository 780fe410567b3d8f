// The time at which a line was printed, where it says so: at its beginning, or as a field of a structured log.

const STAMP = /(?<![\w.])\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?/;

/** Milliseconds since 1970, taken as UTC when the line names no zone; NaN when it has no stamp. */
export function timeOfLine(raw: string): number {
  const stamp = STAMP.exec(raw.slice(0, 300))?.[0].replace(' ', 'T').replace(',', '.');
  if (stamp === undefined) return Number.NaN;
  return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(stamp) ? stamp : `${stamp}Z`);
}
