// One incident, as data: what was asked, what was found, what is planned, decided and done.
// The card in Slack is drawn from this and nothing else.

import type { ActionId } from '../action-id.ts';
import type { DebugCopy } from '../copy.ts';
import type { Plan } from '../plan.ts';
import type { Vote } from '../policy/decide.ts';
import type { Requires, WorkloadFacts } from '../policy/requirement.ts';
import type { Choice, Report } from '../report.ts';
import type { Match, Request } from '../request.ts';
import type { Target } from '../snapshot.ts';
import type { Still } from './again.ts';
import type { Former, Identity, Life, MessagePlace, Mute } from './life.ts';

export type Phase =
  | 'asked' // being looked up and diagnosed
  | 'choosing' // several things match: somebody has to pick one
  | 'refused' // cannot be answered; `sentence` says why and what cures it
  | 'diagnosed' // the answer stands; remedies may be asked for
  | 'planning' // a remedy is being planned and dry-run
  | 'planned' // a plan waits for an approval
  | 'applying' // approved, being written
  | 'verifying' // written, being watched
  | 'recovered'
  | 'not-recovered'
  | 'merged' // it turned out to be another, open incident
  | 'gone' // what it was about was deleted
  | 'expired'; // nothing new for days

export interface IncidentState {
  schemaVersion: 1;
  id: string;
  phase: Phase;
  request: Request;
  /** What has been read so far, for the progress line. */
  progress: string[];
  /** A sentence for the person who asked: refusal, plan refusal, or what went wrong; "" when all is well. */
  sentence: string;
  matches: Match[];
  target: (Target & { cluster: string; namespace: string }) | null;
  report: Report | null;
  plan: PendingPlan | null;
  approval: Approval | null;
  /** Noted just before the write, so that a write whose worker died can be undone. */
  writing: Writing | null;
  operation: Operation | null;
  /** What became of plans before these, the newest ten; missing means that there are none. */
  earlier?: EarlierPlan[];
  /** Copies to look into that may still be there; missing means none. */
  copies?: DebugCopy[];
  /** How often somebody was refused what they clicked; missing means never. The journal says who, what and why. */
  refusedAttempts?: number;
  /** Slack timestamps of the messages this incident owns, by purpose. */
  messages: { [name in MessageName]?: string };
  life: Life;
}

/** `direct.PLAN.USER`: the outcome of a plan, for one person alone. */
export type MessageName =
  | 'card'
  | 'member'
  | 'details'
  | PlanMessage
  | OutcomeMessage
  | `news.${number}`
  | `direct.${string}.${string}`;

/** Of plans that an older version made there was one of each at a time. */
export type PlanMessage = 'plan' | `plan.${number}`;
export type OutcomeMessage = 'outcome' | `outcome.${number}`;

/** Counts the plans of an incident, those that ask for the same change too; missing where an older version made it. */
export interface Numbered {
  number?: number;
}

export interface PendingPlan extends PolicyTerms, Numbered {
  plan: Plan;
  askedBy: string;
  /** RFC 3339. */
  plannedAt: string;
  expiresAt: string;
  /** What the server-side dry run answered, in words. */
  dryRun: string;
  /** The plan that this one takes back, when it is an undo. */
  undoes: string | null;
  /** Given so far, by different people; the last one that is needed starts the write. */
  approvals: Approval[];
}

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

/** What the cluster shows at one moment of the workload of an incident. */
export interface Look {
  /** `unread`: the cluster could not be asked. */
  is: 'broken' | 'waiting' | 'recovered' | 'gone' | 'unread';
  words: string;
  /** Differs when the trouble looks otherwise; "" when nothing was seen. */
  mark: string;
  /** Of waiting: when it may be steady. */
  soonSeconds: number;
}

