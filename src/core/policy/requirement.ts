// What a change needs before it may be written: the first rule that fits decides, and what no rule names is denied.
// Anything a rule asks for and nobody could read counts as a no.

import type { ActionLimits } from '../action.ts';
import type { ActionId, Risk } from '../action-id.ts';
import type { Plan } from '../plan.ts';
import { formatBytesLike, parseQuantity } from '../quantity.ts';
import { frozenBy } from './freeze.ts';
import { isProtected, matches } from './namespaces.ts';
import type { Approving, Policy } from './policy.ts';

/** What the policy must know of the workload; the worker reads it, and reads it again before the write. */
export interface WorkloadFacts {
  /** Only the labels that the policy asks about. */
  labels: { [name: string]: string };
  /** Pods that the change touches; null when it is not known. */
  replicas: number | null;
  /** "Argo CD application shop", …; [] when nobody else owns it. */
  managedBy: string[];
}

export interface Subject {
  cluster: string;
  plan: Pick<Plan, 'action' | 'risk' | 'intent' | 'copyOnly'> & { target: { namespace: string; name: string } };
  facts: WorkloadFacts;
}

/** Plain data: it is kept with the plan and shown to people. */
export interface Requirement {
  /** Name of the rule that decided. */
  rule: string;
  users: string[];
  groups: string[];
  minimum: number;
  requesterCounts: boolean;
  typedConfirmation: boolean;
  expiresAfterSeconds: number;
}

/** Why nobody may approve it now, with what would change that. */
export interface Denied {
  denied: string;
}

export function isDenied(value: Requirement | Denied): value is Denied {
  return 'denied' in value;
}

export function requirementFor(policy: Policy, subject: Subject, now: string): Requirement | Denied {
  const { plan, cluster, facts } = subject;
  const { namespace, name } = plan.target;
  if (policy.remediation === 'off')
    return {
      denied: `Changes are switched off (${policy.where.remediation}). Whoever runs Loopbreaker can switch them on.`,
    };
  if (plan.copyOnly)
    return {
      denied: `${plan.copyOnly.owner} owns it and would put its own version back: copy the change and make it there.`,
    };
  if (policy.own.includes(namespace))
    return {
      denied: `Namespace ${namespace} is where Loopbreaker or its Redis runs, which it never changes. Do it by hand.`,
    };
  if (policy.approve.length === 0)
    return {
      denied: `Nobody may approve yet. Whoever runs Loopbreaker can name approvers in ${policy.where.approve}.`,
    };
  const rule = policy.approve.find((one) => covers(policy, one, cluster, namespace, plan) && carries(facts, one));
  if (!rule) return { denied: noRule(policy, subject) };
  const hindered = hindrance(policy, rule, subject, now);
  if (hindered) return { denied: `${hindered} (rule “${rule.name}”)` };
  const { approvers, minimum, requesterCounts, typedConfirmation, expiresAfterSeconds } = rule;
  return {
    rule: rule.name,
    ...approvers,
    minimum,
    requesterCounts,
    typedConfirmation: typedConfirmation && name !== '',
    expiresAfterSeconds,
  };
}

/** What is kept with a plan for the people who read it. */
export interface Requires {
  /** Why nobody can approve it as it is; "" when somebody can. */
  denied: string;
  /** Name of the rule. */
  rule: string;
  minimum: number;
  requesterCounts: boolean;
  typedConfirmation: boolean;
}

export function requiresOf(requirement: Requirement | Denied): Requires {
  if (isDenied(requirement))
    return { denied: requirement.denied, rule: '', minimum: 1, requesterCounts: true, typedConfirmation: false };
  const { rule, minimum, requesterCounts, typedConfirmation } = requirement;
  return { denied: '', rule, minimum, requesterCounts, typedConfirmation };
}

/** The bounds of a plan that is still to be made: those of the first rule that fits, else those of the settings. */
export function limitsFor(
  policy: Policy,
  { cluster, namespace, labels }: { cluster: string; namespace: string; labels: { [name: string]: string } },
  otherwise: ActionLimits,
): ActionLimits {
  const plan = { action: 'raise-memory-limit' as const, risk: 'medium' as const };
  const facts = { labels, replicas: null, managedBy: [] };
  const rule = policy.approve.find((one) => covers(policy, one, cluster, namespace, plan) && carries(facts, one));
  return rule
    ? {
        memoryFactorMax: rule.ceilings.memoryFactor,
        memoryBytesMax: rule.ceilings.memoryBytes,
        writeOwned: rule.whenManaged === 'allow',
      }
    : otherwise;
}

/** Of all labels those that some rule asks about. */
export function labelsAsked(policy: Policy, labels: { [name: string]: unknown }): { [name: string]: string } {
  const asked = new Set(policy.approve.flatMap((rule) => Object.keys(rule.labels)));
  return Object.fromEntries(
    Object.entries(labels).filter(
      (pair): pair is [string, string] => asked.has(pair[0]) && typeof pair[1] === 'string',
    ),
  );
}

function covers(
  policy: Policy,
  rule: Approving,
  cluster: string,
  namespace: string,
  { action, risk }: { action: ActionId; risk: Risk },
): boolean {
  const reaches = isProtected(namespace, policy.protect)
    ? rule.namespaces.includes(namespace)
    : rule.namespaces.some((pattern) => matches(pattern, namespace));
  return (
    reaches &&
    rule.clusters.some((pattern) => matches(pattern, cluster)) &&
    (rule.actions.includes('*') || rule.actions.includes(action)) &&
    rule.risks.includes(risk)
  );
}

function carries({ labels }: WorkloadFacts, rule: Approving): boolean {
  return Object.entries(rule.labels).every(([name, value]) => labels[name] === value);
}

function noRule(policy: Policy, { cluster, plan }: Subject): string {
  const { namespace, name } = plan.target;
  const what = `${plan.action} (risk ${plan.risk}) of ${name} in ${cluster}/${namespace}`;
  const why = isProtected(namespace, policy.protect)
    ? ` ${namespace} is a protected namespace, which no wildcard reaches: a rule must give its very name.`
    : '';
  return `No rule lets anybody approve ${what}.${why} Whoever runs Loopbreaker can add one to ${policy.where.approve}.`;
}

/** Why the rule that fits says no at this moment or to this size of change. */
function hindrance(policy: Policy, rule: Approving, { plan, facts }: Subject, now: string): string | undefined {
  const frozen = frozenBy([...policy.freeze, ...rule.freeze], now);
  if (frozen) return `Changes are frozen: ${frozen}. Ask again afterwards.`;
  if (rule.whenManaged === 'refuse' && facts.managedBy.length > 0)
    return `It is managed by ${facts.managedBy.join(', ')}, which would put its own version back: change it there.`;
  const { replicas, memoryFactor, memoryBytes } = rule.ceilings;
  if (replicas !== null && (facts.replicas === null || facts.replicas > replicas))
    return `It touches ${facts.replicas ?? 'an unknown number of'} replicas, and at most ${replicas} are allowed.`;
  if (plan.action !== 'raise-memory-limit') return undefined;
  const from = parseQuantity(plan.intent.from ?? '');
  const to = parseQuantity(plan.intent.to ?? '');
  if (from === undefined || to === undefined) return 'How far the memory limit would rise could not be told.';
  // Going back to a former, lower limit is always within bounds.
  if (to > from && (to > from * memoryFactor || to > memoryBytes))
    return `A memory limit of ${plan.intent.to} is above what is allowed: ${memoryFactor} times the present one, and at most ${formatBytesLike(memoryBytes, 'Mi')}.`;
  return undefined;
}
