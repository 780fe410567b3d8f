// An answer about the past as a title and lines of fixed width: the same in the terminal and in Slack.

import type { HistoryAnswer, Past, Restarting, Troubled, Warning } from './ask.ts';

export interface HistoryWords {
  title: string;
  lines: string[];
  /** What the numbers are and are not; "" when there is nothing to say. */
  note: string;
}

/** `most` rows; how many more there are is said. */
export function historyWords(
  answer: HistoryAnswer,
  asked: { above: number; name: string },
  most: number,
): HistoryWords {
  const { cluster, now } = answer;
  const clock = (time: string): string => clockOf(time, now);
  switch (answer.what) {
    case 'list':
      return listWords(cluster, answer.list ?? [], clock, most);
    case 'top':
      return topWords(cluster, answer.top ?? [], asked.above, clock, most);
    case 'warnings':
      return warningWords(cluster, answer.warnings ?? [], clock, most);
    case 'history':
      return pastWords(cluster, answer.history ?? [], asked.name, clock, most);
  }
}

type Clock = (time: string) => string;

const KEPT = 'From what was watched and diagnosed here; kept for 7 days.';
const ABOUT = '~ shared out by time, since it was not watched all the while.';
const about = ({ exact }: { exact: boolean }): string => (exact ? '' : '~');
const noteFor = (rows: { exact: boolean }[]): string => (rows.some((row) => !row.exact) ? `${ABOUT} ${KEPT}` : KEPT);
const workload = ({ kind, name }: { kind: string; name: string }): string => `${kind.toLowerCase()}/${name}`;

function listWords(cluster: string, rows: Troubled[], clock: Clock, most: number): HistoryWords {
  const now = rows.filter((row) => row.now).length;
  const before = rows.length - now;
  const title = `${cluster}: ${now === 0 ? 'nothing is crash looping now' : `${now} crash looping now`}, ${before === 0 ? 'nothing else' : `${before} more`} in 24 h`;
  const table = rows.map((row) => [
    row.now ? 'now' : '',
    row.namespace,
    workload(row),
    `${about(row)}${row.restarts}`,
    clock(row.lastAt),
    row.cause,
  ]);
  return {
    title,
    lines: aligned(['', 'NAMESPACE', 'WORKLOAD', 'RESTARTS', 'LAST', 'CAUSE'], table, most),
    note: noteFor(rows),
  };
}

function topWords(cluster: string, rows: Restarting[], above: number, clock: Clock, most: number): HistoryWords {
  const than = above > 0 ? ` more than ${above} times` : '';
  const title =
    rows.length === 0
      ? `${cluster}: nothing restarted${than} in the last hour`
      : `${cluster}: ${rows.length} restarted${than} in the last hour`;
  const table = rows.map((row) => [
    `${about(row)}${row.restarts}`,
    row.namespace,
    workload(row),
    row.container,
    clock(row.lastAt),
  ]);
  return {
    title,
    lines: aligned(['RESTARTS', 'NAMESPACE', 'WORKLOAD', 'CONTAINER', 'LAST'], table, most),
    note: noteFor(rows),
  };
}

function warningWords(cluster: string, rows: Warning[], clock: Clock, most: number): HistoryWords {
  const title =
    rows.length === 0
      ? `${cluster}: no warning events in 24 h`
      : `${cluster}: warning events in 24 h, by namespace and reason`;
  const table = rows.map((row) => [
    `${about(row)}${row.count}`,
    row.namespace,
    row.reason,
    `${row.objects}`,
    clock(row.lastAt),
  ]);
  return {
    title,
    lines: aligned(['COUNT', 'NAMESPACE', 'REASON', 'OBJECTS', 'LAST'], table, most),
    note: noteFor(rows),
  };
}

function pastWords(cluster: string, pasts: Past[], name: string, clock: Clock, most: number): HistoryWords {
  if (pasts.length === 0) return { title: `${cluster}: nothing is kept of ${name}`, lines: [], note: KEPT };
  const lines = pasts.flatMap((past) => {
    const { restarts, warnings, moments } = past;
    const table = moments.map((moment) => [
      clock(moment.at),
      moment.is === 'well' ? 'over' : moment.cause,
      moment.container,
      moment.incident,
      moment.words,
    ]);
    return [
      `${workload(past)} in ${past.namespace}`,
      `restarts  ${restarts.lastHour} in 1 h, ${restarts.last24Hours} in 24 h, ${restarts.last7Days} in 7 days`,
      `warnings  ${warnings.map(({ reason, count }) => `${reason} ${count}`).join(' · ') || 'none'}`,
      ...aligned(['WHEN', 'CAUSE', 'CONTAINER', 'INCIDENT', 'WHAT'], table.slice(-most), most),
      '',
    ];
  });
  return { title: `${cluster}: ${name} in the last 7 days`, lines: lines.slice(0, -1), note: KEPT };
}

/** Whole rows, columns as wide as their widest cell, and the number of rows that are left out. */
function aligned(head: string[], rows: string[][], most: number): string[] {
  if (rows.length === 0) return [];
  const shown = [head, ...rows.slice(0, most)];
  const widths = head.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  const lines = shown.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return rows.length > most ? [...lines, `and ${rows.length - most} more`] : lines;
}

/** "14:02", or "11-20 14:02" of another day, in UTC. */
function clockOf(time: string, now: string): string {
  const day = time.slice(0, 10) === now.slice(0, 10) ? '' : `${time.slice(5, 10)} `;
  return `${day}${time.slice(11, 16)}`;
}
