// What a remedy is: a pure plan made from evidence, and a pure change made from the plan and the object as it is now.

import type { ActionId, Risk } from './action-id.ts';
import type { Change, Now } from './change.ts';
import type { Evidence } from './evidence.ts';
import type { Plan, Refusal } from './plan.ts';
import type { Cause, Choice, Question, Report } from './report.ts';
import type { KubeObject } from './snapshot.ts';

/** One Kubernetes permission an action needs; the write Role is generated from these. */
export interface Permission {
  apiGroup: string;
  resource: string;
  verbs: readonly string[];
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
  /** What a pod may have of the node that has most, in bytes; missing where the nodes were not read. */
  largestNode?: { name: string; memory: number };
  /** Write to what Argo CD, Flux, Helm or an operator owns, with a warning, instead of handing the change over. */
  writeOwned?: boolean;
  /** Image with a static busybox, pinned by its digest: it lends a copy its sleep and its shell. */
  debugImage?: string;
  /** A container may join a live pod. */
  joinsPods?: boolean;
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
  /** Its plan depends on how large the nodes are. */
  raisesMemory?: true;
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