export type IncidentEvent =
  | { type: 'asked'; id: string; request: Request }
  | { type: 'arrived'; what: string }
  | { type: 'found-many'; matches: Match[] }
  | { type: 'picked'; match: Match; by: string }
  | { type: 'refused'; sentence: string }
  | { type: 'diagnosed'; target: NonNullable<IncidentState['target']>; report: Report }
  | { type: 'diagnose-again'; by: string }
  | { type: 'posted'; message: MessageName; ts: string }
  | { type: 'plan-wanted'; action: ActionId; by: string; choice?: Choice }
  | ({ type: 'planned' } & Pick<PendingPlan, 'plan' | 'askedBy' | 'dryRun' | 'expiresAt'> & Partial<PolicyTerms>)
  | { type: 'plan-refused'; sentence: string }
  /** `minimum`: how many different people the policy asks for at this moment. */
  | { type: 'approved'; planId: string; by: string; minimum?: number; signed?: SignedVote | null }
  | { type: 'rejected'; planId: string; by: string; reason: string }
  /** Whoever asked for it takes it back. */
  | { type: 'cancelled'; planId: string; by: string }
  | { type: 'expired'; planId: string }
  /** Somebody clicked what they may not. It changes nothing, and is kept for those who look back. */
  | { type: 'attempt-refused'; by: string; attempt: Attempt; planId: string; why: string }
  | ({ type: 'writing' } & Writing)
  /** `templateHash` is that of the object after the write; `copy` is the pod that was made, if one was. */
  | { type: 'applied'; planId: string; templateHash: string; steadySeconds: number; copy?: DebugCopy }
  | { type: 'not-applied'; planId: string; sentence: string }
  | { type: 'watched'; seen: string }
  | { type: 'verified'; recovered: boolean; words: string }
  /** Written, and it cures nothing by itself. `words` say what to do with it; `found` is what it proved, evidence from now on. */
  | { type: 'done'; planId: string; words: string; found?: string }
  /** Its time is over. `gone` false: it could not be deleted, and `words` say why. */
  | { type: 'copy-ended'; planId: string; gone: boolean; words: string }
  | { type: 'undo-wanted'; by: string; expiresAt: string; requires?: Requires }
  | { type: 'gave-up'; job: string; sentence: string }
  /** Another signal about the same thing; `at` is the sender's RFC 3339. */
  | {
      type: 'heard';
      signal: { source: string; title: string; severity: string; status: 'firing' | 'resolved'; at: string };
    }
  /** The worker has read what it is about, and its key is taken. */
  | {
      type: 'identified';
      identity: Identity;
      channel: string;
      route: Life['route'];
      former: Former | null;
      mute: Mute | null;
    }
  /** Another open incident has its key. */
  | { type: 'merged'; into: string }
  /** A question about something that has an open incident. */
  | { type: 'open-elsewhere'; place: MessagePlace }
  /** It has been waited for others of the same cause: now it may be shown. */
  | { type: 'settled' }
  /** One message speaks for it and others; `silent`: not yet. */
  | { type: 'gathered'; storm: string; silent: boolean }
  /** It belongs to those others no longer. */
  | { type: 'parted'; storm: string }
  /** `report` when the whole answer was made anew and says something new, `still` when it says the same. */
  | {
      type: 'looked';
      round: number;
      look: Look;
      mention: string;
      report?: Report;
      still?: Still;
      target?: NonNullable<IncidentState['target']>;
    }
  /** `whom` looks after it from now on; "" is nobody. */
  | { type: 'taken'; by: string; whom: string }
  | { type: 'muted'; by: string; until: string; reason: string }
  /** By somebody, or by time, which is "". */
  | { type: 'unmuted'; by: string; until: string };

export type Attempt = 'read' | 'approve' | 'reject' | 'withdraw' | 'set-a-value';

/** Work that a transition asks for. Jobs read the state themselves; an effect carries ids only. */
export type Effect =
  | { job: 'diagnose' }
  | { job: 'plan'; action: ActionId; by: string; choice?: Choice }
  | { job: 'apply'; planId: string }
  | { job: 'verify'; planId: string; delayMs?: number }
  | { job: 'expire'; planId: string; delayMs: number }
  | { job: 'clean-up'; planId: string; delayMs: number }
  | { job: 'settle'; delayMs: number }
  /** Others may share its place; and that it is over is told to those. */
  | { job: 'join' }
  | { job: 'leave' }
  | { job: 'recheck'; round: number; delayMs: number }
  | { job: 'unmute'; until: string; delayMs: number }
  | { job: 'post'; message: MessageName };
