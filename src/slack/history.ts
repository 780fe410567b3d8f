// Answers about the past, for the person who asked: a line for each row, since a table breaks on a phone.

import type { HistoryAnswer, HistoryAsk, Past } from '../core/history/ask.ts';
import { counted, historyNote, historyTitle, workloadWord } from '../core/history/words.ts';
import { context, type Message, message, section } from './blocks.ts';
import { bold, clock, code, mrkdwn } from './mrkdwn.ts';

const MOST_ROWS = 20;
const MOST_MOMENTS = 10;

export function historyMessage(answers: HistoryAnswer[], ask: HistoryAsk): Message {
  const titles = answers.map((answer) => historyTitle(answer, ask));
  const notes = [...new Set(answers.map(historyNote))];
  const blocks = answers.flatMap((answer, n) => [
    ...section([bold(titles[n] ?? '')]),
    ...parts(answer).flatMap(section),
  ]);
  return message(titles.map((title) => mrkdwn(title)).join(' · '), [
    ...blocks,
    ...context(...notes.map((note) => mrkdwn(note))),
  ]);
}

/** Lines that belong together, so that a long answer is cut between them. */
function parts({ now, list, top, warnings, history }: HistoryAnswer): string[][] {
  const at = (time: string): string => clock(time, { near: now });
  return [
    lines(list, (row) => [
      `${row.now ? '🔴' : '⚪'} ${bold(workloadWord(row))}`,
      code(row.namespace),
      mrkdwn(row.cause, 80),
      row.restarts > 0 && times(counted(row.restarts, row), 'restart'),
      `last ${at(row.lastAt)}`,
    ]),
    lines(top, (row) => [
      `${counted(row.restarts, row)} × ${bold(workloadWord(row))}`,
      code(row.namespace),
      mrkdwn(row.container, 80),
      `last ${at(row.lastAt)}`,
    ]),
    lines(warnings, (row) => [
      `${counted(row.count, row)} × ${bold(row.reason)}`,
      code(row.namespace),
      row.objects > 1 && times(`${row.objects}`, 'object'),
      `last ${at(row.lastAt)}`,
    ]),
    ...(history ?? []).map((past) => pastLines(past, at)),
  ];
}

function pastLines(past: Past, at: (time: string) => string): string[] {
  const { restarts, warnings, moments } = past;
  const said = warnings.slice(0, 8).map(({ reason, count }) => `${count} × ${mrkdwn(reason, 60)}`);
  const newest = moments.slice(-MOST_MOMENTS).reverse();
  return [
    `${bold(workloadWord(past))} · ${code(past.namespace)}`,
    `Restarts: ${restarts.lastHour} in 1 h, ${restarts.last24Hours} in 24 h, ${restarts.last7Days} in 7 days`,
    ...(said.length > 0 ? [`Warnings: ${said.join(' · ')}`] : []),
    ...newest.map(({ at: when, is, words }) => `${is === 'well' ? '🟢' : '🔴'} ${at(when)} · ${mrkdwn(words, 160)}`),
  ];
}

function lines<Row>(rows: Row[] = [], cells: (row: Row) => (string | false)[]): string[] {
  const shown = rows.slice(0, MOST_ROWS).map((row) => cells(row).filter(Boolean).join(' · '));
  return rows.length > MOST_ROWS ? [...shown, `and ${rows.length - MOST_ROWS} more`] : shown;
}

const times = (count: string, what: string): string => `${count} ${what}${count === '1' ? '' : 's'}`;
