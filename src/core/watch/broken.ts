// What was broken already when a cluster was watched for the first time: one list, and no cards.

export interface BrokenList {
  /** Alias. */
  cluster: string;
  channel: string;
  /** When it was found, RFC 3339. */
  at: string;
  rows: BrokenRow[];
}

export interface BrokenRow {
  /** Of the trouble. */
  id: string;
  namespace: string;
  /** The nearest owner that is known, or the pod itself. */
  kind: string;
  name: string;
  container: string;
  /** Kubernetes' own word. */
  reason: string;
  restarts: number;
}

/** Troubles of one workload as one line, the longest standing first. */
export interface BrokenWorkload {
  namespace: string;
  kind: string;
  name: string;
  reasons: string[];
  restarts: number;
  /** Troubles, of all its pods and containers. */
  count: number;
}

export function brokenWorkloads(rows: readonly BrokenRow[]): BrokenWorkload[] {
  const found = new Map<string, BrokenWorkload>();
  for (const { namespace, kind, name, reason, restarts } of rows) {
    const key = `${namespace}/${kind}/${name}`;
    const one = found.get(key) ?? { namespace, kind, name, reasons: [], restarts: 0, count: 0 };
    found.set(key, one);
    one.count += 1;
    one.restarts = Math.max(one.restarts, restarts);
    if (!one.reasons.includes(reason)) one.reasons.push(reason);
  }
  return [...found.values()].sort(
    (a, b) => b.restarts - a.restarts || `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`),
  );
}
