// Snapshot -> Report with everything we know: the one place where rules and remedies meet the engine.

import { actions } from './actions/index.ts';
import { propose } from './actions/propose.ts';
import type { ActionLimits } from './core/action.ts';
import { diagnose } from './core/diagnose.ts';
import type { Evidence } from './core/evidence.ts';
import { evidenceFrom } from './core/evidence-from.ts';
import type { Report } from './core/report.ts';
import type { Snapshot, Target } from './core/snapshot.ts';
import { rules } from './rules/index.ts';

export const DEFAULT_LIMITS: ActionLimits = { memoryFactorMax: 4, memoryBytesMax: 8 * 2 ** 30 };

export function reportOf(evidence: Evidence, limits = DEFAULT_LIMITS): Report {
  return diagnose(evidence, { rules, propose: (e, report) => propose(e, report, { rules, actions, limits }) });
}

/** Undefined when the snapshot does not hold the target. */
export function answer(
  snapshot: Snapshot,
  target: Target,
  source: string,
  limits = DEFAULT_LIMITS,
): Report | undefined {
  const evidence = evidenceFrom(snapshot, target, source);
  return evidence && reportOf(evidence, limits);
}
