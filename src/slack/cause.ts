// The sentence of the cause: as sure as its grade, its names as code, and without what the proof line says anyway.

import { capital, downBecause, downDependency, gradedSentence, lower } from '../core/headline.ts';
import type { Report } from '../core/report.ts';
import { withClocks, withCode } from './mrkdwn.ts';
import { proofOf } from './proof.ts';

/** The cause in bold up to its colon; what the proof line says in the program's own words is not said twice. */
export function causeLine(report: Report): string {
  const { now } = report.status;
  const [head, rest] = halves(withoutProof(causeSentence(report), report));
  const names = namesToMark(report);
  const end = rest === '' ? '' : ':';
  const bolded = withCode(`${head}${end}`, names, 400);
  return [`*${bolded}*`, rest ? withClocks(withCode(rest, names, 500), now) : ''].filter(Boolean).join(' ');
}

/** Plain text. */
export function causeSentence(report: Report): string {
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
export function withoutProof(sentence: string, report: Report): string {
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

/** What stands out as code in sentences about this cause. */
export function namesToMark({ causes }: Report): string[] {
  const detail = causes[0]?.detail ?? {};
  return NAMED.map((name) => detail[name] ?? '').filter((value) => value !== '' && value.length <= 120);
}
