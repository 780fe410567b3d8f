// What a remedy is: a pure plan made from evidence, and a pure change made from the plan and the object as it is now.
// A plan stores references, hashes and the few values it sets, never foreign content such as env values or templates.

import { createHash } from 'node:crypto';
import type { Evidence } from './evidence.ts';
import { at, canonical, isObject, type Json, type JsonObject } from './json.ts';
import type { Cause, Choice, Question, Report, Risk } from './report.ts';
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

/**
 * One field of a pod template that a plan sets. `at` goes down from the template's spec; a step `name=api` chooses the
 * item of a list that has this field. `from` missing: it is not there; `to` missing: it is taken away. With `word`, one
 * word of the text (or list of texts) at that place is changed, and the rest of it is never part of the plan.
 */
export interface Edit {
  at: string[];
  from?: Json;
  to?: Json;
  word?: { from: string; to: string };
}

/** An object of the namespace that is read for the change, or every object of a kind. */
export interface Need {
  kind: string;
  name?: string;
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
  /** Fields of the template that are set. */
  edits?: Edit[];
  /**
   * Other objects that the plan changes or deletes: a stuck pod, a ConfigMap. A pod without uid is the one of that name
   * that still runs another template when the plan is carried out; only an undo has such.
   */
  also?: PlanTarget[];
  /** What is read, besides the target and its revisions, to make the change. */
  reads?: Need[];
  /**
   * Somebody else owns the target and would put their version back: the change is for copying, not for writing. With
   * `path`, the change is a unified diff of that file in their repository.
   */
  copyOnly?: { owner: string; change: string; path?: string };
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

/** One effect on the cluster; each is guarded and may be tried again. */
export type ChangeStep =
  | { is: 'patch'; target: PlanTarget; operations: JsonPatchOperation[] }
  | { is: 'delete-pod'; namespace: string; name: string; uid: string }
  | { is: 'create-pod'; namespace: string; name: string; pod: KubeObject };

/**
 * The write itself, as far as it is not done yet. `steps` are carried out in order. `drift` voids the plan; `refused`
 * says in words why the object as it is cannot be changed so.
 */
export type Change =
  | ChangeStep
  | { is: 'steps'; steps: ChangeStep[] }
  | { is: 'already-done' }
  | { is: 'drift'; because: string }
  | { is: 'refused'; because: string };

/** The effects of a change in order; [] when there is nothing to do. */
export function stepsOf(change: Change): ChangeStep[] {
  switch (change.is) {
    case 'steps':
      return change.steps;
    case 'patch':
    case 'delete-pod':
    case 'create-pod':
      return [change];
    default:
      return [];
  }
}

/** What a change is made from: the target as it is now, its revisions, and what the plan reads besides. */
export interface Now {
  target: KubeObject;
  related: KubeObject[];
}

export interface PlanInput {
  evidence: Evidence;
  report: Report;
  cause: Cause;
  limits: ActionLimits;
  /** What a person chose: `revision`, `variant`, `how`, and the `value` that they typed. */
  choice?: Choice;
}

/** Ceilings from configuration. */
export interface ActionLimits {
  /** Largest factor by which a memory limit may grow in one plan. */
  memoryFactorMax: number;
  /** Absolute ceiling in bytes for one container's memory limit. */
  memoryBytesMax: number;
  /** Write to what Argo CD, Flux, Helm or an operator owns, with a warning, instead of handing the change over. */
  writeOwned?: boolean;
  /** Image with a static busybox, pinned by its digest: it lends a copy its sleep and its shell. */
  debugImage?: string;
}

export interface Action {
  id: ActionId;
  title: string;
  risk: Risk;
  permissions: readonly Permission[];
  plan: (input: PlanInput) => Plan | Refusal;
  /** The write for this plan against the objects as they are now; `template` is hashed by `templateHashOf`. */
  change: (plan: Plan, now: Now) => Change;
  /** The plan that takes this one back, made before the write from the object as it was. */
  undo: (plan: Plan, before: KubeObject) => Plan | Refusal;
  /** Other ways than the first; each is offered where it can be planned. */
  choices?: (input: PlanInput) => Choice[];
  /** What only a person can say, where without it there is no plan. */
  asks?: (input: PlanInput) => Question | undefined;
  /** Adds to a plan what only the objects themselves tell: uids, hashes, who else is touched. Never their content. */
  complete?: (plan: Plan, now: Now) => Plan | Refusal;
  /** False for what is done once it is written and cures nothing by itself: `report` says what came of it. */
  heals?: false;
  /** For an action that does not heal: what is to be done next, with the exact command. */
  report?: (plan: Plan) => string;
}

export function defineAction(action: Action): Action {
  return Object.freeze(action);
}

/** Annotation on the workload's metadata (never its template) that marks an applied plan. */
export const PLAN_ANNOTATION = 'loopbreaker.dev/plan';

/** sha256 of any JSON, shortened like a plan's id. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 32);
}

type Identity = Pick<Plan, 'action' | 'target' | 'container' | 'intent' | 'edits' | 'also'>;

export function planId({ action, target, container, intent, edits, also }: Identity): string {
  return hashOf({ action, target, container, intent, edits, also });
}

/** Hash of a raw pod template, as stored in a plan and compared at the moment of the write. */
export function templateHashOf(template: unknown): string {
  return hashOf(stripped(template));
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

/** The pod template of a workload or revision; undefined for what holds none. */
export function podTemplateOf(found: KubeObject): JsonObject | undefined {
  const template =
    found.kind === 'CronJob'
      ? at(found, 'spec', 'jobTemplate', 'spec', 'template')
      : found.kind === 'ControllerRevision'
        ? at(found, 'data', 'spec', 'template')
        : at(found, 'spec', 'template');
  if (!isObject(template)) return undefined;
  // A ControllerRevision stores it as a patch that replaces the template; the directive is no part of it.
  const { $patch: _, ...plain } = template;
  return plain;
}

export function isRefusal(value: Plan | Refusal): value is Refusal {
  return 'refusal' in value;
}
