// The life of a copy that somebody looks into: watched until it proves something, and deleted when its time is over.
// Both may run twice: what was told is not told again, and a pod is deleted by its uid.

import { setTimeout as pause } from 'node:timers/promises';
import { type DebugCopy, judgeCopy } from '../../core/copy.ts';
import type { Operation } from '../../core/incident/plans.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import type { Cluster } from '../../kube/clusters.ts';
import { removeCopy } from '../../kube/execute.ts';
import { observe } from '../../kube/recovery.ts';
import { Later } from '../../queue/errors.ts';
import { noted } from './noted.ts';
import { clusterOf, type Work } from './work.ts';

const SLICE_MS = 12_000;
const LOOK_EVERY_MS = 1_000;

interface Watching {
  state: IncidentState;
  operation: Operation;
  copy: DebugCopy;
  /** What a person does with it. */
  report: string;
}

export async function watchCopy(
  work: Work,
  cluster: Cluster,
  { state, operation, copy, report }: Watching,
  signal: AbortSignal,
): Promise<void> {
  const { intent, id: planId } = operation.plan;
  const variant = intent.variant === 'original' ? ('original' as const) : ('asleep' as const);
  const watched = { ...operation, variant, probed: intent.probed === 'true' };
  const until = performance.now() + SLICE_MS;
  for (;;) {
    const sight = await observe(cluster, { namespace: copy.namespace, pod: copy.name }, operation.appliedAt);
    const { is, words } = judgeCopy(sight, watched);
    if (is === 'told') {
      const found = variant === 'original' ? { found: words } : {};
      await noted(work, cluster, state, { reason: 'Done', words });
      return void (await work.tell(state.id, { type: 'done', planId, words: `${words} ${report}`, ...found }));
    }
    if (performance.now() > until) return void (await work.tell(state.id, { type: 'watched', seen: words }));
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** While changes are switched off nothing is deleted either: the kubelet has stopped it, and it waits for its deletion. */
const OFF_AGAIN_MS = 10 * 60_000;

export async function cleanUpJob(work: Work, state: IncidentState, planId: string): Promise<void> {
  const copy = state.copies?.find((one) => one.planId === planId);
  const cluster = clusterOf(work, state);
  if (!copy || !cluster) return;
  if (work.policy().remediation === 'off') throw new Later(OFF_AGAIN_MS);
  const removed = await removeCopy(cluster, copy);
  if (!removed.ok && removed.because === 'unreachable') throw new Error(removed.why);
  await work.tell(state.id, {
    type: 'copy-ended',
    planId,
    gone: removed.ok,
    words: removed.ok ? `The copy ${copy.name} is deleted: its time was over.` : removed.why,
  });
}
