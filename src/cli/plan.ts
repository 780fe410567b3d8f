// `loopbreaker plan`: the remedies of a diagnosis with their choices, or the plan of one of them, as an approver reads it.
// Invariant: it only reads; whatever is written was approved in Slack.

import { withBudgets } from '../actions/budgets.ts';
import { actions } from '../actions/index.ts';
import { causeToCure } from '../actions/propose.ts';
import { DEFAULT_LIMITS, reportOf } from '../answer.ts';
import type { ActionLimits } from '../core/action.ts';
import type { Evidence } from '../core/evidence.ts';
import { evidenceFrom } from '../core/evidence-from.ts';
import { isRefusal, type Plan, type Refusal } from '../core/plan.ts';
import { type Report, SCHEMA_VERSION } from '../core/report.ts';
import { whyNotTyped } from '../core/typed-value.ts';
import type { Cluster } from '../kube/clusters.ts';
import { type DiagnoseOptions, targetOf } from './diagnose.ts';
import { complain, type ExitCode, json, out } from './output.ts';
import { planText, waysText } from './plan-text.ts';
import { type Chosen, chosenFrom, waysOf } from './plan-ways.ts';
import { readRecording, UnreadableRecording } from './recording.ts';

export interface PlanOptions extends Omit<DiagnoseOptions, 'recording'> {
  recording?: string;
  action?: string;
  /** "revision=6" */
  choice: string[];
}

export async function planCommand(subject: string | undefined, options: PlanOptions): Promise<ExitCode> {
  if (options.choice.length > 0 && options.action === undefined) {
    complain('A choice is one of an action: add --action ID.');
    return 2;
  }
  const { recording: dir, ...rest } = options;
  if (dir === undefined) return planLive(subject, rest);
  try {
    const evidence = evidenceFrom(readRecording(dir), targetOf(subject, rest), dir);
    if (evidence) return await show(evidence, options, DEFAULT_LIMITS, async (plan) => plan);
    complain(`The recording ${dir} holds no such pod or workload. Leave the name out for its most broken one.`);
  } catch (error) {
    if (!(error instanceof UnreadableRecording)) throw error;
    complain(error.message);
  }
  return 1;
}

async function planLive(subject: string | undefined, options: Omit<PlanOptions, 'recording'>): Promise<ExitCode> {
  const { inCluster, meant } = await import('./live.ts');
  const { collect } = await import('../kube/collect.ts');
  return inCluster(options, async (cluster) => {
    const target = await meant(cluster, subject, options);
    if (!target) return 1;
    const source = subject ?? `${target.namespace}/`;
    const evidence = evidenceFrom(await collect(cluster, target), target, source);
    if (evidence) return show(evidence, options, await limitsIn(cluster), (plan) => completed(cluster, plan));
    complain(`${target.namespace}/${target.pod ?? target.workload?.name} went away while I read it. Ask again.`);
    return 1;
  });
}

async function limitsIn(cluster: Cluster): Promise<ActionLimits> {
  const { readLargestNode } = await import('../kube/largest-node.ts');
  const largestNode = await readLargestNode(cluster);
  return { ...DEFAULT_LIMITS, ...(largestNode ? { largestNode } : {}) };
}

/** With what only the objects as they are now can tell. */
async function completed(cluster: Cluster, draft: Plan): Promise<Plan | Refusal> {
  const { readBudgets, readForPlan } = await import('../kube/plan-objects.ts');
  const now = await readForPlan(cluster, draft);
  const plan = actions.find(({ id }) => id === draft.action)?.complete?.(draft, now) ?? draft;
  return isRefusal(plan) ? plan : withBudgets(plan, now.target, await readBudgets(cluster, plan.target.namespace));
}

async function show(
  evidence: Evidence,
  { action, choice, json: asJson }: Pick<PlanOptions, 'action' | 'choice' | 'json'>,
  limits: ActionLimits,
  complete: (plan: Plan) => Promise<Plan | Refusal>,
): Promise<ExitCode> {
  const report = reportOf(evidence);
  const ways = waysOf(report);
  const document = { schemaVersion: SCHEMA_VERSION, source: report.source, target: report.target };
  if (action === undefined) {
    if (asJson) json({ ...document, ways });
    else out(waysText(report, ways));
    return 0;
  }
  const chosen = chosenFrom(ways, action, choice);
  if ('wrong' in chosen) {
    complain(chosen.wrong);
    return 2;
  }
  const draft = planOf(evidence, report, limits, chosen);
  const plan = isRefusal(draft) ? draft : await complete(draft);
  const others = ways.filter((way) => way.action === action && way !== chosen.way && way.refusal === null);
  if (asJson)
    json({ ...document, plan: isRefusal(plan) ? null : plan, refusal: isRefusal(plan) ? plan.refusal : null, others });
  else if (!isRefusal(plan)) out(planText(plan, others));
  else out(`${plan.refusal}\n${others.length > 0 ? `\n${waysText(report, others)}` : ''}`);
  return 0;
}

function planOf(
  evidence: Evidence,
  report: Report,
  limits: ActionLimits,
  { way, choice }: Exclude<Chosen, { wrong: string }>,
): Plan | Refusal {
  const cause = causeToCure(report);
  const action = actions.find(({ id }) => id === way.action);
  const refusal = way.refusal ?? (way.asks ? whyNotTyped(way.asks, choice.value ?? '') : undefined);
  if (refusal) return { refusal };
  if (!cause || !action) return { refusal: 'Nothing is wrong with it now, so there is nothing to change.' };
  const chosen = Object.keys(choice).length > 0 ? { choice } : {};
  return action.plan({ evidence, report, cause, limits, ...chosen });
}
