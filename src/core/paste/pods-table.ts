// A row of `kubectl get pods` as a pod of which only the outline is known: restarts, readiness and the one word that
// kubectl makes of all containers' states. Which container it is about, the row says only when there is one;
// of several it is one of them.

import type { JsonObject } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import type { PodRow } from './rows.ts';

const PHASES = /^(?:Pending|Running|Succeeded|Failed|Unknown)$/;
/** Words that kubectl takes from status.reason of the pod. */
const POD_REASONS =
  /^(?:Evicted|NodeLost|NodeAffinity|Preempting|Terminated|OutOf\w+|SysctlForbidden|UnexpectedAdmissionError|Shutdown|NodeShutdown)$/;
const EXIT_CODES: { [reason: string]: number } = { Completed: 0, OOMKilled: 137, StartError: 128 };

export function podFromRow(row: PodRow): KubeObject {
  const status: JsonObject = { ...phaseOf(row.status) };
  const spec: JsonObject = { ...(row.node ? { nodeName: row.node } : {}) };
  const init = row.status.startsWith('Init:');
  const word = row.status.replace(/^Init:/, '');
  const state = stateOf(word);
  if (row.of === 1 || init || speaksOfOne(row)) {
    const list = init ? 'initContainerStatuses' : 'containerStatuses';
    spec[init ? 'initContainers' : 'containers'] = [{ name: '' }];
    // The restarts of a row are those of all its containers together.
    const own = {
      ...(init ? {} : { ready: row.of === 1 && row.ready === 1 }),
      ...(row.of === 1 || init ? { restartCount: row.restarts } : {}),
    };
    // "Init:0/1": the only one has begun and not ended; of several it is not said which.
    const only = init && word === '0/1' ? { ready: false, state: { running: {} } } : undefined;
    if (only || !init || !/^\d/.test(word)) status[list] = [{ name: '', ...own, ...(only ?? state) }];
  }
  if (init) spec.containers ??= [];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: row.name, ...(row.namespace ? { namespace: row.namespace } : {}) },
    spec,
    status,
  };
}

/** Of several containers kubectl prints the state of one that does not run; which one it is, the table does not say. */
export function speaksOfOne(row: PodRow): boolean {
  return row.of > 1 && row.ready < row.of && Object.keys(stateOf(row.status)).length > 0 && row.status !== 'Running';
}

function phaseOf(word: string): JsonObject {
  if (PHASES.test(word)) return { phase: word };
  if (POD_REASONS.test(word)) return { phase: 'Failed', reason: word };
  if (word === 'Completed') return { phase: 'Succeeded' };
  return word.startsWith('Init:') ? { phase: 'Pending' } : {};
}

/** `ExitCode:3` and `Signal:9` are what kubectl prints for an end without a reason. */
function stateOf(word: string): JsonObject {
  const exit = /^ExitCode:(\d+)$/.exec(word)?.[1];
  if (exit !== undefined) return { state: { terminated: { exitCode: Number(exit) } } };
  // The table has no exit code; where the reason leaves it open, the end stays unread.
  if (EXIT_CODES[word] !== undefined) return { state: { terminated: { exitCode: EXIT_CODES[word], reason: word } } };
  if (/^(?:Error|ContainerCannotRun|ContainerStatusUnknown|DeadlineExceeded)$/.test(word)) return {};
  if (word === 'Running') return { state: { running: {} } };
  return PHASES.test(word) || POD_REASONS.test(word) || word === 'Terminating'
    ? {}
    : { state: { waiting: { reason: word } } };
}
