// What the Slack room needs from the rest, handed in by main.ts.

import type { Logger as BoltLogger } from '@slack/bolt';
import type { ActionId } from '../core/action-id.ts';
import type { HistoryAnswer, HistoryAsk } from '../core/history/ask.ts';
import type { IncidentEvent } from '../core/incident/events.ts';
import type { PendingPlan, Proposal, SignedVote } from '../core/incident/plans.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { Choice } from '../core/report.ts';
import type { Request } from '../core/request.ts';
import type { StormState } from '../core/storm/state.ts';
import type { Gesture } from './gesture.ts';

export interface Noted {
  /** Slack has sent it again: it is carried out already, or will be. */
  before: boolean;
  /** It was carried out, and is forgotten. */
  over(): Promise<void>;
}

export interface Notes {
  /** Notes what somebody did: from then on it is carried out, whatever dies. Rejects when it could not be noted. */
  note(gesture: Gesture): Promise<Noted>;
  /** Whether an error says only that something of ours is away for a while. */
  passes(error: unknown): boolean;
}

export interface Ports {
  /** Opens an incident for a request; a repeated delivery opens none. */
  ask(request: Request): Promise<void>;
  read(incident: string): Promise<IncidentState | undefined>;
  storm(id: string): Promise<StormState | undefined>;
  /** What is kept of the past, of the clusters and namespaces that may be read. */
  history(ask: HistoryAsk, readable: ReadonlyMap<string, readonly string[]>): Promise<HistoryAnswer[]>;
  /** Tells the story on; a repeated delivery changes nothing. */
  tell(incident: string, event: IncidentEvent, delivery?: string): Promise<IncidentState>;
  /** One sentence with the cure for an error that a person must hear of. */
  sentenceFor(error: unknown): string;
  /** The policy in force at this moment. */
  policy(): Policy;
  /** Whether the worker made what is proposed, and nobody changed it since. */
  provesPlan(state: IncidentState, proposal: Proposal & { seal?: string | undefined }): boolean;
  /** The gateway's seal on what it proposes itself: a way back that the worker had made. */
  sealPlan(state: IncidentState, proposal: Proposal): string;
  /** The gateway's seal on who asked for a remedy. */
  sealAsk(incident: string, asked: { action: ActionId; by: string; choice?: Choice | undefined }): string;
  /** The gateway's seal on one approval of this plan. */
  sign(state: IncidentState, pending: PendingPlan, vote: Omit<SignedVote, 'seal'>): SignedVote;
  now(): string;
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  boltLogger: BoltLogger;
}
