// The state of a container as its status gives it.

import type { ContainerState, Termination } from '../evidence/container.ts';
import { isObject, number, object, text } from '../json.ts';

export function stateOf(value: unknown): ContainerState | undefined {
  const state = object(value);
  if (isObject(state.waiting))
    return { is: 'waiting', reason: text(state.waiting.reason) ?? '', message: text(state.waiting.message) ?? '' };
  if (isObject(state.running)) return { is: 'running', startedAt: text(state.running.startedAt) ?? '' };
  const ended = terminationOf(state.terminated);
  return ended ? { is: 'terminated', ...ended } : undefined;
}

export function terminationOf(value: unknown): Termination | undefined {
  if (!isObject(value)) return undefined;
  return {
    exitCode: number(value.exitCode) ?? 0,
    signal: number(value.signal) ?? 0,
    reason: text(value.reason) ?? '',
    message: text(value.message) ?? '',
    startedAt: text(value.startedAt) ?? '',
    finishedAt: text(value.finishedAt) ?? '',
  };
}
