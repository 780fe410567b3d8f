// What is kept of a cluster's past -> the answer to one question. The three questions are those that people ask of log
// analytics: what loops now and in a day, what restarted most in an hour, which warnings there were in a day.

import type { HistoryAnswer, HistoryAsk, Moment, Past, Restarting, Troubled, Warning } from './ask.ts';
import { type Change, placeOf, totalsAfter } from './change.ts';

export interface Kept {
  /** Oldest first. */
  restarts: readonly Change[];
  warnings: readonly Change[];
  moments: readonly Moment[];
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const KEPT_MS = 7 * DAY_MS;

/** The kubelet waits at most five minutes between two starts, so who is silent for longer than two does not loop. */
const STILL_MS = 10 * 60_000;

/** How far back a question looks. */
export const reachOf = ({ what }: HistoryAsk): number =>
  ({ list: DAY_MS, top: HOUR_MS, warnings: DAY_MS, history: KEPT_MS })[what];

export function answerFrom(kept: Kept, ask: HistoryAsk, cluster: string, nowMs: number): HistoryAnswer {
  const head = { schemaVersion: 1 as const, what: ask.what, cluster, now: rfc(nowMs) };
  switch (ask.what) {
    case 'list':
      return { ...head, list: troubled(kept, nowMs) };
    case 'top':
      return { ...head, top: restarting(kept, ask.above, nowMs) };
    case 'warnings':
      return { ...head, warnings: warnings(kept, nowMs) };
    case 'history':
      return { ...head, history: pasts(kept, ask, nowMs) };
  }
}

function restarting({ restarts }: Kept, above: number, nowMs: number): Restarting[] {
  return totalsAfter(restarts, nowMs - HOUR_MS, placeOf)
    .filter(({ by }) => by > above)
    .map(({ namespace, kind, name, part, by, exact, lastAt }) => ({
      namespace,
      kind,
      name,
      container: part,
      restarts: by,
      exact,
      lastAt: rfc(lastAt),
    }));
}

function warnings({ warnings: changes }: Kept, nowMs: number): Warning[] {
  const from = nowMs - DAY_MS;
  const byReason = ({ namespace, part }: Change): string => `${namespace}/${part}`;
  const objects = new Map<string, Set<string>>();
  for (const change of changes) {
    if (change.at < from) continue;
    const of = objects.get(byReason(change)) ?? new Set();
    objects.set(byReason(change), of.add(`${change.kind}/${change.name}`));
  }
  return totalsAfter(changes, from, byReason).map(({ namespace, part, by, exact, lastAt }) => ({
    namespace,
    reason: part,
    count: by,
    exact,
    objects: objects.get(`${namespace}/${part}`)?.size ?? 0,
    lastAt: rfc(lastAt),
  }));
}

const workloadOf = ({ namespace, kind, name }: { namespace: string; kind: string; name: string }): string =>
  `${namespace}/${kind}/${name}`;

function troubled({ restarts, moments }: Kept, nowMs: number): Troubled[] {
  const from = nowMs - DAY_MS;
  const newest = new Map<string, Moment>();
  for (const moment of moments) if (moment.at >= from) newest.set(workloadOf(moment), moment);
  const rows = new Map<string, Troubled>();
  for (const { namespace, kind, name, by, exact, lastAt } of totalsAfter(restarts, from, workloadOf)) {
    const key = workloadOf({ namespace, kind, name });
    const moment = newest.get(key);
    newest.delete(key);
    const over = moment?.is === 'well' && moment.at >= lastAt;
    const now = !over && (nowMs - lastAt <= STILL_MS || moment?.is === 'broken');
    const last = Math.max(lastAt, moment?.at ?? 0);
    rows.set(key, { namespace, kind, name, restarts: by, exact, lastAt: rfc(last), now, ...said(moment) });
  }
  // What cannot start at all does not restart either.
  for (const [key, moment] of newest) {
    const { namespace, kind, name, at, is } = moment;
    const now = is === 'broken';
    rows.set(key, { namespace, kind, name, restarts: 0, exact: true, lastAt: rfc(at), now, ...said(moment) });
  }
  return [...rows.values()].sort(
    (a, b) => Number(b.now) - Number(a.now) || b.restarts - a.restarts || (a.lastAt < b.lastAt ? 1 : -1),
  );
}

const said = (moment: Moment | undefined): Pick<Troubled, 'cause' | 'incident'> => ({
  cause: moment?.cause ?? '',
  incident: moment?.incident ?? '',
});

function pasts({ restarts, warnings: events, moments }: Kept, ask: HistoryAsk, nowMs: number): Past[] {
  const meant = (one: { kind: string; name: string }): boolean =>
    one.name === ask.name && (ask.kind === '' || one.kind === ask.kind);
  // A warning is often about a pod, whose name begins with its workload's.
  const near = (one: { kind: string; name: string }): boolean =>
    meant(one) || (['Pod', 'ReplicaSet', 'Job'].includes(one.kind) && one.name.startsWith(`${ask.name}-`));
  const own = [...restarts.filter(meant), ...moments.filter(meant)];
  const workloads = new Map(own.map((one) => [workloadOf(one), one]));
  for (const event of events) if (workloads.size === 0 && meant(event)) workloads.set(workloadOf(event), event);
  return [...workloads.entries()].map(([key, { namespace, kind, name }]) => {
    const counts = restarts.filter((change) => workloadOf(change) === key);
    const after = (ms: number): number => totalsAfter(counts, nowMs - ms, workloadOf)[0]?.by ?? 0;
    const mine = events.filter((event) => event.namespace === namespace && near(event));
    return {
      namespace,
      kind,
      name,
      moments: moments
        .filter((moment) => workloadOf(moment) === key)
        .map(({ at, incident, container, is, cause, words }) => ({
          at: rfc(at),
          incident,
          container,
          is,
          cause,
          words,
        })),
      restarts: { lastHour: after(HOUR_MS), last24Hours: after(DAY_MS), last7Days: after(KEPT_MS) },
      warnings: totalsAfter(mine, nowMs - KEPT_MS, ({ part }) => part).map(({ part, by, lastAt }) => ({
        reason: part,
        count: by,
        lastAt: rfc(lastAt),
      })),
    };
  });
}

const rfc = (ms: number): string => new Date(ms).toISOString();
