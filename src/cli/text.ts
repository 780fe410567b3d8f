// Report -> terminal text. The same words as in Slack; colour only where the terminal wants it.

import pc from 'picocolors';
import { capital, ended, gradedSentence, namesIn, stateWords, statusWords, subjectOf } from '../core/headline.ts';
import { NOT_SHOWN } from '../core/paste/draft.ts';
import type { Cause, Gap, Report } from '../core/report.ts';

const WIDTH = 28;

export function reportText(report: Report): string {
  const sections = [
    headText(report),
    ...causesText(report),
    contextText(report),
    ruledOutText(report),
    gapsText(report),
    fixText(report),
    preventionText(report),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function headText(report: Report): string {
  const { target, status } = report;
  const workload =
    target.workload.name && target.workload.kind !== 'Pod' ? `${target.workload.kind}/${target.workload.name}` : '';
  const place = [target.pod || target.workload.name, target.namespace, workload].filter(Boolean).join(' · ');
  const clock = (time: string): string => clockOf(time, status.now);
  const state = stateWords(report);
  const meaning = status.lastExit?.words.replace(/ \((SIG\w+)\)$/, ', $1');
  const exit = status.lastExit
    ? state.startsWith('exits with code ')
      ? meaning
      : `last exit ${status.lastExit.code} (${meaning})`
    : '';
  const line = [statusWords(report, clock), exit].filter(Boolean).join(', ');
  const told = [`${capital(subjectOf(report), namesIn(report))} ${state}`, line].filter(Boolean);
  // "is crash looping since 14:02", but "is pending: no container has started, since 14:02".
  const sentence = told.join(line.startsWith('since ') && !/[,:]| and /.test(told[0] ?? '') ? ' ' : ', ');
  return place ? `${pc.bold(place)}\n${sentence}` : sentence;
}

/** The date matters only when it is another day than that of the diagnosis. */
function clockOf(time: string, now: string): string {
  const day = time.slice(0, 10);
  return `${day === now.slice(0, 10) ? '' : `${day} `}${time.slice(11, 16)} UTC`;
}

/** The times in a sentence of ours; evidence keeps its own. */
function withClocks(sentence: string, { status }: Report): string {
  return sentence.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z(?![\w:])/g, (time) => clockOf(time, status.now));
}

function causesText(report: Report): string[] {
  if (report.causes.length === 0) {
    const question = report.nextQuestion ? `\n  what would decide it: ${report.nextQuestion}` : '';
    return [`${pc.yellow('unknown')}  ${gradedSentence(report)}${question}`];
  }
  const named = report.causes.map((cause, i) => causeText(cause, report, i === 0));
  return report.nextQuestion && report.verdict.grade !== 'confirmed'
    ? [...named, `what would make it certain: ${report.nextQuestion}`]
    : named;
}

function causeText(cause: Cause, report: Report, first: boolean): string {
  const colour = { confirmed: pc.red, likely: pc.yellow, possible: pc.dim }[cause.grade];
  const kind = cause.containerKind === 'main' ? 'container' : `${cause.containerKind} container`;
  const where = cause.container ? ` · ${kind} ${cause.container}` : '';
  const began = first && report.context.find((c) => c.kind === 'began-with-revision');
  const sentence = withClocks(ended(capital(cause.summary, namesIn(report))), report);
  const lines = [
    `${colour(cause.grade)}  ${pc.bold(cause.cause)}${where}`,
    `  ${sentence}`,
    ...cause.evidence.map((e) => `    ${pc.dim(e.at.padEnd(WIDTH))} ${oneLine(e.text)}`),
    ...cause.mechanisms.map((m) => `  and so: ${oneLine(withClocks(m, report))}`),
    ...(began ? [`  ${withClocks(began.text, report)}`] : []),
  ];
  return lines.join('\n');
}

function oneLine(text: string): string {
  const flat = text.replace(/\s*\n\s*/g, ' ⏎ ');
  return flat.length > 300 ? `${flat.slice(0, 297)}…` : flat;
}

/** What the headline has not said yet. */
function contextText(report: Report): string {
  const rest = report.context.filter((c) => !['began-with-revision', 'exit', 'next-start'].includes(c.kind));
  return block(
    'context',
    rest.map((c) => withClocks(c.text, report)),
  );
}

function ruledOutText(report: Report): string {
  if (report.ruledOut.length === 0) return '';
  return `ruled out  ${report.ruledOut.map((r) => `${r.cause} (${r.because})`).join(' · ')}`;
}

const MOST_GAPS = 8;
/** It never does, so that these fields need no names. */
const NOT_SHOWN_WORDS = NOT_SHOWN.replace(/ it$/, '');

function gapsText({ gaps }: Report): string {
  const shown = gaps.slice(0, MOST_GAPS);
  const whys = [...new Set(shown.map((g) => g.why))].sort((a, b) => Number(a === NOT_SHOWN) - Number(b === NOT_SHOWN));
  const reasons = whys.map((why) => (why === NOT_SHOWN ? `what ${NOT_SHOWN_WORDS}` : unreadFor(why, shown)));
  if (gaps.length > MOST_GAPS) reasons.push(`and ${gaps.length - MOST_GAPS} more`);
  return reasons.length ? `not read   ${reasons.join(' · ')}` : '';
}

/** "events, node (not part of the pasted text)": a reason is said once. */
function unreadFor(why: string, gaps: Gap[]): string {
  const what = gaps.filter((g) => g.why === why).map((g) => g.what);
  return `${what.join(', ')} (${why})`;
}

/** Commands that only read. */
const LOOKS = /^kubectl (?:logs|describe|get|debug|top|exec|rollout status|auth can-i) /;

function fixText(report: Report): string {
  const offered = report.proposals
    .filter((p) => p.refusal === null)
    .map((p) => `${p.title} (${p.target}): ${p.diff.split('\n').join('; ')}`);
  const others = report.proposals.flatMap(({ choices = [] }) => choices.map(({ title }) => `or: ${title}`));
  const refused = report.proposals.flatMap((p) => p.refusal ?? []);
  const isLook = ({ command }: { command: string | null }): boolean => LOOKS.test(command ?? '');
  // The question above says it already.
  const isAsked = ({ command }: { command: string | null }): boolean =>
    report.nextQuestion?.endsWith(` ${command?.replace(/ --tail=\d+$/, '')}`) === true;
  const words = (step: Report['nextSteps'][number]): string =>
    step.command ? `${step.command}${pc.dim(`   # ${step.text}`)}` : step.text;
  const cures = report.nextSteps.filter((s) => !isLook(s)).map(words);
  return [
    block('what would fix it', [...offered, ...others, ...cures]),
    block('not offered', [...new Set(refused)]),
    block('where to look', report.nextSteps.filter((s) => isLook(s) && !isAsked(s)).map(words)),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function preventionText(report: Report): string {
  return block('to prevent it', report.prevention);
}

function block(title: string, lines: string[]): string {
  return lines.length ? [title, ...lines.map((line) => `  ${line}`)].join('\n') : '';
}
