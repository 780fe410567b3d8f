// Which remedies are offered for an answer, and which are answered in words. What cannot help gets no button.

import { type Action, type ActionLimits, isRefusal } from '../core/action.ts';
import type { Evidence } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import type { Cause, Proposal, Report } from '../core/report.ts';
import type { ActionId, Rule } from '../core/rule.ts';

const MOST = 4;

export interface Remedies {
  rules: readonly Rule[];
  actions: readonly Action[];
  limits: ActionLimits;
}

/** Best first: what the cause's rule names, then a rollback where it began with a revision, then the word on restarts. */
export function propose(evidence: Evidence, report: Report, { rules, actions, limits }: Remedies): Proposal[] {
  const cause = report.causes[0];
  if (!cause || ['none', 'none-recovered'].includes(cause.cause)) return [];
  const rule = rules.find((r) => r.id === cause.cause);
  const wanted = (rule?.actions ?? []).filter((id) => id !== 'restart' || restartCanHelp(rule, evidence));
  const proposals = wanted.flatMap((id) => proposalFor(id, evidence, report, cause, actions, limits) ?? []);
  const best = proposals.filter((p) => p.refusal === null).slice(0, MOST);
  const refused = proposals.filter((p) => p.refusal !== null);
  const restart = wanted.includes('restart') ? [] : [restartRefusal(evidence, report, cause)];
  return [...best, ...refused, ...restart];
}

function proposalFor(
  id: ActionId,
  evidence: Evidence,
  report: Report,
  cause: Cause,
  actions: readonly Action[],
  limits: ActionLimits,
): Proposal | undefined {
  const action = actions.find((a) => a.id === id);
  if (!action) return undefined;
  const plan = action.plan({ evidence, report, cause, limits });
  const target = `${report.target.workload.kind}/${report.target.workload.name}`;
  return isRefusal(plan)
    ? { action: id, title: action.title, risk: action.risk, target, diff: '', refusal: plan.refusal }
    : { action: id, title: plan.title, risk: plan.risk, target, diff: plan.diff, refusal: null };
}

function restartCanHelp(rule: Rule | undefined, evidence: Evidence): boolean {
  return rule !== undefined && known(evidence.workload) !== undefined;
}

/** Restarting a deterministic fault only resets the back-off, and the answer says so. */
function restartRefusal(evidence: Evidence, report: Report, cause: Cause): Proposal {
  const { workload } = report.target;
  const bare = workload.kind === 'Pod' && evidence.workload.state === 'absent';
  return {
    action: 'restart',
    title: 'Restart',
    risk: 'low',
    target: `${workload.kind}/${workload.name}`,
    diff: '',
    refusal: bare
      ? `Restart will not help: ${report.target.pod} is a bare pod without a controller, and it would meet the same ${cause.cause} again.`
      : `Restart will not help: the same ${whatIsMetAgain(cause)} would be met again; it would only reset the back-off.`,
  };
}

function whatIsMetAgain(cause: Cause): string {
  if (cause.detail.variable || cause.detail.key || cause.detail.configMap || cause.detail.secret)
    return 'configuration';
  if (cause.detail.probe) return 'probe';
  if (cause.detail.image) return 'image';
  if (cause.detail.limit) return 'limit';
  if (cause.detail.host) return 'dependency';
  return 'fault';
}
