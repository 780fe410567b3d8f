// Which remedies are offered for an answer, and which are answered in words. What cannot help gets no button.

import type { Action, ActionLimits, PlanInput } from '../core/action.ts';
import type { ActionId } from '../core/action-id.ts';
import type { Evidence } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import { isRefusal, type Plan, type Refusal } from '../core/plan.ts';
import type { Cause, Proposal, Report } from '../core/report.ts';
import type { Rule } from '../core/rule.ts';

const MOST = 4;
const MOST_WAYS = 8;
/** So many pods of one CronJob in trouble are a storm. */
const STORM_PODS = 2;

export interface Remedies {
  rules: readonly Rule[];
  actions: readonly Action[];
  limits: ActionLimits;
}

/** Best first: what the cause's rule names, then what its kind allows, then the word on restarts. */
export function propose(evidence: Evidence, report: Report, { rules, actions, limits }: Remedies): Proposal[] {
  const cause = causeToCure(report);
  if (!cause) return [];
  const rule = rules.find((r) => r.id === cause.cause);
  const notYet = stillDown(evidence, cause);
  const wanted = wantedFor(evidence, report, cause, rule).filter((id) => id !== 'restart' || !notYet);
  const proposals = wanted.flatMap((id) => proposalFor(id, evidence, report, cause, actions, limits) ?? []);
  const best = proposals.filter((p) => p.refusal === null).slice(0, MOST);
  const refused = proposals.filter((p) => p.refusal !== null);
  // What a start would meet, nobody knows who does not know the cause and saw no other start.
  const unsure = cause.cause === 'unknown' && !report.status.restarts;
  const restart = wanted.includes('restart') || unsure ? [] : [restartRefusal(evidence, report, cause, notYet)];
  return [...best, ...refused, ...restart];
}

/** What a remedy is for: the first cause, or the not knowing itself; undefined when nothing is wrong. */
export function causeToCure({ causes, verdict, status }: Report): Cause | undefined {
  if (verdict.cause === 'none' || verdict.cause === 'none-recovered' || status.state === 'recovered') return undefined;
  const { cause, container, containerKind, summary } = verdict;
  return (
    causes[0] ?? {
      cause,
      grade: 'possible',
      container,
      containerKind,
      summary,
      evidence: [],
      mechanisms: [],
      detail: {},
    }
  );
}

function wantedFor(evidence: Evidence, report: Report, cause: Cause, rule: Rule | undefined): ActionId[] {
  const wanted = new Set<ActionId>(rule?.actions ?? []);
  const troubled = (known(evidence.siblings) ?? []).filter((pod) => pod.trouble !== '').length + 1;
  if (report.target.workload.kind === 'CronJob' && troubled >= STORM_PODS) wanted.add('suspend');
  // Where nobody knows for certain, looking inside is the next step; where there is no container, there is no inside.
  if (cause.container && (report.verdict.grade === 'unknown' || report.verdict.grade === 'possible'))
    wanted.add('debug-copy');
  return [...wanted];
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
  const input = { evidence, report, cause, limits };
  const plan = action.plan(input);
  const target = `${report.target.workload.kind}/${report.target.workload.name}`;
  const choices = otherWays(action, input, plan);
  const asks = action.asks?.(input);
  const more = { ...(choices.length > 0 ? { choices } : {}), ...(asks ? { asks } : {}) };
  if (isRefusal(plan))
    return { action: id, title: action.title, risk: action.risk, target, diff: '', refusal: plan.refusal, ...more };
  const { title, risk, diff, copyOnly } = plan;
  return { action: id, title, risk, target, diff, refusal: null, ...(copyOnly ? { copyOnly } : {}), ...more };
}

/** Each is tried now, so that no button leads to a refusal that was known before. */
function otherWays(action: Action, input: PlanInput, first: Plan | Refusal): NonNullable<Proposal['choices']> {
  return (action.choices?.(input) ?? [])
    .flatMap((choice) => {
      const plan = action.plan({ ...input, choice });
      const another = !isRefusal(plan) && (isRefusal(first) || plan.id !== first.id);
      return another ? [{ title: plan.title, choice }] : [];
    })
    .slice(0, MOST_WAYS);
}

/** The Service that the cause names has nobody behind it: a new start would be refused like the last one. */
function stillDown(evidence: Evidence, cause: Cause): string {
  const [name, namespace = evidence.namespace] = (cause.detail.host ?? '').split('.');
  const service = (known(evidence.services) ?? []).find((s) => s.name === name && s.namespace === namespace);
  return service?.readyEndpoints === 0 ? service.name : '';
}

/** Restarting a deterministic fault only resets the back-off, and the answer says so. */
function restartRefusal(evidence: Evidence, report: Report, cause: Cause, notYet: string): Proposal {
  const { workload } = report.target;
  return {
    action: 'restart',
    title: 'Restart',
    risk: 'low',
    target: `${workload.kind}/${workload.name}`,
    diff: '',
    refusal: `Restart will not help${notYet ? ' yet' : ''}: ${whyNot(evidence, report, cause, notYet)}`,
  };
}

function whyNot(evidence: Evidence, report: Report, cause: Cause, notYet: string): string {
  const { workload, pod } = report.target;
  if (workload.kind === 'Pod' && evidence.workload.state === 'absent')
    return `${pod} is a bare pod without a controller, and it would ${cause.cause === 'unknown' ? 'end the same way' : `meet the same ${cause.cause}`} again.`;
  if (notYet) return `Service ${notYet} has no ready endpoint. Once it has, the next start of this pod finds it.`;
  if (cause.cause === 'unknown') return 'it was restarted already, and ended the same way.';
  const backsOff = ['crash looping', 'cannot start', 'image cannot be pulled', 'unread'].includes(report.status.state);
  return `${metAgain(cause)}${backsOff ? '; it would only reset the back-off' : ''}.`;
}

/** What a new start would find as it was. */
function metAgain({ cause, detail }: Cause): string {
  if (cause === 'application-error')
    return 'the same fault, in the program or in the data it was given, would come up again';
  if (detail.variable || detail.key || detail.configMap || detail.secret)
    return 'the same configuration would be read again';
  if (detail.probe) return 'the same probe would ask again';
  if (detail.image) return 'the same image would be started again';
  if (detail.limit) return 'the same limit would hold again';
  if (detail.host) return 'the same dependency would be asked again';
  return 'the same fault would come up again';
}
