// Job `apply`: the only way from an approval to a write. Safe to run twice: the plan's mark on the workload tells what
// was done, and what is needed to undo it is noted before the write.

import { madeAnew } from '../../actions/by-hand.ts';
import { actions } from '../../actions/index.ts';
import type { Action } from '../../core/action.ts';
import { type Change, PLAN_ANNOTATION } from '../../core/change.ts';
import type { DebugCopy } from '../../core/copy.ts';
import { aimedAt } from '../../core/incident/doing.ts';
import { type SignedVote, wayBack } from '../../core/incident/plans.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import { at } from '../../core/json.ts';
import { nameOf, uidOf } from '../../core/normalise/look.ts';
import { isRefusal, type Plan } from '../../core/plan.ts';
import { nameFor } from '../../core/policy/impersonate.ts';
import type { KubeObject } from '../../core/snapshot.ts';
import { specHash, templateHash } from '../../core/template-hash.ts';
import { steadySecondsFor } from '../../core/verify.ts';
import { type Cluster, inNameOf } from '../../kube/clusters.ts';
import { ClusterError } from '../../kube/errors.ts';
import { type Applied, dryRun, readForPlan, write } from '../../kube/execute.ts';
import { Later } from '../../queue/errors.ts';
import { provesPlan, sealPlan, whyNotApproved } from '../approvals.ts';
import { clusterOf, type Work } from './work.ts';

export async function applyJob(work: Work, state: IncidentState, planId: string): Promise<void> {
  const plan = state.plan?.plan;
  if (state.phase !== 'applying' || plan?.id !== planId || state.approval?.planId !== planId) return;
  const notDone = (sentence: string, drift = false): Promise<unknown> =>
    work.tell(state.id, { type: 'not-applied', planId, sentence, ...(drift ? { drift } : {}) });
  const action = actions.find((a) => a.id === plan.action);
  const cluster = clusterOf(work, state);
  if (!action || !cluster)
    return void (await notDone(
      'This remedy or its cluster is not configured any more. Nothing was written; diagnose again.',
    ));
  const [lock, holder] = [`apply/${cluster.alias}/${plan.target.uid}`, `${state.id}/${planId}`];
  if (!(await work.incidents.claim(lock, holder, LOCK_MS))) throw new Later(LOCKED_AGAIN_MS);
  try {
    const unwritten = await carryOut(work, cluster, state, action, plan);
    if (typeof unwritten === 'string') await notDone(unwritten);
    else if (unwritten) await notDone(outOfDate(state, unwritten.drift), true);
  } catch (error) {
    // Whatever was read or answered may be tried again: the mark on the workload tells what was done.
    if (
      error instanceof ClusterError &&
      ['forbidden', 'refused', 'not-found', 'unauthorised'].includes(error.failure.kind)
    )
      return void (await notDone(`${error.message} Nothing was written.`));
    throw error;
  } finally {
    // Where Redis is away by now, it ends by itself.
    await work.incidents.release(lock, holder).catch(() => false);
  }
}

/** One change of a workload at a time, whichever incident asks for it; longer than the job may take. */
const LOCK_MS = 90_000;
const LOCKED_AGAIN_MS = 500;

/** Of a workload that somebody has changed since. */
function outOfDate({ plan, writing }: IncidentState, because: string): string {
  const nothing = `Nothing ${writing ? 'more ' : ''}was written`;
  return plan?.undoes
    ? `It was changed since: ${because}. ${nothing}, for that would undo their change as well; diagnose again.`
    : `This plan is out of date: ${because}. ${nothing}; I am planning again.`;
}

type Hashes = Pick<Applied, 'templateHash' | 'specHash'>;

