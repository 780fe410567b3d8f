// How the last run of a container came to its end, as far as status and events tell.

import type { ContainerEvidence, Termination } from '../evidence/container.ts';
import type { EventRecord, Evidence } from '../evidence.ts';
import { windowsFault } from '../exit-code.ts';
import { type Fact, known } from '../fact.ts';
import { announcesProbeKill, wasKilledByProbe } from './probe-kill.ts';

/** How the last ended run of a container came to its end, as far as status and events tell. */
export type Ending =
  | 'oom-killed' // the kubelet says reason OOMKilled
  | 'probe-killed' // Killing: failed liveness or startup probe
  | 'hook-killed' // FailedPostStartHook, then killed
  | 'evicted' // the pod was removed from its node
  | 'start-failed' // the runtime never started the program: StartError, CreateContainer…, bad image
  | 'by-itself' // the program ended with an exit code of its own
  | 'signalled' // ended by a signal nobody announced: 137, 143, 130
  | 'crashed' // ended by a fault signal of its own: 132, 134, 135, 136, 139
  | 'completed' // exit 0 without any kill
  | 'never-ended' // no ended run is known
  | 'unknown'; // the state could not be read

const FAULT_CODES = new Set([132, 134, 135, 136, 139]);
const SIGNAL_CODES = new Set([129, 130, 131, 137, 143]);

export const CANNOT_START = new Set([
  'StartError',
  'ContainerCannotRun',
  'RunContainerError',
  'CreateContainerError',
  'CreateContainerConfigError',
  'CreateContainerFailed',
  'PreCreateHookError',
  'PreStartHookError',
]);

/** The last ended run: the present state when that is `terminated`, else the last state. */
export function lastExit(container: ContainerEvidence): Fact<Termination> {
  const { state } = container;
  if (state.state === 'seen' && state.value.is === 'terminated') return { ...state, value: state.value };
  return container.lastState;
}

export function endingOf(
  container: ContainerEvidence,
  exit: Fact<Termination>,
  events: EventRecord[],
  evidence: Evidence,
): Ending {
  const state = known(container.state);
  if (state?.is === 'waiting' && CANNOT_START.has(state.reason)) return 'start-failed';
  if (exit.state === 'unread') return events.some(announcesProbeKill) ? 'probe-killed' : 'unknown';
  if (exit.state === 'absent') return 'never-ended';
  const run = exit.value;
  if (run.reason === 'OOMKilled') return 'oom-killed';
  if (CANNOT_START.has(run.reason)) return 'start-failed';
  if (known(evidence.pod.reason) === 'Evicted' || run.reason === 'ContainerStatusUnknown') return 'evicted';
  if (events.some((e) => e.reason === 'FailedPostStartHook') && run.exitCode !== 1) return 'hook-killed';
  if (wasKilledByProbe(container, run, events)) return 'probe-killed';
  if (run.exitCode === 0) return 'completed';
  if (FAULT_CODES.has(run.exitCode) || windowsFault(run.exitCode)) return 'crashed';
  if (SIGNAL_CODES.has(run.exitCode) || run.signal > 0) return 'signalled';
  return 'by-itself';
}
