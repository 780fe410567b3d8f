// Evidence -> Report: runs every rule, ranks what holds, and writes the answer. Pure and deterministic.

import { casesOf } from './case.ts';
import { CAUSE_IDS } from './cause.ts';
import { checkedIn } from './checked.ts';
import { contextOf } from './context.ts';
import type { Evidence } from './evidence.ts';
import { known } from './fact.ts';
import { gapsOf, placeNotRead } from './gaps.ts';
import { nextStepsOf } from './next-steps.ts';
import { preventionOf } from './prevention.ts';
import { nextQuestionOf } from './questions.ts';
import { rank } from './rank.ts';
import { type Cause, type Proposal, type Report, SCHEMA_VERSION, type Verdict } from './report.ts';
import { rootOf, toldWithRoot } from './root.ts';
import type { Judgement, Rule, RuledOut } from './rule.ts';
import { listed } from './spoken.ts';
import { statusOf, worstCase } from './status.ts';
import { timelineOf } from './timeline.ts';

export interface Knowledge {
  rules: readonly Rule[];
  /** Remedies for the ordered causes; made by the actions room. */
  propose: (evidence: Evidence, report: Report) => Proposal[];
}

const EXCERPT_LINES = 12;

export function diagnose(evidence: Evidence, { rules, propose }: Knowledge): Report {
  const judged = judgedBy(rules, evidence);
  const found = rank(evidence, judged).filter((cause) => isAskedFor(cause, evidence));
  const root = rootOf(evidence, found[0], (other) => rank(other, judgedBy(rules, other)));
  const causes = found.map((cause, i) => (i === 0 ? toldWithRoot(cause, root) : cause));
  const verdict = verdictOf(evidence, causes);
  const ruled = judged.flatMap(({ rule, judgements }) =>
    judgements.filter((j): j is RuledOut => j.is === 'ruled-out').map((j) => ({ cause: rule.id, because: j.because })),
  );
  const named = new Set(causes.map((c) => c.cause));
  const rule = rules.find((r) => r.id === verdict.cause);
  const report: Report = {
    schemaVersion: SCHEMA_VERSION,
    source: evidence.source,
    target: {
      cluster: evidence.cluster,
      namespace: evidence.namespace,
      pod: known(evidence.pod.name) ?? '',
      workload: workloadName(evidence),
    },
    verdict,
    causes,
    ruledOut: unique(ruled.filter((r) => !named.has(r.cause))).sort(byCatalogue),
    context: contextOf(evidence, causes[0], root),
    gaps: [...gapsOf(evidence), ...placeNotRead(evidence, causes[0])],
    nextQuestion: verdict.grade === 'confirmed' ? null : nextQuestionOf(evidence, judged, causes[0]),
    proposals: [],
    prevention: [],
    status: statusOf(evidence, verdict.container),
    logExcerpt: excerptOf(evidence, verdict.container),
    timeline: timelineOf(evidence),
    nextSteps: [],
    checked: checkedIn(evidence),
    ...(root ? { root } : {}),
  };
  report.prevention = preventionOf(report, rule);
  report.proposals = propose(evidence, report);
  report.nextSteps = nextStepsOf(evidence, report, rule);
  return report;
}

/** Of one container what is said of it, and of the pod as a whole. */
function isAskedFor({ container }: Cause, { only }: Evidence): boolean {
  return only === '' || container === only || container === '';
}

type RuledOutCause = Report['ruledOut'][number];

type Judged = { rule: Rule; judgements: Judgement[] };

function judgedBy(rules: readonly Rule[], evidence: Evidence): Judged[] {
  return rules.map((rule) => ({ rule, judgements: rule.judge(evidence) }));
}

function verdictOf(evidence: Evidence, causes: Cause[]): Verdict {
  const first = causes[0];
  if (first) {
    const { cause, grade, container, containerKind, summary } = first;
    return { cause, grade, container, containerKind, summary };
  }
  const worst = worstCase(evidence);
  return {
    cause: 'unknown',
    grade: 'unknown',
    container: worst?.container.name ?? '',
    containerKind: worst?.container.kind ?? 'main',
    summary: unknownSummary(evidence),
  };
}

/** What is known, that it does not decide, and what was looked at. */
function unknownSummary(evidence: Evidence): string {
  const names = evidence.containers.map((c) => c.name);
  if (evidence.only && !names.includes(evidence.only))
    return `there is no container "${evidence.only}"; there is ${listed(names) || 'none at all'}`;
  const worst = worstCase(evidence);
  const exit = worst && known(worst.exit);
  const name = worst?.container.name || 'the container';
  const silent = worst?.log.state === 'seen' && worst.log.value.lines.length === 0;
  // An init container that did its work asks for no reason.
  const hasDone = worst?.symptom === 'healthy';
  const ends =
    exit && !hasDone
      ? `${name} exits with code ${exit.exitCode}${silent ? ' and says nothing' : ''}; I do not know yet why`
      : 'I do not know yet what is wrong';
  const checked = checkedIn(evidence);
  return checked.length ? `${ends}, having checked ${listed(checked)}` : ends;
}

function workloadName(evidence: Evidence): { kind: string; name: string } {
  const workload = known(evidence.workload);
  if (workload) return { kind: workload.kind, name: workload.name };
  const [kind, name] = evidence.workload.at.split('/');
  if (kind && name) return { kind, name };
  return { kind: 'Pod', name: known(evidence.pod.name) ?? '' };
}

function excerptOf(evidence: Evidence, container: string): { at: string; text: string }[] {
  const k = casesOf(evidence).find((c) => c.container.name === container) ?? worstCase(evidence);
  if (k?.log.state !== 'seen') return [];
  const { at } = k.log;
  return k.log.value.lines.slice(-EXCERPT_LINES).map((l) => ({ at: `${at}:${l.n}`, text: l.raw.slice(0, 500) }));
}

function byCatalogue(a: RuledOutCause, b: RuledOutCause): number {
  return CAUSE_IDS.indexOf(a.cause) - CAUSE_IDS.indexOf(b.cause) || a.because.localeCompare(b.because);
}

function unique<T>(values: T[]): T[] {
  const met = new Set<string>();
  return values.filter((v) => {
    const key = JSON.stringify(v);
    return met.has(key) ? false : met.add(key);
  });
}
