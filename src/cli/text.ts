// Report -> terminal text. The same words as in Slack; colour only where the terminal wants it.

import pc from 'picocolors';
import { exitWords } from '../core/exit-code.ts';
import { gradedSentence, stateWords, statusWords, subjectOf } from '../core/headline.ts';
import type { Cause, Report } from '../core/report.ts';

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
  return `${sections.filter(Boolean).map(safe).join('\n\n')}\n`;
}

/** Cluster text may carry terminal control characters: they are shown, never obeyed. Our own colours pass. */
function safe(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]|\u001b(?!\[\d{1,2}m)/g, '�');
}

function headText(report: Report): string {
  const { target, status } = report;
  const workload =
    target.workload.kind && target.workload.kind !== 'Pod' ? `${target.workload.kind}/${target.workload.name}` : '';
  const place = [target.pod || subjectOf(report), target.namespace, workload].filter(Boolean).join(' · ');
  const exit = status.lastExit ? `last exit ${status.lastExit.code} (${exitWords(status.lastExit.code)})` : '';
  const line = [statusWords(report, clock), exit].filter(Boolean).join(', ');
  return `${pc.bold(place)}\n${subjectOf(report)} ${stateWords(report)}${line ? `, ${line}` : ''}`;
}

/** Seconds matter in a terminal; the date does not, unless it is another day. */
function clock(time: string): string {
  return time.slice(11, 16);
}

function causesText(report: Report): string[] {
  if (report.causes.length === 0) {
    const question = report.nextQuestion ? `\n  what would decide it: ${report.nextQuestion}` : '';
    return [`${pc.yellow('unknown')}  ${gradedSentence(report)}${question}`];
  }
  const named = report.causes.map((cause, i) => causeText(cause, i === 0 ? report : undefined));
  return report.nextQuestion && report.verdict.grade !== 'confirmed'
    ? [...named, `what would make it certain: ${report.nextQuestion}`]
    : named;
}

function causeText(cause: Cause, report: Report | undefined): string {
  const colour = { confirmed: pc.red, likely: pc.yellow, possible: pc.dim }[cause.grade];
  const kind = cause.containerKind === 'main' ? 'container' : `${cause.containerKind} container`;
  const where = cause.container ? ` · ${kind} ${cause.container}` : '';
  const began = report?.context.find((c) => c.kind === 'began-with-revision');
  const lines = [
    `${colour(cause.grade)}  ${pc.bold(cause.cause)}${where}`,
    `  ${cause.summary}.`,
    ...cause.evidence.map((e) => `    ${pc.dim(e.at.padEnd(WIDTH))} ${oneLine(e.text)}`),
    ...cause.mechanisms.map((m) => `  and so: ${m}`),
    ...(began ? [`  ${began.text}`] : []),
  ];
  return lines.join('\n');
}

function oneLine(text: string): string {
  const flat = text.replace(/\s*\n\s*/g, ' ⏎ ');
  return flat.length > 300 ? `${flat.slice(0, 297)}…` : flat;
}

function contextText(report: Report): string {
  const rest = report.context.filter((c) => c.kind !== 'began-with-revision' && c.kind !== 'exit');
  return rest.length ? `context\n${rest.map((c) => `  ${c.text}`).join('\n')}` : '';
}

function ruledOutText(report: Report): string {
  if (report.ruledOut.length === 0) return '';
  return `ruled out  ${report.ruledOut.map((r) => `${r.cause} (${r.because})`).join(' · ')}`;
}

function gapsText(report: Report): string {
  if (report.gaps.length === 0) return '';
  const shown = report.gaps.slice(0, 8).map((g) => `${g.what} (${g.why})`);
  return `not read   ${shown.join(' · ')}${report.gaps.length > 8 ? ` · and ${report.gaps.length - 8} more` : ''}`;
}

function fixText(report: Report): string {
  const offered = report.proposals
    .filter((p) => p.refusal === null)
    .map((p) => `  ${p.title} (${p.target}): ${p.diff.split('\n').join('; ')}`);
  const steps = report.nextSteps.map((s) => (s.command ? `  ${s.command}${pc.dim(`   # ${s.text}`)}` : `  ${s.text}`));
  const refused = report.proposals.filter((p) => p.refusal !== null).map((p) => `  ${p.refusal}`);
  const lines = [...offered, ...steps, ...refused];
  return lines.length ? `what would fix it, and where to look\n${lines.join('\n')}` : '';
}

function preventionText(report: Report): string {
  return report.prevention.length ? `to prevent it\n${report.prevention.map((p) => `  ${p}`).join('\n')}` : '';
}
