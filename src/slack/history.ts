// Answers about the past, for the person who asked: a title and a table of fixed width for each cluster.

import type { HistoryAnswer, HistoryAsk } from '../core/history/ask.ts';
import { historyWords } from '../core/history/words.ts';
import { context, type Message, message, preformatted, section } from './blocks.ts';
import { bold, mrkdwn } from './mrkdwn.ts';

const MOST_ROWS = 30;
const MOST_TEXT = 2_800;

export function historyMessage(answers: HistoryAnswer[], ask: HistoryAsk): Message {
  const told = answers.map((answer) => historyWords(answer, ask, MOST_ROWS));
  const notes = [...new Set(told.map(({ note }) => note))];
  const blocks = told.flatMap(({ title, lines }) => [...section([bold(title)]), ...preformatted(lines, MOST_TEXT)]);
  return message(told.map(({ title }) => mrkdwn(title)).join(' · '), [
    ...blocks,
    ...context(...notes.map((note) => `${mrkdwn(note)} Times are UTC.`)),
  ]);
}
