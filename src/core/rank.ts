// Orders what the rules found and says how sure each is. The order of the rules never matters, and forgetting a
// fact never makes anything more certain.

import { casesOf } from './case.ts';
import type { Evidence } from './evidence.ts';
import type { Cause } from './report.ts';
import type { Holds, Judgement, Rule } from './rule.ts';

interface Finding extends Holds {
  rule: Rule;
  /** Position of its container in start order; pod-level findings come first. */
  place: number;
  mechanisms: Finding[];
}

/** Ordered causes, the verdict first. */
export function rank(evidence: Evidence, judged: { rule: Rule; judgements: Judgement[] }[]): Cause[] {
  const places = new Map(casesOf(evidence).map((k, i) => [k.container.name, i]));
  const findings = judged.flatMap(({ rule, judgements }) =>
    judgements
      .filter((j): j is Holds => j.is === 'holds' && j.evidence.length > 0)
      .map((j): Finding => ({ ...j, rule, place: places.get(j.container) ?? -1, mechanisms: [] })),
  );
  const perContainer = groupByContainer(findings);
  const graded = [...perContainer.values()].flatMap(gradeContainer);
  graded.sort(
    (a, b) =>
      GRADES.indexOf(a.grade) - GRADES.indexOf(b.grade) ||
      Number(a.finding.rule.generic) - Number(b.finding.rule.generic) ||
      a.finding.place - b.finding.place ||
      sources(b.finding) - sources(a.finding) ||
      weight(b.finding) - weight(a.finding) ||
      a.finding.rule.id.localeCompare(b.finding.rule.id),
  );
  return graded.map(({ finding, grade }) => ({
    cause: finding.rule.id,
    grade,
    container: finding.container,
    containerKind: finding.containerKind,
    summary: finding.summary,
    evidence: finding.evidence,
    mechanisms: finding.mechanisms.filter((m) => follows(m) && !rereads(m, finding)).map((m) => m.summary),
    detail: finding.detail,
  }));
}

const GRADES = ['confirmed', 'likely', 'possible'] as const;
type FoundGrade = (typeof GRADES)[number];

function groupByContainer(findings: Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const f of findings) groups.set(f.container, [...(groups.get(f.container) ?? []), f]);
  return groups;
}

function gradeContainer(all: Finding[]): { finding: Finding; grade: FoundGrade }[] {
  const ordered = [...all].sort((a, b) => weight(b) - weight(a) || a.rule.id.localeCompare(b.rule.id));
  const standing = ordered.filter((f) => !ordered.some((other) => absorbs(other, f)));
  for (const f of ordered) {
    if (standing.includes(f)) continue;
    const root = standing.find((s) => absorbs(s, f)) ?? standing[0];
    root?.mechanisms.push(f);
  }
  return standing.map((finding) => ({ finding, grade: gradeOf(finding, standing) }));
}

/** `a` is the root of which `b` is only the mechanism. */
function absorbs(a: Finding, b: Finding): boolean {
  if (a === b) return false;
  const strongEnough = a.strength === 'proof' || b.strength === 'sign' || sources(a) > 1;
  if (b.rule.generic && !a.rule.generic) return strongEnough;
  return strongEnough && a.rule.causes.includes(b.rule.id) && !b.rule.causes.includes(a.rule.id);
}

/**
 * What happened to the container for that reason: its end, its probes, its status. Another reading of what the program
 * said is no consequence of the first; and a program that ends for a reason has not done its work.
 */
function follows(mechanism: Finding): boolean {
  const { rule, evidence } = mechanism;
  return rule.id !== 'entrypoint-completes' && (rule.generic || evidence[0]?.source !== 'log');
}

/** The same words of the program once more, or the same reason after its colon: said already, and better. */
function rereads(mechanism: Finding, root: Finding): boolean {
  const [first] = mechanism.evidence;
  const spoken = first?.source === 'log' || first?.at.endsWith('terminated.message');
  const reason = mechanism.summary.slice(mechanism.summary.indexOf(': ') + 2);
  return (
    (spoken === true && root.evidence.some((c) => c.at === first?.at)) ||
    (reason.length > 20 && root.summary.endsWith(reason))
  );
}

function gradeOf(finding: Finding, standing: Finding[]): FoundGrade {
  const rivals = standing.filter((other) => other !== finding && other.rule.id !== finding.rule.id);
  const provenRival = rivals.some((r) => r.strength === 'proof' && !r.rule.generic);
  if (finding.strength === 'proof') return provenRival ? 'likely' : 'confirmed';
  return sources(finding) > 1 && rivals.length === 0 ? 'likely' : 'possible';
}

function sources(finding: Finding): number {
  return new Set(finding.evidence.map((c) => c.source)).size;
}

/** Proof before sign, specific before generic, kubelet and API before logs, later log lines before earlier ones. */
function weight(finding: Finding): number {
  const strength = finding.strength === 'proof' ? 100_000_000 : 0;
  const specific = finding.rule.generic ? 0 : 50_000_000;
  const first = finding.evidence[0];
  const line = first?.source === 'log' ? Math.min(9_999_999, Number(/:(\d+)$/.exec(first.at)?.[1] ?? 0)) : 10_000_000;
  return strength + specific + line;
}
