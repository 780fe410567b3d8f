// What a second look at a workload means. The same careful definition of recovered as after a change of ours: every pod
// of the present template ready, no restart for long enough, no warning meanwhile.

import type { Look } from './incident/events.ts';
import { judge, type Sight } from './verify.ts';

export interface Since {
  /** RFC 3339 of the last answer that said broken, or, of something that has recovered, of its recovery. */
  at: string;
  hasRecovered: boolean;
  steadySeconds: number;
}

type Container = Sight['containers'][number] & { endedAt?: string };

export function lookFrom(
  sight: Sight & { gone: boolean; templateHash?: string; containers: Container[] },
  what: string,
  since: Since,
): Look {
  if (sight.gone) return { ...NOTHING, is: 'gone', words: `${what} was deleted` };
  if (sight.desired === 0 && sight.podUids.length === 0)
    return { ...NOTHING, is: 'gone', words: `${what} was scaled to zero` };
  const current = new Set(sight.currentPodUids);
  const fresh = sight.containers.filter((c) => current.has(c.podUid));
  const mark = markOf(fresh, sight.templateHash ?? '');
  const crashed = fresh.find((c) => c.state === 'terminated' && (c.exitCode ?? 0) !== 0);
  const again = since.hasRecovered && fresh.find((c) => crashedAfter(c, since.at));
  if (crashed || again) {
    const { name, exitCode } = (crashed || again) as Container;
    return { ...NOTHING, is: 'broken', words: `${name} crashed with exit code ${exitCode ?? '?'}`, mark };
  }
  // A run that goes on says by its start how long it has been steady; how often it was started before says nothing.
  const containers = sight.containers.map((c) => (c.state === 'running' ? { ...c, restartCount: 0 } : c));
  const watched = { appliedAt: since.at, steadySeconds: since.steadySeconds };
  const { is, words } = judge({ ...sight, containers }, watched);
  if (is === 'recovered') return { ...NOTHING, is, words, mark };
  if (is === 'failed') return { ...NOTHING, is: 'broken', words, mark };
  const steadyFor = Number(/for (\d+) s$/.exec(words)?.[1] ?? 0);
  return { is: 'waiting', words, mark, soonSeconds: Math.max(3, since.steadySeconds - steadyFor) };
}

const NOTHING = { words: '', mark: '', soonSeconds: 0 };

function crashedAfter({ endedAt = '', exitCode = 0 }: Container, at: string): boolean {
  return exitCode !== 0 && Date.parse(endedAt) > Date.parse(at);
}

/** Being between two runs looks the same as the back-off: only what the runs end with differs. */
function markOf(containers: Container[], templateHash: string): string {
  const ends = containers.map(({ name, state, reason, exitCode }) => {
    const waits = state === 'waiting' && reason !== 'CrashLoopBackOff' ? reason : '';
    return `${name}:${exitCode ?? ''}:${waits}`;
  });
  return [templateHash, ...[...new Set(ends)].sort()].join(' ').slice(0, 500);
}

export interface RunsSeen {
  gone: boolean;
  suspended: boolean;
  runs: { name: string; startedAt: string; completedAt: string; failedAt: string }[];
}

/** A Job or CronJob recovers when a run completes that was not over when it was last seen broken. */
export function lookFromRuns({ gone, suspended, runs }: RunsSeen, what: string, since: Since): Look {
  if (gone) return { ...NOTHING, is: 'gone', words: `${what} was deleted` };
  const [newest] = runs;
  const after = (time: string): boolean => time !== '' && Date.parse(time) > Date.parse(since.at);
  const mark = newest?.name ?? '';
  if (newest && after(newest.failedAt)) return { ...NOTHING, is: 'broken', words: `run ${newest.name} failed`, mark };
  if (since.hasRecovered) return { ...NOTHING, is: 'waiting', words: 'no run has failed since', mark };
  const completed = runs.find((run) => after(run.completedAt));
  if (completed) return { ...NOTHING, is: 'recovered', words: `Its run ${completed.name} completed.`, mark };
  if (suspended) return { ...NOTHING, is: 'gone', words: `${what} was suspended` };
  return { ...NOTHING, is: 'broken', words: 'no run has completed since', mark };
}
