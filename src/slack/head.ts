// The first lines of a card: the one state icon, what is wrong with what and where, since when and how often.

import { capital, downDependency, restartWords, stateWords, subjectOf } from '../core/headline.ts';
import type { Report } from '../core/report.ts';
import { bold, clock, code, mrkdwn } from './mrkdwn.ts';

export function icon(report: Report): string {
  const { cause, grade } = report.verdict;
  const { state } = report.status;
  const calm = cause === 'none' || cause === 'none-recovered';
  if (calm && grade === 'confirmed') return '🟢';
  if (calm || grade === 'unknown') return '⚪';
  return ['not ready', 'pending', 'healthy', 'recovered'].includes(state) ? '🟡' : '🔴';
}

/** mrkdwn: the icon, the name, its state and its place. */
export function headLine(report: Report): string {
  const down = downDependency(report);
  const [before = '', after = ''] = down ? stateWords(report).split(` ${down},`) : [stateWords(report)];
  const words = down ? `${mrkdwn(before)} ${bold(down)},${mrkdwn(after) ? ` ${mrkdwn(after)}` : ''}` : mrkdwn(before);
  return `${icon(report)} ${bold(subjectOf(report))} ${words} · ${placeOf(report)}`;
}

export function placeOf({ target }: Report): string {
  return [code(target.namespace, 80), target.cluster ? `on _${mrkdwn(target.cluster, 80)}_` : '']
    .filter(Boolean)
    .join(' ');
}

/** mrkdwn: since when, how often, when next, and how much of it serves where no other line says so. */
export function sinceLine(report: Report): string {
  const { since, nextStart, now, serving } = report.status;
  const past = [since ? `Since ${clock(since, { near: now })}` : '', restartWords(report)].filter(Boolean).join(', ');
  const next = nextStart && nextStart > now ? `next start about ${clock(nextStart, { near: now })}` : '';
  const serves = began(report) || isNotReady(report) ? '' : mrkdwn(serving, 80);
  return capital([past, next, serves].filter(Boolean).join(' · '));
}

/** "began with revision 2: …"; "" when no revision is to blame. */
export function began({ context }: Report): string {
  return context.find((c) => c.kind === 'began-with-revision')?.text ?? '';
}

/** Of a pod that is only not ready nobody expects that it serves. */
function isNotReady(report: Report): boolean {
  return report.verdict.cause === 'readiness-probe-failing';
}
