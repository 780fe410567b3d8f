// Remedies planned, approved and written on a recorded cluster, as the worker's jobs do it.
import { expect } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { causeToCure } from '../../src/actions/propose.ts';
import { DEFAULT_LIMITS, reportOf } from '../../src/answer.ts';
import type { ActionLimits } from '../../src/core/action.ts';
import type { ActionId } from '../../src/core/action-id.ts';
import type { Change } from '../../src/core/change.ts';
import { evidenceFrom } from '../../src/core/evidence-from.ts';
import { isRefusal, type Plan } from '../../src/core/plan.ts';
import type { KubeObject } from '../../src/core/snapshot.ts';
import { judge } from '../../src/core/verify.ts';
import { demoAccess } from '../../src/demo/recordings.ts';
import type { Cluster } from '../../src/kube/clusters.ts';
import { collect } from '../../src/kube/collect.ts';
import { dryRun, readForPlan, type Written, write } from '../../src/kube/execute.ts';
import { deployments, statefulSets } from '../../src/kube/kinds.ts';
import { sendObject } from '../../src/kube/objects.ts';
import { observe } from '../../src/kube/recovery.ts';
import { type RecordedCluster, recordedCluster } from './cluster.ts';

export interface Place {
  namespace: string;
  workload: { kind: string; name: string };
}
export interface Wish {
  limits?: Partial<ActionLimits>;
  choice?: { [name: string]: string };
}

export const place = (namespace: string, kind: string, name: string): Place => ({
  namespace,
  workload: { kind, name },
});
export const actionOf = (id: ActionId) => actions.find((action) => action.id === id)!;
export const approval = (plan: Plan) => ({ planId: plan.id, by: 'U1', at: new Date().toISOString(), signed: null });

export async function open(recording: string): Promise<{ double: RecordedCluster; worker: Cluster; admin: Cluster }> {
  const double = await recordedCluster([recording], { access: { worker: demoAccess() }, clockSpeed: 50 });
  return { double, worker: double.open({ context: 'worker' }), admin: double.open({ context: 'admin' }) };
}

export async function look(cluster: Cluster, target: Place) {
  const evidence = evidenceFrom(await collect(cluster, target), target, 'test')!;
  return { evidence, report: reportOf(evidence) };
}

export async function plan(
  cluster: Cluster,
  target: Place,
  id: ActionId,
  { limits, choice }: Wish = {},
): Promise<Plan> {
  const { evidence, report } = await look(cluster, target);
  const cause = causeToCure(report)!;
  const draft = actionOf(id).plan({ evidence, report, cause, limits: { ...DEFAULT_LIMITS, ...limits }, choice });
  if (isRefusal(draft)) throw new Error(draft.refusal);
  const complete = actionOf(id).complete?.(draft, await readForPlan(cluster, draft)) ?? draft;
  if (isRefusal(complete)) throw new Error(complete.refusal);
  return complete;
}

export const changeNow = async (cluster: Cluster, made: Plan): Promise<Change> =>
  actionOf(made.action).change(made, await readForPlan(cluster, made));

export async function carryOut(cluster: Cluster, made: Plan): Promise<Written> {
  const change = await changeNow(cluster, made);
  expect(await dryRun(cluster, change)).toMatchObject({ ok: true });
  return write(cluster, { plan: made, approval: approval(made), change });
}

/** The undo as it is approved later: aimed at what the write left behind. */
export async function undoOf(cluster: Cluster, made: Plan, before: KubeObject): Promise<Plan> {
  const undo = actionOf(made.action).undo(made, before);
  if (isRefusal(undo)) throw new Error(undo.refusal);
  const { report } = await look(cluster, place(made.target.namespace, made.target.kind, made.target.name));
  expect(report.target.workload.name).toBe(made.target.name);
  const seen = await observe(cluster, place(made.target.namespace, made.target.kind, made.target.name), '');
  return { ...undo, target: { ...undo.target, templateHash: seen.templateHash } };
}

/** Runs of the recordings that crash live for two seconds at most, by a status that is written in whole seconds. */
const STEADY_SECONDS = 6;
/** No expectation, only the end of a test that would never end. */
const MOST_LOOKS = 4_000;

/** Watches until it is judged. */
export async function outcome(cluster: Cluster, target: Place, appliedAt: string): Promise<string> {
  for (let left = MOST_LOOKS; left > 0; left--) {
    const judged = judge(await observe(cluster, target, appliedAt), { appliedAt, steadySeconds: STEADY_SECONDS });
    if (judged.is !== 'waiting') return judged.is;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return 'waiting';
}

export const patchAs = (cluster: Cluster, { namespace, workload }: Place, body: object) =>
  sendObject(cluster, {
    verb: 'patch',
    resource: workload.kind === 'StatefulSet' ? statefulSets : deployments,
    namespace,
    name: workload.name,
    contentType: 'application/strategic-merge-patch+json',
    body,
  });

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let left = MOST_LOOKS; left > 0; left--) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('never seen');
}
