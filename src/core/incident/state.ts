// One incident, as data: what was asked, what was found, what is planned, decided and done.
// The card in Slack is drawn from this and nothing else.

import type { DebugCopy } from '../copy.ts';
import type { Report } from '../report.ts';
import type { Match, Request } from '../request.ts';
import type { Target } from '../snapshot.ts';
import type { Life } from './life.ts';
import type { MessageName } from './messages.ts';
import type { Approval, EarlierPlan, Operation, PendingPlan, Writing } from './plans.ts';

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
