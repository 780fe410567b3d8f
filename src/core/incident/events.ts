// What can happen to an incident. Every event is kept in its journal, so a type of event is never renamed, and fields are
// only added.

import type { ActionId } from '../action-id.ts';
import type { DebugCopy } from '../copy.ts';
import type { Requires } from '../policy/requirement.ts';
import type { Choice, Report } from '../report.ts';
import type { Match, Request } from '../request.ts';
import type { Still } from './again.ts';
import type { Former, Identity, Life, MessagePlace, Mute } from './life.ts';
import type { MessageName } from './messages.ts';
import type { PendingPlan, PolicyTerms, SignedVote, Writing } from './plans.ts';
import type { IncidentState } from './state.ts';

export type IncidentEvent =
  | { type: 'asked'; id: string; request: Request }
  | { type: 'arrived'; what: string }
  | { type: 'found-many'; matches: Match[] }
  | { type: 'picked'; match: Match; by: string }
  /** `near`: what may have been meant. */
  | { type: 'refused'; sentence: string; near?: Match[] }
  | { type: 'diagnosed'; target: NonNullable<IncidentState['target']>; report: Report }
  | { type: 'diagnose-again'; by: string }
  | { type: 'posted'; message: MessageName; ts: string }
  /** `seal`: a gateway's word that they asked. */
  | { type: 'plan-wanted'; action: ActionId; by: string; choice?: Choice; seal?: string }
  | ({ type: 'planned' } & Pick<
      PendingPlan,
      'plan' | 'askedBy' | 'askSeal' | 'dryRun' | 'expiresAt' | 'seal' | 'choice'
    > &
      Partial<PolicyTerms>)
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
  /** The hashes are those of the object after the write; `copy` is the pod that was made, if one was. */
  | {
      type: 'applied';
      planId: string;
      templateHash: string;
      specHash?: string;
      steadySeconds: number;
      copy?: DebugCopy;
      undoSeal?: string | undefined;
    }
  /** `drift`: the workload was changed since the plan was made. */
  | { type: 'not-applied'; planId: string; sentence: string; drift?: boolean }
  | { type: 'watched'; seen: string }
  | { type: 'verified'; recovered: boolean; words: string }
  /** Written, and it cures nothing by itself. `words` say what to do with it; `found` is what it proved, evidence from now on. */
  | { type: 'done'; planId: string; words: string; found?: string }
  /** Its time is over. `gone` false: it could not be deleted, and `words` say why. */
  | { type: 'copy-ended'; planId: string; gone: boolean; words: string }
  | { type: 'undo-wanted'; by: string; expiresAt: string; requires?: Requires; seal?: string }
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
