// An answer that was made again. Invariant: whatever it says that the one before did not is kept in whole; the same in
// other numbers is not worth a place in the journal, and only how it is now is kept of it.

import { canonical } from '../json.ts';
import type { Report } from '../report.ts';

/** How it is now, where the cause and what can be done about it are as before. */
export type Still = Pick<Report, 'status' | 'context'>;

export function again(before: Report | null, after: Report): { report: Report } | { still: Still } {
  const { status, context } = after;
  return before && gist(before) === gist(after) ? { still: { status, context } } : { report: after };
}

/** Numbers in sentences go on counting; those in what is proposed mean something. */
function gist({ target, verdict, causes, gaps, proposals, status, root }: Report): string {
  const words = (text: string): string => text.replace(/\d+/g, '#');
  return canonical({
    target,
    state: status.state,
    verdict: [verdict.cause, verdict.grade, verdict.container, words(verdict.summary)],
    causes: causes.map(({ cause, grade, container, summary }) => [cause, grade, container, words(summary)]),
    root: root ? [root.cause, root.grade, root.target, words(root.summary)] : [],
    gaps: gaps.map(({ what }) => words(what)),
    proposals: proposals.map(({ action, title, refusal, choices = [], asks }) => [
      action,
      title,
      words(refusal ?? ''),
      choices.map((one) => one.title),
      asks?.title ?? '',
    ]),
  });
}
