// Job `verify`: watches the new pods in short slices until they are steady or plainly not. Looking twice does no harm.

import { setTimeout as pause } from 'node:timers/promises';
import type { IncidentState } from '../../core/incident/state.ts';
import { judge } from '../../core/verify.ts';
import { observe } from '../../kube/recovery.ts';
import { clusterOf, type Work } from './work.ts';

const SLICE_MS = 12_000;
const LOOK_EVERY_MS = 1_000;

export async function verifyJob(work: Work, state: IncidentState, planId: string, signal: AbortSignal): Promise<void> {
  const { operation } = state;
  if (state.phase !== 'verifying' || operation?.plan.id !== planId) return;
  const cluster = clusterOf(work, state);
  if (!cluster)
    return void (await work.tell(state.id, {
      type: 'verified',
      recovered: false,
      words: 'Its cluster is not configured any more, so nobody watched.',
    }));
  const { namespace, kind, name } = operation.plan.target;
  const until = Date.now() + SLICE_MS;
  for (;;) {
    const sight = await observe(cluster, { namespace, workload: { kind, name } }, operation.appliedAt);
    const judged = judge(sight, operation);
    if (judged.is !== 'waiting')
      return void (await work.tell(state.id, {
        type: 'verified',
        recovered: judged.is === 'recovered',
        words: judged.words,
      }));
    // A changed sight is told at once, an unchanged one at the end of the slice.
    if (withoutSeconds(judged.words) !== withoutSeconds(operation.seen) || Date.now() > until) {
      return void (await work.tell(state.id, { type: 'watched', seen: judged.words }));
    }
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

function withoutSeconds(words: string): string {
  return words.replace(/ for \d+ s$/, '');
}
