// The work that a transition asks for. An effect may wait in Redis while another version of Loopbreaker takes over.

import type { ActionId } from '../action-id.ts';
import type { Choice } from '../report.ts';
import type { MessageName } from './messages.ts';

/** Work that a transition asks for. Jobs read the state themselves; an effect carries ids only. */
export type Effect =
  | { job: 'diagnose' }
  | { job: 'plan'; action: ActionId; by: string; choice?: Choice; seal?: string }
  | { job: 'apply'; planId: string; delayMs?: number }
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
