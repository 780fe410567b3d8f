// The first words of an answer, the same in Slack and in the terminal.

import type { Report } from './report.ts';

/** "is crash looping", "cannot start", "runs" … for the name of the workload. */
export function stateWords(report: Report): string {
  const { state } = report.status;
  switch (state) {
    case 'crash looping':
      return report.causes[0]?.detail.probe && report.causes[0].detail.probe !== 'readiness'
        ? `is restarted by its own ${report.causes[0].detail.probe} probe`
        : 'is crash looping';
    case 'cannot start':
      return 'cannot start';
    case 'image cannot be pulled':
      return 'cannot pull its image';
    case 'not ready':
      return 'is not crash looping: it runs, but is not ready, so it gets no traffic';
    case 'pending':
      return 'is pending: no container has started';
    case 'no pod':
      return 'has no pod at all';
    case 'evicted':
      return 'was evicted';
    case 'failed':
      return 'failed';
    case 'recovered':
      return 'runs again';
    case 'healthy':
      return 'runs';
    case 'unread':
      return 'is in trouble';
  }
}

/** Name for the headline: the workload, or the pod when it has none. */
export function subjectOf(report: Report): string {
  return report.target.workload.name || report.target.pod || 'the pod';
}

/** "since 14:02, 7 restarts, next start about 14:19": only what is known. */
export function statusWords(report: Report, clock: (rfc3339: string) => string): string {
  const { since, restarts, nextStart, serving, now } = report.status;
  const parts = [
    since ? `since ${clock(since)}` : '',
    restarts ? `${restarts} ${restarts === 1 ? 'restart' : 'restarts'}` : '',
    nextStart && nextStart > now ? `next start about ${clock(nextStart)}` : '',
    serving,
  ];
  return parts.filter(Boolean).join(', ');
}

/** How the grade introduces the cause sentence. */
export function gradedSentence(report: Report): string {
  const { grade, summary } = report.verdict;
  const sentence = summary.endsWith('.') ? summary : `${summary}.`;
  if (grade === 'likely') return `Probably ${sentence}`;
  if (grade === 'possible') return `Possibly ${sentence}`;
  return capital(sentence);
}

/** First letter in upper case, unless the sentence begins with a name. */
function capital(sentence: string): string {
  return /^(?:the|a|an|its|it|no|nothing|every|all|this|one|two) /.test(sentence)
    ? sentence.charAt(0).toUpperCase() + sentence.slice(1)
    : sentence;
}