/** A sentence when nothing was written, or what has changed since the plan was made. */
async function carryOut(
  work: Work,
  cluster: Cluster,
  state: IncidentState,
  action: Action,
  plan: Plan,
): Promise<string | { drift: string } | undefined> {
  const now = await readForPlan(cluster, plan);
  const change = action.change(plan, now);
  if (change.is === 'drift') return { drift: change.because };
  if (change.is === 'refused')
    return `“${plan.title}” cannot be written now: ${change.because} Nothing ${state.writing ? 'more ' : ''}was written; diagnose again.`;
  let noted = state;
  let asWritten: Hashes | undefined;
  // What was written already is not judged again: whoever watches must learn of it.
  if (change.is !== 'already-done') {
    const held = { keys: work.config.approvalKeys, policy: work.policy() };
    const refusal = whyNotApproved(held, state, now.target, new Date(work.now()).toISOString());
    if (refusal) return `${refusal} Nothing ${state.writing ? 'more ' : ''}was written.`;
    const name = nameFor(held.policy, lastVote(state)?.by ?? '');
    if (name && 'refusal' in name) return `${name.refusal} Nothing was written.`;
    noted = await noteUndo(work, state, action, plan, now.target);
    const done = await writeOnce(work, inNameOf(cluster, name), state, plan, change);
    if (typeof done === 'string' || 'drift' in done) return done;
    asWritten = done.written;
  }
  const after = await readForPlan(cluster, plan);
  const copy = copyMade(plan, after.related);
  // Somebody may have written since: what the write itself was answered is believed first.
  const hash = asWritten?.templateHash ?? templateHash(after.target) ?? '';
  await work.tell(state.id, {
    type: 'applied',
    planId: plan.id,
    templateHash: hash,
    specHash: asWritten?.specHash ?? specHash(after.target) ?? '',
    undoSeal: sealOfUndo(work, noted, hash),
    steadySeconds: steadySecondsFor(state.report?.status.livedForSeconds ?? null, work.config.steadySeconds),
    ...(copy ? { copy } : {}),
  });
  return undefined;
}

/** The undo as it was noted before the write, for the object as the write left it. */
function sealOfUndo({ config }: Work, state: IncidentState, hash: string): string | undefined {
  const { undo = null, undoSeal } = state.writing ?? {};
  if (!undo || !provesPlan(config.approvalKeys, state, { ...wayBack(undo), seal: undoSeal })) return undefined;
  return sealPlan(config.approvalKeys, state, wayBack(aimedAt(undo, hash)));
}

/** By the time that is sealed: in which order approvals stand in Redis proves nothing. */
function lastVote({ plan }: IncidentState): SignedVote | undefined {
  const votes = plan?.approvals.flatMap(({ signed }) => signed ?? []) ?? [];
  return votes.sort((a, b) => a.at.localeCompare(b.at)).at(-1);
}

/** The pod that a plan made, known by the plan's mark. */
function copyMade({ id, target }: Plan, related: KubeObject[]): DebugCopy | undefined {
  const made = related.find((o) => o.kind === 'Pod' && at(o.metadata, 'annotations', PLAN_ANNOTATION) === id);
  return made && { planId: id, namespace: target.namespace, name: nameOf(made), uid: uidOf(made) };
}

async function noteUndo(
  work: Work,
  state: IncidentState,
  action: Action,
  plan: Plan,
  before: KubeObject,
): Promise<IncidentState> {
  const undo = action.undo(plan, before);
  const how = isRefusal(undo)
    ? { undo: null, undoRefusal: undo.refusal }
    : { undo, undoRefusal: '', undoSeal: sealPlan(work.config.approvalKeys, state, wayBack(undo)) };
  return work.tell(state.id, { type: 'writing', planId: plan.id, ...how });
}

async function writeOnce(
  { now }: Work,
  cluster: Cluster,
  state: IncidentState,
  plan: Plan,
  change: Change,
): Promise<string | { drift: string } | { written: Hashes | undefined }> {
  const tried = await dryRun(cluster, change);
  if (!tried.ok) {
    if (tried.because === 'unreachable')
      throw new ClusterError(tried.why, { kind: 'unreachable', code: 0, reason: '', message: '' });
    if (tried.because === 'drift') return { drift: tried.why.replace(/\.$/, '') };
    return `The API server refuses “${plan.title}” now: ${tried.why} Nothing was written; ask for the plan again once that is mended.`;
  }
  const last = lastVote(state);
  if (!last) return 'There is no approval. Nothing was written.';
  const written = await write(cluster, {
    plan,
    approval: { planId: plan.id, by: last.by, at: last.at },
    change,
    nowMs: now(),
  });
  if (written.ok) return { written: written.result?.uid === plan.target.uid ? written.result : undefined };
  if (written.because === 'unknown' || written.because === 'unreachable') {
    // The answer was lost: the next attempt looks for the plan's mark before it writes again.
    throw new ClusterError(written.why, { kind: 'unreachable', code: 0, reason: '', message: '' });
  }
  if (written.because === 'drift' && !written.done) return { drift: written.why.replace(/\.$/, '') };
  const rest = written.done && plan.inPlace ? madeAnew(plan) : 'Diagnose again to see how it stands.';
  return `“${plan.title}” was not done: ${written.why} ${rest}`;
}
