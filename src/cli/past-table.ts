// An answer about the past as lines of fixed width, for the terminal. Times are UTC.

import type { HistoryAnswer, Past } from '../core/history/ask.ts';
import { counted, workloadWord } from '../core/history/words.ts';

export function historyTable({ now, list, top, warnings, history }: HistoryAnswer): string[] {
  const clock = (time: string): string => clockOf(time, now);
  return [
    ...table('STATE NAMESPACE WORKLOAD RESTARTS LAST CAUSE', list, (row) => [
      row.now ? 'now' : 'over',
      row.namespace,
      workloadWord(row),
      counted(row.restarts, row),
      clock(row.lastAt),
      row.cause,
    ]),
    ...table('RESTARTS NAMESPACE WORKLOAD CONTAINER LAST', top, (row) => [
      counted(row.restarts, row),
      row.namespace,
      workloadWord(row),
      row.container,
      clock(row.lastAt),
    ]),
    ...table('COUNT NAMESPACE REASON OBJECTS LAST', warnings, (row) => [
      counted(row.count, row),
      row.namespace,
      row.reason,
      `${row.objects}`,
      clock(row.lastAt),
    ]),
    ...(history ?? []).flatMap((past, n) => [...(n > 0 ? [''] : []), ...pastLines(past, clock)]),
  ];
}

function pastLines(past: Past, clock: (time: string) => string): string[] {
  const { restarts, warnings, moments } = past;
  return [
    `${workloadWord(past)} in ${past.namespace}`,
    `restarts  ${restarts.lastHour} in 1 h, ${restarts.last24Hours} in 24 h, ${restarts.last7Days} in 7 days`,
    `warnings  ${warnings.map(({ reason, count }) => `${reason} ${count}`).join(' · ') || 'none'}`,
    ...table('WHEN CAUSE CONTAINER INCIDENT WHAT', moments, (moment) => [
      clock(moment.at),
      moment.is === 'well' ? 'over' : moment.cause,
      moment.container,
      moment.incident,
      moment.words,
    ]),
  ];
}

/** Columns as wide as their widest cell; nothing without rows. */
function table<Row>(head: string, given: Row[] | undefined, cells: (row: Row) => string[]): string[] {
  if (!given?.length) return [];
  const rows = [head.split(' '), ...given.map(cells)];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** "14:02", or "11-20 14:02" of another day. */
function clockOf(time: string, now: string): string {
  const day = time.slice(0, 10) === now.slice(0, 10) ? '' : `${time.slice(5, 10)} `;
  return `${day}${time.slice(11, 16)}`;
}
