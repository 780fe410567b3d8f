// Which revision the trouble began with, in the words of the template's difference, and which one to go back to.

import { casesOf } from '../case.ts';
import type { Revision } from '../evidence/workload.ts';
import type { Evidence } from '../evidence.ts';
import { known } from '../fact.ts';
import { text } from '../json.ts';
import type { Cause, ContextFact } from '../report.ts';
import { durationWords } from '../spoken.ts';
import { templateDifference } from '../template-diff.ts';

/** A program that ran so long under a template was not broken by that template alone. */
const RAN_WELL_SECONDS = 600;
/** The longest pause between two starts, and some slack. */
const BACK_OFF_SECONDS = 330;
const DIFFERENCES_MAX = 4;

export function beganWith(evidence: Evidence, first: Cause | undefined): ContextFact[] {
  const own = ownRevision(evidence);
  const older = olderThan(own, evidence);
  if (!own || older.length === 0 || servesElsewhere(own, evidence)) return [];
  const ran = ranBefore(evidence);
  if (ran) return [ran];
  const began = beginning(own, older, first);
  const told = began && tellBeginning(began, own);
  return [...(told ? [told] : []), ...stillServing(older)];
}

/** The revision before the failing pod's own: the newest that still serves, else the newest. */
export function formerRevision(evidence: Evidence): Revision | undefined {
  const older = olderThan(ownRevision(evidence), evidence);
  return older.findLast((r) => r.readyReplicas > 0) ?? older.at(-1);
}

/** The revision that the pod was made from; the newest when its labels do not say. */
function ownRevision(evidence: Evidence): Revision | undefined {
  const revisions = known(evidence.revisions) ?? [];
  const labels = known(evidence.pod.labels) ?? {};
  const hash = text(labels['pod-template-hash']) ?? text(labels['controller-revision-hash']);
  return (hash && revisions.find((r) => isRevision(r, hash))) || revisions.at(-1);
}

function isRevision(revision: Revision, hash: string): boolean {
  return revision.name === hash || revision.name.endsWith(`-${hash}`);
}

function olderThan(own: Revision | undefined, evidence: Evidence): Revision[] {
  const revisions = known(evidence.revisions) ?? [];
  return own ? revisions.slice(0, revisions.indexOf(own)) : [];
}

/** Other pods of the same template are well: the template alone is not to blame. */
function servesElsewhere(own: Revision, evidence: Evidence): boolean {
  return (known(evidence.siblings) ?? []).some((s) => s.ready && s.revision !== '' && isRevision(own, s.revision));
}

/**
 * Trouble that came long after the pod was made. Two readings must agree: the first known trouble, and that so few
 * restarts cannot fill the time since, however long the pauses between them.
 */
function ranBefore(evidence: Evidence): ContextFact | undefined {
  const created = Date.parse(known(evidence.pod.createdAt) ?? '');
  const ageSeconds = (Date.parse(evidence.now) - created) / 1000;
  for (const k of casesOf(evidence)) {
    const restarts = known(k.container.restartCount) ?? 0;
    const crashingSeconds = restarts * (BACK_OFF_SECONDS + (k.livedForSeconds ?? 0));
    const trouble = k.events
      .filter((e) => e.type === 'Warning' && e.first > '1970-01-02')
      .map((e) => Date.parse(e.first));
    const troubleAfterSeconds = (Math.min(...trouble) - created) / 1000;
    const ranSeconds = Math.min(ageSeconds - crashingSeconds, troubleAfterSeconds);
    if (restarts === 0 || !(ranSeconds > RAN_WELL_SECONDS) || !Number.isFinite(ranSeconds)) continue;
    return {
      kind: 'ran-before',
      text: `${k.container.name} ran for at least ${durationWords(ranSeconds)} before its first known trouble, so its template alone is not the cause`,
      at: k.container.restartCount.at,
    };
  }
  return undefined;
}

interface Step {
  from: Revision;
  to: Revision;
  differences: string[];
}

/**
 * The step that names what the cause names; else the first step after the newest revision that still serves, for none
 * after it ever did; else the last step.
 */
function beginning(own: Revision, older: Revision[], first: Cause | undefined): Step | undefined {
  const chain = [...older, own];
  const healthy = chain.findLastIndex((r) => r !== own && r.readyReplicas > 0);
  const steps = chain
    .slice(Math.max(0, healthy) + 1)
    .map((to, i): Step => {
      const from = chain[Math.max(0, healthy) + i] ?? to;
      return { from, to, differences: templateDifference(from.template, to.template) };
    })
    .filter((step) => step.differences.length > 0);
  const names = namesIn(first);
  const telling = steps.findLast((s) => s.differences.some((d) => names.some((name) => d.includes(name))));
  return telling ?? (healthy >= 0 ? steps[0] : steps.at(-1));
}

/** What a cause is about, as a template's difference would name it. */
function namesIn(cause: Cause | undefined): string[] {
  const { container: _, ...detail } = cause?.detail ?? {};
  return Object.values(detail).filter((value) => value.length >= 4);
}

function tellBeginning({ to, differences }: Step, own: Revision): ContextFact {
  const more = differences.length - DIFFERENCES_MAX;
  const words = differences.slice(0, DIFFERENCES_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const runs = to === own ? '' : ` (this pod runs ${own.number})`;
  return {
    kind: 'began-with-revision',
    text: `began with revision ${to.number}${runs}: ${words}`,
    at: `revisions[${to.name}].template`,
  };
}

function stillServing(older: Revision[]): ContextFact[] {
  const serving = older.findLast((r) => r.readyReplicas > 0);
  if (!serving) return [];
  return [
    {
      kind: 'healthy-revision',
      text: `revision ${serving.number} still serves with ${serving.readyReplicas} ready`,
      at: `revisions[${serving.name}].status.readyReplicas`,
    },
  ];
}
