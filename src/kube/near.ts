// Names that are nearly the one that was typed.

const NEAR_MAX = 5;

/**
 * The known names nearest to `typed`, nearest first; only those that differ in less than half of their letters, or with
 * which it begins: `checkout` for `checkout-service`, and for a pod of it that is gone.
 */
export function nearest(typed: string, known: Iterable<string>): string[] {
  const wanted = typed.toLowerCase();
  return [...new Set(known)]
    .map((name) => ({ name, own: (name.split('/').at(-1) ?? '').toLowerCase() }))
    .map(({ name, own }) => ({ name, own, differs: difference(wanted, own) }))
    .filter(
      ({ own, differs }) =>
        differs <= Math.max(2, Math.min(wanted.length, own.length) / 2) || wanted.startsWith(`${own}-`),
    )
    .sort((a, b) => a.differs - b.differs || a.name.localeCompare(b.name))
    .slice(0, NEAR_MAX)
    .map(({ name }) => name);
}

/** Letters to insert, drop or replace (Levenshtein). */
function difference(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length] ?? 0;
}
