// A plan: what an approval names. It stores references, hashes and the few values it sets, never foreign content such as
// env values or templates.

import type { ActionId, Risk } from './action-id.ts';
import { hashOf, type Json } from './json.ts';

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
 * word of the text (or list of texts) at that place is changed, and the rest of it is never part of the plan. With `like`,
 * what is added asks the same as the probe of that name beside it, whatever that is.
 */
export interface Edit {
  at: string[];
  from?: Json;
  to?: Json;
  word?: { from: string; to: string };
  like?: string;
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
  /** A pod that its workload leaves as it is: its running container takes the new limit in place, after the template. */
  inPlace?: PlanTarget;
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

export function isRefusal(value: Plan | Refusal): value is Refusal {
  return 'refusal' in value;
}

type Identity = Pick<Plan, 'action' | 'target' | 'container' | 'intent' | 'edits' | 'also' | 'inPlace'>;

export function planId({ action, target, container, intent, edits, also, inPlace }: Identity): string {
  return hashOf({ action, target, container, intent, edits, also, inPlace });
}

/** A plan's title in the middle of a sentence: "roll back to revision 8". */
export function inSentence(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1);
}
