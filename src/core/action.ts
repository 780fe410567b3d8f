// What a remedy is: a pure plan made from evidence, and a pure change made from the plan and the object as it is now.
// A plan stores references, hashes and the few values it sets, never foreign content such as env values or templates.

import { createHash } from 'node:crypto';
import type { Evidence } from './evidence.ts';
import { canonical, type JsonObject } from './json.ts';
import type { Cause, Report, Risk } from './report.ts';
import type { ActionId } from './rule.ts';
import type { KubeObject } from './snapshot.ts';

/** One Kubernetes permission an action needs; the write Role is generated from these. */
export interface Permission {
  apiGroup: string;
  resource: string;
  verbs: readonly string[];
}

/** The object that a plan changes, and how it is recognised at the moment of the write. */
export interface PlanTarget {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string;
  templateHash: string;
}

export interface Plan {
  /** sha256 over everything that makes this plan this plan; the approval names it. */
  id: string;
  action: ActionId;
  /** Button and headline: "Roll back to revision 8". */
  title: string;
  risk: Risk;
  target: PlanTarget;
  /** Container the remedy is for, "" for the whole workload. */
  container: string;
  /** References and intended values, e.g. `{ revision: '8', revisionUid, revisionHash }`, `{ from: '64Mi', to: '128Mi' }`. */
  intent: { [name: string]: string };
  /** Difference in words or lines a person reads; redacted. */
  diff: string;
  /** What will happen, in one sentence. */
  effect: string;
  /** Whom it touches: "2 replicas, rolled one by one; 0 serve now". */
  blastRadius: string;
  /** What must be seen before it counts as recovered. */
  verification: string;
  /** How to undo, in words; the undo itself is a plan. */
  undo: string;
  warnings: string[];
}

/** Why no plan is made. The sentence ends with the next step. */
export interface Refusal {
  refusal: string;
}

export interface JsonPatchOperation {
  op: 'test' | 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

/** The write itself. `patch` guards with `test` operations; `drift` voids the plan. */
export type Change =
  | { is: 'patch'; target: PlanTarget; operations: JsonPatchOperation[] }
  | { is: 'delete-pod'; namespace: string; name: string; uid: string }
  | { is: 'already-done' }
  | { is: 'drift'; because: string };

export interface PlanInput {
  evidence: Evidence;
  report: Report;
  cause: Cause;
  limits: ActionLimits;
}

/** Ceilings from configuration. */
export interface ActionLimits {
  /** Largest factor by which a memory limit may grow in one plan. */
  memoryFactorMax: number;
  /** Absolute ceiling in bytes for one container's memory limit. */
  memoryBytesMax: number;
}

export interface Action {
  id: ActionId;
  title: string;
  risk: Risk;
  permissions: readonly Permission[];
  plan: (input: PlanInput) => Plan | Refusal;
  /**
   * The write for this plan against the objects as they are now: the target, and for a rollback its revisions.
   * `template` is hashed by `templateHashOf`.
   */
  change: (plan: Plan, now: { target: KubeObject; related: KubeObject[] }) => Change;
  /** The plan that takes this one back, made before the write from the object as it was. */
  undo: (plan: Plan, before: KubeObject) => Plan | Refusal;
}

export function defineAction(action: Action): Action {
  return Object.freeze(action);
}

/** Annotation on the workload's metadata (never its template) that marks an applied plan. */
export const PLAN_ANNOTATION = 'loopbreaker.dev/plan';

export function planId(plan: Pick<Plan, 'action' | 'target' | 'container' | 'intent'>): string {
  const { action, target, container, intent } = plan;
  return createHash('sha256').update(canonical({ action, target, container, intent })).digest('hex').slice(0, 32);
}

/** Hash of a raw pod template, as stored in a plan and compared at the moment of the write. */
export function templateHashOf(template: unknown): string {
  return createHash('sha256')
    .update(canonical(stripped(template)))
    .digest('hex')
    .slice(0, 32);
}

/** Without what controllers add to a ReplicaSet's copy of the template, so that equal templates hash equally. */
function stripped(template: unknown): unknown {
  const copy = structuredClone(template) as JsonObject | undefined;
  // A ControllerRevision's copy carries a directive of the strategic merge patch.
  if (copy) delete copy.$patch;
  const metadata = copy?.metadata as JsonObject | undefined;
  if (metadata) {
    delete metadata.creationTimestamp;
    const labels = metadata.labels as JsonObject | undefined;
    if (labels) delete labels['pod-template-hash'];
  }
  return copy;
}

export function isRefusal(value: Plan | Refusal): value is Refusal {
  return 'refusal' in value;
}
