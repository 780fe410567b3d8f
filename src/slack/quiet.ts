// The lines of a card that names no cause: nobody knows yet, nothing is wrong, or it is over.

import { capital, questionOf, restartWords, subjectOf } from '../core/headline.ts';
import type { Report } from '../core/report.ts';
import { durationWords, listed } from '../core/spoken.ts';
import { headLine, icon, placeOf, sinceLine } from './head.ts';
import { bold, clock, code, mrkdwn } from './mrkdwn.ts';

/** What was looked at, and what would decide it. */
export function unknownLines(report: Report): string[] {
  const last = report.logExcerpt.findLast((l) => l.text.trim() !== '');
  const checked = mrkdwn(listed(report.checked ?? []), 300);
  return [
    headLine(report),
    sinceLine(report),
    `*I do not know yet.*${checked ? ` I checked ${checked}.` : ''}`,
    last ? `${code(last.text, 200)} — last line of the log` : '',
    decideLine(report),
  ];
}

/** The command stands in the thread. */
export function decideLine(report: Report): string {
  const { words } = questionOf(report);
  return words ? `*What would decide it:* ${mrkdwn(words, 400)}` : '';
}

export function healthyLine(report: Report): string {
  const { restarts, serving } = report.status;
  const calm = restarts ? `${restartWords(report)} in all` : 'nothing crashed';
  const told = capital([calm, serving ? mrkdwn(serving, 80) : ''].filter(Boolean).join(', and '));
  return `${headLine(report)}. ${told}.${doubt(report)}`;
}

/** "geoip runs. It crashed once at 12:03 (exit 1) and has been steady for 41 min." */
export function recoveredLine(report: Report): string {
  const { restarts, lastExit, now } = report.status;
  const count = restarts === null || restarts < 2 ? 'once' : `${restarts} times`;
  const at = lastExit?.finishedAt ?? '';
  const when = at ? `${count === 'once' ? ' at' : ', last at'} ${clock(at, { near: now })}` : '';
  const exit = lastExit ? ` (exit ${lastExit.code})` : '';
  const steady = at ? ` and has been steady for ${durationWords((Date.parse(now) - Date.parse(at)) / 1000)}` : '';
  const did = lastExit?.code === 0 ? 'ended' : 'crashed';
  return `${icon(report)} ${bold(subjectOf(report))} runs · ${placeOf(report)}. It ${did} ${count}${when}${exit}${steady}.${doubt(report)}`;
}

function doubt({ verdict: { grade } }: Report): string {
  return grade === 'confirmed' ? '' : ` I could not read everything, so this is only ${grade}.`;
}
