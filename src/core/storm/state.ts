// Several incidents that one message speaks for: those of one place, those that come too many at once to a channel, and
// those that wait for a collecting message. Plain data, told by events.

import type { Grade } from '../report.ts';
import type { Place } from './places.ts';

export type Subject =
  /** Incidents that share a cause or a place. */
  | { is: 'place'; place: Place }
  /** Too many at once, with nothing in common. */
  | { is: 'overview' }
  /** Small things, told together at this moment (RFC 3339). */
  | { is: 'digest'; at: string };

/** From when on one message speaks for several. */
export interface StormLimits {
  /** Workloads that make a place a storm; at least 2. */
  workloads: number;
  /** A place at which nothing new broke for so long is forgotten: whatever comes later begins anew. */
  waitSeconds: number;
  /** Incidents in a minute above which a channel gets an overview. */
  perMinute: number;
}

export interface StormState {
  schemaVersion: 1;
  id: string;
  /** `gathering`: nobody knows yet whether it is one; nothing is in Slack. */
  phase: 'gathering' | 'open' | 'over';
  /** Newcomers belong to it; when they do no longer, the next of them begins another. */
  takes: boolean;
  subject: Subject;
  limits: StormLimits;
  /** Alias of the cluster of the first member. */
  cluster: string;
  channel: string;
  /** User groups to be called up, each once and at most three: its members call nobody. */
  mentions: string[];
  /** At most 300: then it takes nobody any more. */
  members: Member[];
  /** Why the place itself is broken, as far as a member or its own incident told. */
  root: RootSeen | null;
  /** RFC 3339. */
  startedAt: string;
  /** Of the newest member. */
  joinedAt: string;
  /** "" while it lasts. */
  endedAt: string;
  messages: { [name in StormMessage]?: string };
}

export type StormMessage = 'storm' | 'storm-end';

export interface Member {
  incident: string;
  namespace: string;
  /** Of the workload. */
  name: string;
  /** RFC 3339 at which it joined. */
  at: string;
  cause: string;
  /** How it ended: "recovered", "gone" …; "shown" when it has a card of its own; "" while it lasts. */
  ended: string;
  /** It is the place itself: what the others wait for. */
  isRoot: boolean;
}

export interface RootSeen {
  /** Key of its workload, see `rootKey`; "" when it has no pod of its own. */
  key: string;
  grade: Grade;
  summary: string;
  /** The line that proves it; "" without one. */
  proof: string;
}

export type StormEvent =
  | {
      type: 'joined';
      id: string;
      subject: Subject;
      limits: StormLimits;
      cluster: string;
      channel: string;
      mention: string;
      member: Omit<Member, 'at' | 'ended'>;
      root: RootSeen | null;
    }
  /** Its incident ended, or is shown by itself. */
  | { type: 'left'; incident: string; how: string }
  /** It belongs elsewhere. */
  | { type: 'parted'; incident: string }
  /** Its members were read: how those ended that have, by incident. */
  | { type: 'checked'; ended: { [incident: string]: string } }
  /** Its own time has come: it was long enough that nobody joined, or the collecting message is due. */
  | { type: 'due' }
  | { type: 'posted'; message: StormMessage; ts: string };

export type StormEffect =
  /** Reads its members before it speaks for them. */
  | { job: 'check' }
  /** Tells members that they belong to it: this one, or all. */
  | { job: 'gather'; member?: string }
  | { job: 'storm-due'; delayMs: number }
  | { job: 'post'; message: StormMessage };
