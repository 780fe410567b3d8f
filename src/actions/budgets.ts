// Whether a disruption budget of the namespace guards the pods that a plan replaces.

import { at, number, object, objects } from '../core/json.ts';
import { nameOf } from '../core/normalise/look.ts';
import type { Plan } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { podTemplateOf } from '../core/template-hash.ts';

/** Adds the budgets that match to the blast radius; says so where they could not be read. */
export function withBudgets(plan: Plan, target: KubeObject, budgets: KubeObject[] | undefined): Plan {
  if (!budgets) return { ...plan, blastRadius: `${plan.blastRadius}; disruption budgets could not be read` };
  const labels = object(at(podTemplateOf(target), 'metadata', 'labels'));
  const words = budgets
    .filter((budget) => selects(object(at(budget, 'spec', 'selector')), labels))
    .map((budget) => {
      const allowed = number(at(budget, 'status', 'disruptionsAllowed')) ?? 0;
      return `; PodDisruptionBudget ${nameOf(budget)} allows ${allowed} to be down`;
    });
  return words.length > 0 ? { ...plan, blastRadius: plan.blastRadius + words.join('') } : plan;
}

/** Expressions are not judged: a budget that uses them is named rather than left out. */
function selects(selector: { [key: string]: unknown }, labels: { [key: string]: unknown }): boolean {
  const wanted = Object.entries(object(selector.matchLabels));
  const expressions = objects(selector.matchExpressions);
  return (wanted.length > 0 || expressions.length > 0) && wanted.every(([key, value]) => labels[key] === value);
}
