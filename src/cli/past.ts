// `loopbreaker list`, `top`, `warnings` and `history`: what is kept of the past in the Redis that the bot uses.

import type { HistoryAsk, HistoryWord } from '../core/history/ask.ts';
import { historyNote, historyTitle } from '../core/history/words.ts';
import { kindOfWord } from '../core/kind-names.ts';
import { historyIn } from '../queue/history.ts';
import { answerHistory } from '../roles/history.ts';
import { complain, type ExitCode, json, out } from './output.ts';
import { historyTable } from './past-table.ts';
import { openRedis } from './redis.ts';

export interface PastOptions {
  namespace?: string;
  cluster?: string;
  above?: string;
  json?: boolean;
}

export async function pastCommand(
  what: HistoryWord,
  workload: string,
  { namespace = '', cluster = '', above = '0', json: asJson }: PastOptions,
): Promise<ExitCode> {
  const meant = workloadOf(workload);
  if (!meant) {
    complain(`"${workload}" must be NAME or KIND/NAME; the namespace goes with -n.`);
    return 2;
  }
  if (!/^\d{1,6}$/.test(above)) {
    complain(`--above takes a whole number, not "${above}".`);
    return 2;
  }
  const ask: HistoryAsk = { what, cluster, namespace, ...meant, above: Number(above) };
  const redis = await openRedis('what is kept is');
  if (!redis) return 2;
  try {
    const history = historyIn(redis);
    const clusters = await history.clusters();
    if (ask.cluster !== '' && !clusters.includes(ask.cluster)) {
      complain(`Nothing is kept of a cluster ${ask.cluster}. There is something of: ${clusters.join(', ') || 'none'}.`);
      return 1;
    }
    // Whoever may read this Redis may read all that is in it.
    const answers = await answerHistory(history, ask, new Map(clusters.map((name) => [name, ['*']])), Date.now());
    if (asJson) answers.forEach(json);
    else out(textOf(answers, ask));
    return 0;
  } finally {
    await redis.close();
  }
}

/** NAME or KIND/NAME; both "" for none. */
function workloadOf(text: string): { kind: string; name: string } | undefined {
  const [first = '', second, ...more] = text.split('/');
  const kind = second === undefined ? '' : kindOfWord(first);
  return kind === undefined || second === '' || more.length > 0 ? undefined : { kind, name: second ?? first };
}

function textOf(answers: Awaited<ReturnType<typeof answerHistory>>, ask: HistoryAsk): string {
  if (answers.length === 0) return 'Nothing is kept yet: the watcher and each diagnosis fill the history.\n';
  const parts = answers.map((answer) =>
    [historyTitle(answer, ask), ...historyTable(answer).map((line) => `  ${line}`.trimEnd())].join('\n'),
  );
  const notes = [...new Set(answers.map(historyNote))];
  return `${[...parts, `${notes.join(' ')} Times are UTC.`].join('\n\n')}\n`;
}
