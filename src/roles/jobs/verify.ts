// Job `verify`: watches the new pods in short slices until they are steady or plainly not. Looking twice does no harm.

import { setTimeout as pause } from 'node:timers/promises';
import { madeAnew } from '../../actions/by-hand.ts';
import { actions } from '../../actions/index.ts';
import type { Operation } from '../../core/incident/plans.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import type { Plan } from '../../core/plan.ts';
import type { Report } from '../../core/report.ts';
import { atLast, type Judged, judge, type Sight, saysAgain } from '../../core/verify.ts';
import type { Cluster } from '../../kube/clusters.ts';
import { collect } from '../../kube/collect.ts';
import { observe } from '../../kube/recovery.ts';
import { wantedLimits } from '../../kube/resized.ts';
import { watchCopy } from './copy.ts';
import { noted } from './noted.ts';
import { clusterOf, type Work } from './work.ts';

const SLICE_MS = 12_000;
const LOOK_EVERY_MS = 1_000;
/** Only what a program says lately counts: a first try that was refused is no failure once it runs. */
const LAST_LINES = 20;

export async function verifyJob(work: Work, state: IncidentState, planId: string, signal: AbortSignal): Promise<void> {
  const { operation } = state;
  if (state.phase !== 'verifying' || operation?.plan.id !== planId) return;
  const action = actions.find(({ id }) => id === operation.plan.action);
  const cluster = clusterOf(work, state);
  if (action?.heals === false) {
    const report = action.report?.(operation.plan) ?? 'Done.';
    const copy = state.copies?.find((one) => one.planId === planId);
    if (copy && cluster) return watchCopy(work, cluster, { state, operation, copy, report }, signal);
    await noted(work, cluster, state, { reason: 'Done', words: report });
    return void (await work.tell(state.id, { type: 'done', planId, words: report }));
  }
  if (!cluster)
    return void (await work.tell(state.id, {
      type: 'verified',
      recovered: false,
      words: 'Its cluster is not configured any more, so nobody watched.',
    }));
  await watch(work, cluster, state, operation, signal);
}

async function watch(
  work: Work,
  cluster: Cluster,
  state: IncidentState,
  operation: Operation,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, kind, name } = operation.plan.target;
  const wanted = wantedLimits(operation.plan);
  const watched = { ...operation, earlierRunSeconds: state.report?.status.livedForSeconds ?? null };
  const place = { namespace, workload: { kind, name } };
  const keepsTemplate = wanted !== undefined || onlyDeletes(operation.plan);
  const until = performance.now() + SLICE_MS;
  for (;;) {
    const sight = await observe(cluster, place, operation.appliedAt, wanted, keepsTemplate);
    const judged = atLast(await heard(cluster, state, sight, judge(sight, watched), signal), sight, watched);
    if (judged.is !== 'waiting') {
      const recovered = judged.is === 'recovered';
      await noted(work, cluster, state, { reason: recovered ? 'Recovered' : 'NotRecovered', words: judged.words });
      const words = recovered ? judged.words : judged.words + afterResize(operation.plan);
      return void (await work.tell(state.id, { type: 'verified', recovered, words }));
    }
    // A changed sight is told at once, an unchanged one at the end of the slice.
    if (withoutSeconds(judged.words) !== withoutSeconds(operation.seen) || performance.now() > until) {
      return void (await work.tell(state.id, { type: 'watched', seen: judged.words }));
    }
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** One pod made anew from the template as it is. */
const onlyDeletes = ({ action, also }: Plan): boolean =>
  action === 'move-off-node' || (action === 'restart' && also !== undefined);

/** The kubelet may say that a resize is done and leave the pod's own limit as it was. */
const afterResize = (plan: Plan): string =>
  plan.inPlace ? ` The resize may not have reached its pod. ${madeAnew(plan)}` : '';

/** Nothing counts as recovered whose newest words are still those that named the cause. */
async function heard(
  cluster: Cluster,
  state: IncidentState,
  sight: Sight,
  judged: Judged,
  signal: AbortSignal,
): Promise<Judged> {
  const proof = accusation(state.report);
  const plan = state.operation?.plan;
  if (judged.is !== 'recovered' || !proof || !plan) return judged;
  const { namespace, kind, name } = plan.target;
  const { logs } = await collect(cluster, { namespace, workload: { kind, name } }, { signal });
  const container = state.report?.verdict.container;
  const again = logs.some(
    (log) =>
      log.run === 'current' &&
      log.container === container &&
      saysAgain(proof, log.text.trimEnd().split('\n').slice(-LAST_LINES).join('\n')),
  );
  if (!again) return judged;
  const words = `Ready ${sight.desired} of ${sight.desired}, but it says the same again: ${proof.slice(0, 160)}`;
  return { is: 'waiting', words };
}

/**
 * The words that name the cause, where words do. Lines that only go with another proof are often those of a healthy start:
 * "listening on 8080" is said again by every cure.
 */
export function accusation(report: Report | null): string | undefined {
  const [decisive] = report?.causes[0]?.evidence ?? [];
  return decisive?.source === 'log' ? decisive.text : undefined;
}

function withoutSeconds(words: string): string {
  return words.replace(/ for \d+ s$/, '');
}
