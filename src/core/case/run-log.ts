// Which log belongs to the run that is to be explained: the last one that ended.

import type { ContainerEvidence } from '../evidence/container.ts';
import { type Fact, known, unread } from '../fact.ts';
import type { Log } from '../log.ts';
import type { Symptom } from './symptom.ts';

/**
 * The log of the last ended run. While a container waits in back-off or has ended, "current" is the log of its last
 * run; while it runs, the ended run is in "previous".
 */
export function lastLog(container: ContainerEvidence, symptom: Symptom): Fact<Log> {
  const { previous, current } = container.logs;
  const state = known(container.state);
  const candidates =
    state?.is === 'running' && symptom !== 'not-ready' && symptom !== 'healthy'
      ? [previous, current]
      : [current, previous];
  if (state === undefined) candidates.reverse();
  // A present run that is well has not said why another one ended.
  const mayRun = state?.is === 'running' || (state === undefined && container.lastState.state === 'seen');
  const unseen = mayRun && candidates[0] === previous && previous.state === 'unread';
  if (unseen && current.state === 'seen' && isCalm(current.value)) return previous;
  // Of two ended runs the one that ends in trouble tells more than the one that was read while it was well.
  if (!mayRun && endsWell(current) && previous.state === 'seen' && !isCalm(previous.value)) return previous;
  const spoken = candidates.find((log) => log.state === 'seen' && log.value.lines.length > 0);
  return (
    spoken ?? candidates.find((log) => log.state === 'seen') ?? candidates[0] ?? unread('log', 'log', 'not collected')
  );
}

const TROUBLE =
  /error|fatal|fail|exception|panic|traceback|refused|denied|cannot|can't|could not|unable|missing|invalid|not found|no such|kill|abort|timed? ?out|required|must /i;

function endsWell(log: Fact<Log>): boolean {
  return log.state === 'seen' && log.value.lines.length > 0 && isCalm(log.value);
}

function isCalm(log: Log): boolean {
  return !log.lines.slice(-20).some((line) => TROUBLE.test(line.raw));
}
