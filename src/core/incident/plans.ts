// What an incident knows of its plans: one that waits for approvals, who approved it, what was written, how it ended.
// Invariant: everything that an approval is for stands here as it was approved; what was sealed is never changed.

import type { Plan } from '../plan.ts';
import type { Vote } from '../policy/decide.ts';
import type { Requires, WorkloadFacts } from '../policy/requirement.ts';
import type { Choice } from '../report.ts';

/** Counts the plans of an incident, those that ask for the same change too; missing where an older version made it. */
export interface Numbered {
  number?: number;
}

export interface PendingPlan extends PolicyTerms, Numbered {
  plan: Plan;
  askedBy: string;
  /** A gateway's word that they asked for it; missing for an undo, whose own seal says so. */
  askSeal?: string | undefined;
  /** RFC 3339. */
  plannedAt: string;
  expiresAt: string;
  /** What the server-side dry run answered, in words. */
  dryRun: string;
  /** The plan that this one takes back, when it is an undo. */
  undoes: string | null;
  /** The way that was chosen; missing for the best one. */
  choice?: Choice | undefined;
  /** Given so far, by different people; the last one that is needed starts the write. */
  approvals: Approval[];
  /** The word of a role over what is proposed, which Redis cannot make; missing: nobody may approve it. */
  seal?: string;
}

/** What people read before they say yes. */
export type Proposal = Pick<PendingPlan, 'plan' | 'askedBy' | 'expiresAt'>;

/** A way back that nobody asked for yet. */
export const wayBack = (plan: Plan): Proposal => ({ plan, askedBy: '', expiresAt: '' });

export interface PolicyTerms {
  /** What the policy asks about the workload, as it was when the plan was made. */
  facts: WorkloadFacts;
  /** What it asked for then; it is asked again at each click and before the write. */
  requires: Requires;
}

export interface Approval {
  planId: string;
  by: string;
  /** RFC 3339. */
  at: string;
  /** Missing: nothing is written for it. */
  signed?: SignedVote | null;
}

/** The gateway's word for one approval, with a seal over it, the plan and its terms that Redis cannot make. */
export interface SignedVote extends Vote {
  channel: string;
  /** Of the policy under which it counted. */
  policyHash: string;
  seal: string;
}

export interface Writing {
  planId: string;
  /** How to take it back; null with the reason in `undoRefusal`. */
  undo: Plan | null;
  undoRefusal: string;
  /** The worker's word that it made this way back. */
  undoSeal?: string;
}

export interface Operation extends Writing, Numbered {
  plan: Plan;
  /** The plan that this one took back; missing or null when it is no undo. */
  undoes?: string | null;
  /** Missing where an older version wrote it. */
  askedBy?: string;
  /** The one that completed the number, and all of them. */
  approval: Approval;
  approvals: Approval[];
  facts: WorkloadFacts;
  appliedAt: string;
  /** Of what the workload's pods are to run, as the write left it; missing where an older version wrote it. */
  specHash?: string | undefined;
  /** Seconds the new pods must be ready without a restart. */
  steadySeconds: number;
  /** What was last seen while watching, in words. */
  seen: string;
  outcome: { recovered: boolean; at: string; words: string } | null;
  /** Of a change that cures nothing by itself: what to do with it. */
  done?: string;
}

/** A plan that came to nothing, or one that was written and followed by another. */
export interface EarlierPlan extends Numbered {
  /** Why it came to nothing; "" when it was written. */
  sentence: string;
  /** As it ended, without the way to take it back; null when it was not written. */
  operation: Operation | null;
  undone: boolean;
}
