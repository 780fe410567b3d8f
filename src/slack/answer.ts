// The lines of a card that tell an answer: what and where, since when, the cause, its proof, what belongs to it, and
// what to do where no button does it. At most six, and no line repeats another.

import { capital, downDependency, stateWords, subjectOf } from '../core/headline.ts';
import type { Report } from '../core/report.ts';
import { causeLine, causeSentence, namesToMark, withoutProof } from './cause.ts';
import { began, headLine, sinceLine } from './head.ts';
import { code, mrkdwn, withClocks, withCode } from './mrkdwn.ts';
import { proofLine } from './proof.ts';
import { decideLine, healthyLine, recoveredLine, unknownLines } from './quiet.ts';

/** mrkdwn lines, the first with the one state icon. */
export function answerLines(report: Report): string[] {
  const { cause, grade } = report.verdict;
  if (cause === 'none' && report.status.state === 'healthy') return [healthyLine(report)];
  if (cause === 'none-recovered') return [recoveredLine(report)];
  return grade === 'unknown' ? unknownLines(report) : causeLines(report);
}

/** The answer in one sentence, for a notification. */
export function answerInBrief(report: Report): string {
  const { cause, grade } = report.verdict;
  if (cause === 'none' || cause === 'none-recovered') return answerLines(report)[0] ?? '';
  const sentence = grade === 'unknown' ? 'I do not know yet why.' : causeSentence(report);
  return withClocks(mrkdwn(`${subjectOf(report)} ${stateWords(report)}. ${sentence}`, 1_000));
}

function causeLines(report: Report): string[] {
  return [
    headLine(report),
    sinceLine(report),
    causeLine(report),
    proofLine(report),
    besidesLine(report),
    doLine(report),
  ];
}

function besidesLine(report: Report): string {
  const { context, status, verdict } = report;
  const since = began(report);
  const still = context.find((c) => c.kind === 'healthy-revision')?.text.replace(/ with \d+ ready$/, '');
  const also = report.causes
    .slice(1)
    .find((c) => c.grade !== 'possible' && c.container !== '' && c.container !== verdict.container);
  const parts = [
    since && `${withClocks(mrkdwn(since, 260), status.now)} · ${mrkdwn(still ?? status.serving, 120)}`,
    also && `also ${code(also.container, 80)}: ${mrkdwn(also.cause, 80)}`,
  ].filter(Boolean);
  return capital(parts.join(' · '));
}

/** Where no button helps: why a restart does not, and what a person would do. */
function doLine(report: Report): string {
  if (report.verdict.grade === 'possible') return decideLine(report);
  const down = downDependency(report);
  if (down) return `Restarting ${mrkdwn(subjectOf(report), 120)} helps only when ${mrkdwn(down, 120)} is back.`;
  if (report.proposals.some((p) => p.refusal === null)) return '';
  const restart = report.proposals.find((p) => p.action === 'restart')?.refusal ?? '';
  const crashes = ['crash looping', 'cannot start', 'image cannot be pulled', 'failed'].includes(report.status.state);
  const byHand = report.nextSteps.find((s) => s.command === null)?.text ?? '';
  return [
    restart && crashes ? mrkdwn(restart.replace(/; it would only reset the back-off/, ''), 300) : '',
    withCode(withoutProof(byHand, report), namesToMark(report), 300),
  ]
    .filter(Boolean)
    .join(' ');
}
