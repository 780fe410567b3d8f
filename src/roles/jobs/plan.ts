// Job `plan`: reads the workload afresh, plans the remedy, asks the API server for permission and a dry run.

import { withBudgets } from '../../actions/budgets.ts';
import { withFileDiff } from '../../actions/hand-over.ts';
import { actions } from '../../actions/index.ts';
import { causeToCure } from '../../actions/propose.ts';
import { reportOf } from '../../answer.ts';
import type { Action, Permission } from '../../core/action.ts';
import { POD_JOIN } from '../../core/change.ts';
import { evidenceFrom } from '../../core/evidence-from.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import { POD_RESIZE } from '../../core/normalise/resizes-pods.ts';
import { isRefusal, type Plan } from '../../core/plan.ts';
import { isDenied, requirementFor, requiresOf } from '../../core/policy/requirement.ts';
import type { Choice } from '../../core/report.ts';
import type { KubeObject } from '../../core/snapshot.ts';
import type { Cluster } from '../../kube/clusters.ts';
import { collect } from '../../kube/collect.ts';
import { ClusterError } from '../../kube/errors.ts';
import { dryRun, readForPlan } from '../../kube/execute.ts';
import { readLargestNode } from '../../kube/largest-node.ts';
import { canDo } from '../../kube/permissions.ts';
import { readBudgets } from '../../kube/plan-objects.ts';
import { type Asked, factsFrom, provesAsk, sealPlan } from '../approvals.ts';
import { clusterOf, limitsOf, type Work } from './work.ts';

type Wanted = Asked & { seal?: string | undefined };

const NOT_ASKED =
  'Who asked for this plan is not proven: what was noted does not carry my seal. Press the remedy again.';

export async function planJob(work: Work, state: IncidentState, asked: Wanted, signal: AbortSignal): Promise<void> {
  if (state.phase !== 'planning' || !state.target) return;
  const action = actions.find((a) => a.id === asked.action);
  const cluster = clusterOf(work, state);
  const refuse = (sentence: string): Promise<unknown> => work.tell(state.id, { type: 'plan-refused', sentence });
  if (!action || !cluster) {
    await refuse('This remedy or its cluster is not configured any more. Diagnose again.');
    return;
  }
  if (!provesAsk(work.config.approvalKeys, state.id, asked, asked.seal)) return void (await refuse(NOT_ASKED));
  try {
    const plan = await freshPlan(work, cluster, state, action, asked.choice, signal);
    if (isRefusal(plan)) await refuse(plan.refusal);
    else await tryOut(work, cluster, state, action, plan, asked);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    await refuse(error.message);
  }
}

async function freshPlan(
  work: Work,
  cluster: Cluster,
  state: IncidentState,
  action: Action,
  choice: Choice | undefined,
  signal: AbortSignal,
): Promise<Plan | { refusal: string }> {
  const target = state.target ?? {};
  const source = state.report?.source ?? '';
  const snapshot = await collect(cluster, target, { signal, secretKeyNames: work.config.secretKeyNames });
  const evidence =
    evidenceFrom(snapshot, target, source) ?? evidenceFrom(snapshot, { ...target, pod: undefined }, source);
  if (!evidence) return { refusal: 'What was diagnosed is no longer there. Diagnose again.' };
  const largestNode = action.raisesMemory ? await readLargestNode(cluster, signal) : undefined;
  const limits = { ...limitsOf(work, cluster.alias, evidence), ...(largestNode ? { largestNode } : {}) };
  const report = reportOf(evidence, limits);
  const cause = report.causes.find((c) => c.cause === state.report?.verdict.cause) ?? causeToCure(report);
  if (!cause) return { refusal: 'Nothing is wrong with it now, so there is nothing to change. Diagnose again.' };
  return action.plan({ evidence, report, cause, limits, ...(choice ? { choice } : {}) });
}

async function tryOut(
  work: Work,
  cluster: Cluster,
  state: IncidentState,
  action: Action,
  draft: Plan,
  asked: Wanted,
): Promise<void> {
  const refuse = (sentence: string): Promise<unknown> => work.tell(state.id, { type: 'plan-refused', sentence });
  const now = await readForPlan(cluster, draft);
  const plan = action.complete?.(draft, now) ?? draft;
  if (isRefusal(plan)) return void (await refuse(plan.refusal));
  const change = action.change(plan, now);
  if (change.is === 'drift') return void (await refuse(`It changed while I planned: ${change.because}. Ask again.`));
  if (change.is === 'refused') return void (await refuse(change.because));
  const complete = withBudgets(plan, now.target, await readBudgets(cluster, plan.target.namespace));
  if (plan.copyOnly) {
    const forOwner = withFileDiff(complete, now.target);
    return void (await tellPlan(work, state, forOwner, now.target, asked, 'not tried: the change is for copying'));
  }
  for (const permission of neededFor(action, plan)) {
    const ability = await canDo(cluster, permission, plan.target.namespace);
    if (!ability.allowed)
      return void (await refuse(
        `I may not change ${permission.resource} in ${plan.target.namespace}: ${ability.why}. Apply the write role of ${roleFolder(permission)} to that namespace, or use the command in the thread.`,
      ));
  }
  const tried = await dryRun(cluster, change);
  if (!tried.ok) return void (await refuse(`The API server would refuse “${plan.title}”: ${tried.why}`));
  await tellPlan(work, state, complete, now.target, asked, 'the API server accepts it');
}

function tellPlan(
  work: Work,
  state: IncidentState,
  plan: Plan,
  target: KubeObject,
  { by: askedBy, choice, seal: askSeal }: Wanted,
  dryRun: string,
): Promise<unknown> {
  const policy = work.policy();
  const now = work.now();
  const facts = factsFrom(policy, target);
  const subject = { cluster: state.target?.cluster ?? '', plan, facts };
  const requirement = requirementFor(policy, subject, new Date(now).toISOString());
  // A plan that nobody may approve as the policy is can still be read, and its change copied.
  const seconds = isDenied(requirement) ? UNDECIDED_SECONDS : requirement.expiresAfterSeconds;
  const expiresAt = new Date(now + seconds * 1000).toISOString();
  const requires = requiresOf(requirement);
  const seal = sealPlan(work.config.approvalKeys, state, { plan, askedBy, expiresAt });
  return work.tell(state.id, {
    type: 'planned',
    plan,
    askedBy,
    askSeal,
    dryRun,
    expiresAt,
    facts,
    requires,
    seal,
    choice,
  });
}

const UNDECIDED_SECONDS = 900;

/** Where the Role that grants it is. */
function roleFolder({ resource, verbs }: Permission): string {
  if (resource === POD_RESIZE) return 'deploy/kubernetes/write/resize';
  if (resource === POD_JOIN) return 'deploy/kubernetes/write/ephemeral';
  return verbs.includes('create') ? 'deploy/kubernetes/write/debug-copy' : 'deploy/kubernetes/write';
}

/** The permissions for the objects that this very plan changes. */
function neededFor(action: Action, plan: Plan): Permission[] {
  if (plan.intent.variant === 'live') return action.permissions.filter(({ resource }) => resource === POD_JOIN);
  const kinds = [plan.target.kind, ...(plan.also ?? []).map(({ kind }) => kind)].map(
    (kind) => `${kind.toLowerCase()}s`,
  );
  const wanted = plan.inPlace ? [...kinds, POD_RESIZE] : kinds;
  return action.permissions.filter((p) => wanted.includes(p.resource) || p.verbs.includes('create'));
}
