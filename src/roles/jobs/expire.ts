// Job `expire`: a plan that nobody decided in time is closed. Invariant: no sooner than the plan itself says, even where the
// same change was asked for before and that plan's time is over.

import type { IncidentState } from '../../core/incident/state.ts';
import { Later } from '../../queue/errors.ts';
import type { Work } from './work.ts';

export async function expireJob(
  work: Pick<Work, 'tell' | 'now'>,
  { id, plan }: IncidentState,
  planId: string,
): Promise<void> {
  if (plan?.plan.id !== planId) return;
  const leftMs = Date.parse(plan.expiresAt) - work.now();
  if (leftMs > 0) throw new Later(leftMs);
  await work.tell(id, { type: 'expired', planId });
}
