// One step of a count that only grows, such as a container's restarts: what was seen, and between which two looks it
// happened. Kubernetes tells totals; whoever asks "in the last hour" needs the differences.

export interface Change {
  namespace: string;
  /** The topmost known owner for restarts, the object itself for warnings. */
  kind: string;
  name: string;
  /** The container for restarts, the reason for warnings. */
  part: string;
  /** How often it happened between `since` and `at`, both in ms since 1970. */
  by: number;
  since: number;
  at: number;
}

/** Some of it may have happened before: then `exact` is false, and `by` a share by time of at least one. */
export interface Share {
  by: number;
  exact: boolean;
}

/** How much of a change falls after `fromMs`. What is seen at `at` happened at the latest then. */
export function shareAfter({ by, since, at }: Pick<Change, 'by' | 'since' | 'at'>, fromMs: number): Share {
  if (at < fromMs) return { by: 0, exact: true };
  if (since >= fromMs || by === 1) return { by, exact: true };
  const part = (by * (at - fromMs)) / Math.max(1, at - since);
  return { by: Math.min(by, Math.max(1, Math.round(part))), exact: false };
}

export interface Total extends Share {
  namespace: string;
  kind: string;
  name: string;
  part: string;
  lastAt: number;
}

/** Sums by what `key` says, of what falls after `fromMs`; the largest first, then by name. */
export function totalsAfter(changes: readonly Change[], fromMs: number, key: (change: Change) => string): Total[] {
  const totals = new Map<string, Total>();
  for (const change of changes) {
    const share = shareAfter(change, fromMs);
    if (share.by === 0) continue;
    const { namespace, kind, name, part, at } = change;
    const known = totals.get(key(change));
    totals.set(key(change), {
      ...(known ?? { namespace, kind, name, part }),
      by: (known?.by ?? 0) + share.by,
      exact: (known?.exact ?? true) && share.exact,
      lastAt: Math.max(known?.lastAt ?? 0, at),
    });
  }
  return [...totals.values()].sort((a, b) => b.by - a.by || placeOf(a).localeCompare(placeOf(b)));
}

export const placeOf = ({ namespace, kind, name, part }: Omit<Total, keyof Share | 'lastAt'>): string =>
  `${namespace}/${kind}/${name}/${part}`;
