// The lines of a card that tell an answer: what and where, since when, the cause, its proof, what belongs to it, and
// what to do where no button does it. At most six, and no line repeats another.

import {
  capital,
  downBecause,
  downDependency,
  gradedSentence,
  lower,
  questionOf,
  restartWords,
  stateWords,
  subjectOf,
} from '../core/headline.ts';
import type { Report } from '../core/report.ts';
import { durationWords, listed } from '../core/spoken.ts';
import { bold, clock, code, mrkdwn, withClocks, withCode } from './mrkdwn.ts';
import { proofLine, proofOf } from './proof.ts';

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

export function icon(report: Report): string {
  const { cause, grade } = report.verdict;
  const { state } = report.status;
  if (cause === 'none' || cause === 'none-recovered') return '🟢';
  if (grade === 'unknown') return '⚪';
  return ['not ready', 'pending', 'healthy', 'recovered'].includes(state) ? '🟡' : '🔴';
}

function headLine(report: Report): string {
  const down = downDependency(report);
  const [before = '', after = ''] = down ? stateWords(report).split(` ${down},`) : [stateWords(report)];
  const words = down ? `${mrkdwn(before)} ${bold(down)},${mrkdwn(after) ? ` ${mrkdwn(after)}` : ''}` : mrkdwn(before);
  return `${icon(report)} ${bold(subjectOf(report))} ${words} · ${placeOf(report)}`;
}

function placeOf({ target }: Report): string {
  return [code(target.namespace, 80), target.cluster ? `on _${mrkdwn(target.cluster, 80)}_` : '']
    .filter(Boolean)
    .join(' ');
}

function sinceLine(report: Report): string {
  const { since, nextStart, now, serving } = report.status;
  const past = [since ? `Since ${clock(since, { near: now })}` : '', restartWords(report)].filter(Boolean).join(', ');
  const next = nextStart && nextStart > now ? `next start about ${clock(nextStart, { near: now })}` : '';
  const serves = began(report) || isNotReady(report) ? '' : mrkdwn(serving, 80);
  return capital([past, next, serves].filter(Boolean).join(' · '));
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

/** The cause in bold up to its colon; what the proof line says in the program's own words is not said twice. */
function causeLine(report: Report): string {
  const { now } = report.status;
  const [head, rest] = halves(withoutProof(causeSentence(report), report));
  const names = namesToMark(report);
  const end = rest === '' ? '' : ':';
  const bolded = withCode(`${head}${end}`, names, 400);
  return [`*${bolded}*`, rest ? withClocks(withCode(rest, names, 500), now) : ''].filter(Boolean).join(' ');
}

function causeSentence(report: Report): string {
  const sentence = gradedSentence(report);
  const down = downDependency(report);
  if (down) {
    const why = downBecause(report);
    return why
      ? `Why ${down} is down: ${why.replace(/\.$/, '')}.`
      : `${down} has no ready endpoint: ${lower(sentence)}`;
  }
  if (report.verdict.cause === 'readiness-probe-failing') {
    const [, got] = halves(sentence);
    return got ? capital(got) : sentence;
  }
  return sentence;
}

/** What the proof line says in the program's own words is left to it. */
function withoutProof(sentence: string, report: Report): string {
  const proof = proofOf(report)?.words ?? '';
  const inside = proof.length > 12 ? sentence.replace(`: ${proof}`, '') : sentence;
  const [head, rest] = halves(inside);
  const said = rest.replace(/^"|[".']+$/g, '');
  return said !== '' && proof.includes(said) ? `${head}.` : inside;
}

/** "engine aborted itself: free() failed." → before and after the colon; one half when a half would say nothing. */
function halves(sentence: string): [string, string] {
  const at = sentence.indexOf(': ');
  return at > 8 && at < 200 && sentence.length - at > 4
    ? [sentence.slice(0, at), sentence.slice(at + 2)]
    : [sentence, ''];
}

const NAMED = ['variable', 'configMap', 'secret', 'key', 'host', 'module', 'path', 'command', 'flag', 'claim', 'image'];

function namesToMark({ causes }: Report): string[] {
  const detail = causes[0]?.detail ?? {};
  return NAMED.map((name) => detail[name] ?? '').filter((value) => value !== '' && value.length <= 120);
}

function began({ context }: Report): string {
  return context.find((c) => c.kind === 'began-with-revision')?.text ?? '';
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

/** Of a pod that is only not ready nobody expects that it serves. */
function isNotReady(report: Report): boolean {
  return report.verdict.cause === 'readiness-probe-failing';
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

function unknownLines(report: Report): string[] {
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
function decideLine(report: Report): string {
  const { words } = questionOf(report);
  return words ? `*What would decide it:* ${mrkdwn(words, 400)}` : '';
}

function healthyLine(report: Report): string {
  const { restarts, serving } = report.status;
  const calm = restarts ? `${restartWords(report)} in all, none of them a crash loop` : 'nothing crashed';
  return `${headLine(report)}. ${capital([calm, serving ? mrkdwn(serving, 80) : ''].filter(Boolean).join(', and '))}.`;
}

/** "geoip runs. It crashed once at 12:03 (exit 1) and has been steady for 41 min." */
function recoveredLine(report: Report): string {
  const { restarts, lastExit, now } = report.status;
  const count = restarts === null || restarts < 2 ? 'once' : `${restarts} times`;
  const at = lastExit?.finishedAt ?? '';
  const when = at ? `${count === 'once' ? ' at' : ', last at'} ${clock(at, { near: now })}` : '';
  const exit = lastExit ? ` (exit ${lastExit.code})` : '';
  const steady = at ? ` and has been steady for ${durationWords((Date.parse(now) - Date.parse(at)) / 1000)}` : '';
  const did = lastExit?.code === 0 ? 'ended' : 'crashed';
  return `${icon(report)} ${bold(subjectOf(report))} runs · ${placeOf(report)}. It ${did} ${count}${when}${exit}${steady}.`;
}
