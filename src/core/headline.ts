// The first words of an answer, the same in Slack and in the terminal. Never more certain than the grade, and nothing is
// said that was not read.

import type { Report } from './report.ts';
import { counted } from './spoken.ts';

/** "is crash looping", "cannot start", "runs" … for the name of the workload. */
export function stateWords(report: Report): string {
  const { state, serving } = report.status;
  const { cause, grade } = report.verdict;
  switch (state) {
    case 'crash looping':
      return crashWords(report);
    case 'cannot start':
      return 'cannot start';
    case 'image cannot be pulled':
      return 'cannot pull its image';
    case 'not ready':
      return report.verdict.containerKind === 'init'
        ? 'has not started yet'
        : 'is not crash looping: it runs, but is not ready, so it gets no traffic';
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
      if (cause === 'none' || grade === 'unknown') return 'runs';
      return isShort(serving) ? 'runs with too few pods' : 'runs, but not as it should';
    case 'unread':
      return grade === 'unknown' ? 'cannot be judged from what was read' : 'is in trouble';
  }
}

function crashWords(report: Report): string {
  const { lastExit, livedForSeconds } = report.status;
  const down = downDependency(report);
  if (down) return `cannot ${(livedForSeconds ?? 60) < 10 ? 'start' : 'run'} without ${down}, and that is down`;
  const probe = report.causes[0]?.detail.probe;
  if (probe && probe !== 'readiness') return `is restarted by its own ${probe} probe`;
  if (report.verdict.grade === 'unknown' && lastExit) {
    const ofWhom = report.verdict.container || 'the container';
    const unread = report.gaps.filter(
      ({ what }) => what === `previous log of ${ofWhom}` || what === `current log of ${ofWhom}`,
    );
    const silent = report.logExcerpt.length === 0 && unread.length < 2;
    return `exits with code ${lastExit.code}${silent ? ' and says nothing' : ''}`;
  }
  return 'is crash looping';
}

/** The Service that is down and for want of which the workload does not run, where that is confirmed; "" otherwise. */
export function downDependency(report: Report): string {
  const { cause, grade } = report.verdict;
  if (grade !== 'confirmed') return '';
  if (report.root) return report.root.through[0] ?? '';
  if (!cause.startsWith('dependency-') || report.causes[0]?.detail.guessed) return '';
  return /^Service (\S+) has no ready endpoint/.exec(dependencyWords(report))?.[1] ?? '';
}

const CERTAINTY = { confirmed: '', likely: 'probably ', possible: 'possibly ', unknown: '' } as const;

/** Why that Service is down, as far as it is known; "" when it is not. */
export function downBecause(report: Report): string {
  const { root } = report;
  if (!root) return /has no ready endpoint(?:: | \()(.+?)\)?$/.exec(dependencyWords(report))?.[1] ?? '';
  const waits = root.through.slice(1).map((service) => `it waits for ${service}, and that is down: `);
  return `${waits.join('')}${CERTAINTY[root.grade]}${root.summary}`;
}

function dependencyWords(report: Report): string {
  return report.context.find((c) => c.kind === 'dependency')?.text ?? '';
}

function isShort(serving: string): boolean {
  const [, ready, wanted] = /^(\d+) of (\d+)/.exec(serving) ?? [];
  return Number(ready) < Number(wanted);
}

/** Name for the headline: the workload, or the pod when it has none. */
export function subjectOf(report: Report): string {
  const { workload, pod } = report.target;
  return workload.name || pod || (report.status.state === 'no pod' ? 'the workload' : 'the pod');
}

/** "since 14:02, 7 restarts, next start about 14:19": only what is known. */
export function statusWords(report: Report, clock: (rfc3339: string) => string): string {
  const { state, since, nextStart, serving, now } = report.status;
  const parts = [
    since ? `${state === 'recovered' ? 'last ended at' : 'since'} ${clock(since)}` : '',
    restartWords(report),
    nextStart && nextStart > now ? `next start about ${clock(nextStart)}` : '',
    serving,
  ];
  return parts.filter(Boolean).join(', ');
}

/** "7 restarts"; "" when there was none or none is known. */
export function restartWords({ status: { restarts } }: Report): string {
  return restarts ? counted(restarts, 'restart') : '';
}

/** The cause as a sentence that begins as surely as the grade allows. */
export function gradedSentence(report: Report): string {
  const { grade, summary } = report.verdict;
  const sentence = ended(summary);
  if (grade === 'likely') return `Probably ${lower(sentence)}`;
  if (grade === 'possible') return `Possibly ${lower(sentence)}`;
  return capital(sentence, namesIn(report));
}

/** With its full stop, where it does not end with a mark of its own. */
export function ended(sentence: string): string {
  const trimmed = sentence.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Names that a sentence about this report may begin with: they keep their spelling. */
export function namesIn({ target, verdict, causes }: Report): string[] {
  const detail = causes.flatMap((c) => [c.container, ...Object.values(c.detail)]);
  return [target.pod, target.workload.name, verdict.container, ...detail];
}

/** First letter in upper case, unless the sentence begins with a name. */
export function capital(sentence: string, names: string[] = []): string {
  const word = /^[a-z]+(?=[ ,:])/.exec(sentence)?.[0];
  return word && !names.includes(word) ? word.charAt(0).toUpperCase() + sentence.slice(1) : sentence;
}

const COMMON = /^(?:The|A|An|Its|It|No|Nothing|Every|All|This|One|Two|Init|What|How|Is|Does|Which|Where)(?= )/;

/** First letter in lower case where the first word is no name. */
export function lower(sentence: string): string {
  return sentence.replace(COMMON, (word) => word.toLowerCase());
}

/** The next best question, and the command that would answer it, "" when there is none. */
export function questionOf({ nextQuestion }: Report): { words: string; command: string } {
  const [, words = '', command = ''] = /^(.*?)(?::? (kubectl .*))?$/s.exec(nextQuestion ?? '') ?? [];
  const end = words === '' || /[.?!]$/.test(words) ? '' : '.';
  return { words: `${lower(words)}${end}`, command };
}
