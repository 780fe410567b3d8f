// What an incident is beside its answer and its remedies: who spoke of it, who looks after it, how it ended and came back.
// Invariant: an incident from before any of this reads as one to which nothing of it has happened.

import type { IncidentState } from './state.ts';

export interface Life {
  /** RFC 3339; "" when nobody noted it. */
  openedAt: string;
  /** When something was last new about it: a signal, another cause, a return. */
  newsAt: string;
  /** When it was over for good: its key is free. */
  closedAt: string;
  /** Nothing is in Slack yet: what it is about is still being found out. */
  held: boolean;
  /** Who it is, once the worker has read the cluster; null for a question. */
  identity: Identity | null;
  /** The incident that this one turned out to be. */
  into: string;
  /** For a question: where the open incident of the same workload stands. */
  openAt: MessagePlace | null;
  heard: Heard[];
  /** The rule of the policy that chose its channel, and whom its first message and its news mention. */
  route: { rule: string; mention: string; digestAt: string };
  /** Slack user id; "" is nobody. */
  takenBy: string;
  mute: Mute | null;
  /** The story of which one message speaks for it and others; "" when it stands by itself. */
  storm: string;
  /** Ended without a change of ours: read from the cluster. */
  ended: Ended | null;
  /** How often it came back after it had recovered. */
  returns: number;
  /** What ended the one before it, within a day. */
  former: Former | null;
  look: Looking;
  /** Lines of the thread that are worth a notification, the newest ten. */
  news: News[];
}

export interface Identity {
  /** Cluster uid / namespace / kind / topmost owner / container. */
  key: string;
  kind: string;
  name: string;
  container: string;
}

/** One sender of signals about this incident. */
export interface Heard {
  source: string;
  title: string;
  severity: string;
  count: number;
  /** RFC 3339 of the newest. */
  at: string;
  /** The sender says that it is over; it is the cluster that is believed. */
  resolved: boolean;
}

export interface Mute {
  /** RFC 3339. */
  until: string;
  by: string;
  reason: string;
}

export interface Ended {
  at: string;
  words: string;
}

export interface Former {
  incident: string;
  channel: string;
  /** Of its card; "" when it has none. */
  ts: string;
  at: string;
  /** "REDIS_ADDR missing, fixed by rollback to revision 41" */
  words: string;
}

export interface MessagePlace {
  incident: string;
  channel: string;
  ts: string;
}

/** The cluster is read again and again, by one chain of jobs: an older round is not told. */
export interface Looking {
  round: number;
  /** RFC 3339; "" when no look is due. */
  dueAt: string;
  /** Looks since the last news, for the pace. */
  calm: number;
  /** Seconds after which it may have been steady for long enough; 0 when it is not on its way. */
  soonSeconds: number;
  /** What the last look saw, to tell a change; never shown. */
  mark: string;
  /** When the whole answer was last made anew. */
  answeredAt: string;
}

export interface News {
  /** Counts from 1. */
  number: number;
  at: string;
  words: string;
  mention: string;
}

export const NEW_LIFE: Life = {
  openedAt: '',
  newsAt: '',
  closedAt: '',
  held: false,
  identity: null,
  into: '',
  openAt: null,
  heard: [],
  route: { rule: '', mention: '', digestAt: '' },
  takenBy: '',
  mute: null,
  storm: '',
  ended: null,
  returns: 0,
  former: null,
  look: { round: 0, dueAt: '', calm: 0, soonSeconds: 0, mark: '', answeredAt: '' },
  news: [],
};

/** A state as it was stored, by whatever version. */
export function whole(stored: Omit<IncidentState, 'life'> & { life?: Partial<Life> }): IncidentState {
  const { life } = stored;
  return { ...stored, life: { ...NEW_LIFE, ...life, look: { ...NEW_LIFE.look, ...life?.look } } };
}

/** Where people read of it; `ts` is "" while nothing is in Slack. */
export function shownAt({ request, messages, life }: IncidentState): { channel: string; ts: string } {
  const ts = (life.storm === '' ? messages.card : messages.member) ?? messages.card ?? '';
  return { channel: request.place.channel, ts };
}

/** Asked by a person, and answered where they asked. */
export function isQuestion({ request }: IncidentState): boolean {
  return request.by.kind === 'user';
}

/** Nothing more happens by itself: the next signal opens a new incident. */
export function isOver({ phase, life }: IncidentState): boolean {
  return life.closedAt !== '' || ['refused', 'merged', 'gone', 'expired'].includes(phase);
}

export function isMuted({ life }: IncidentState, now: string): boolean {
  return life.mute !== null && Date.parse(now) < Date.parse(life.mute.until);
}

/** Whether the answer says that something is wrong. */
export function isTrouble({ report }: IncidentState): boolean {
  return report !== null && report.verdict.cause !== 'none' && report.verdict.cause !== 'none-recovered';
}
