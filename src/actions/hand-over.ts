// What somebody else owns is not written: they are handed the change, as the difference of their own file where the
// object says which file that is.

import { fileDiff, manifestOf, sourcePathOf } from '../core/file-diff.ts';
import type { Plan } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { edited } from './edit.ts';

/** The plan with the difference of the owner's file instead of the fragment, where file and edits are known. */
export function withFileDiff(plan: Plan, target: KubeObject): Plan {
  const path = plan.copyOnly && sourcePathOf(target);
  if (!plan.copyOnly || !path || !plan.edits) return plan;
  const before = manifestOf(target);
  const after = edited(before, plan.edits);
  return after ? { ...plan, copyOnly: { ...plan.copyOnly, path, change: fileDiff(path, before, after) } } : plan;
}
