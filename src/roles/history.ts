// Feeds and asks the history: what each diagnosis reads is kept, and a question is answered from the namespaces that
// whoever asks may read. History decides nothing: what cannot be kept is missing from it, and nothing waits for it.

import type { Evidence } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import { answerFrom, reachOf } from '../core/history/answer.ts';
import type { HistoryAnswer, HistoryAsk, Moment } from '../core/history/ask.ts';
import type { IncidentEvent } from '../core/incident/events.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { History } from '../queue/history.ts';

/** The counts and warnings that one diagnosis read. */
export async function noteEvidence(
  history: History,
  cluster: string,
  evidence: Evidence,
  nowMs: number,
): Promise<void> {
  const { namespace, pod, containers, events } = evidence;
  const workload = known(evidence.workload);
  const podName = known(pod.name) ?? '';
  const { kind, name } = workload?.kind ? workload : { kind: 'Pod', name: podName };
  const restarts = containers.map((container) => ({
    namespace,
    kind,
    name,
    container: container.name,
    uid: known(pod.uid) ?? '',
    restarts: known(container.restartCount) ?? 0,
    madeAt: known(pod.createdAt) ?? '',
    endedAt: known(container.lastState)?.finishedAt ?? '',
  }));
  const warnings = (known(events) ?? [])
    .filter(({ type, object }) => type === 'Warning' && object.kind !== 'Node')
    .map(({ reason, object, count, first, last }) => ({ namespace, reason, ...object, count, first, last }));
  await Promise.all([history.noteRestarts(cluster, nowMs, restarts), history.noteWarnings(cluster, nowMs, warnings)]);
}

/** What an event of an incident's story is worth in the history; undefined for most. */
export function momentOf(state: IncidentState, event: IncidentEvent, nowMs: number): Moment | undefined {
  const { target, report } = state;
  if (!target || !report) return undefined;
  const { kind, name } = target.workload ?? { kind: 'Pod', name: target.pod ?? '' };
  const { cause, container, summary } = report.verdict;
  const moment = { at: nowMs, incident: state.id, namespace: target.namespace, kind, name, container, cause };
  if (event.type === 'diagnosed') {
    const is = cause === 'none' || cause === 'none-recovered' ? 'well' : 'broken';
    return { ...moment, is, words: summary.slice(0, 200) };
  }
  if (event.type === 'verified' && event.recovered) return { ...moment, is: 'well', words: event.words.slice(0, 200) };
  // Over without our doing, such as a workload that recovered by itself or was deleted.
  const over = state.phase === 'recovered' || state.phase === 'gone';
  return over && event.type === 'looked' ? { ...moment, is: 'well', words: state.sentence.slice(0, 200) } : undefined;
}

/** For the worker: keeps what it reads and tells. What Redis does not take is missing, and nobody waits for it. */
export function keeping(history: History, now: () => number) {
  const missing = (): void => {};
  return {
    read: (cluster: string, evidence: Evidence): void => {
      noteEvidence(history, cluster, evidence, now()).catch(missing);
    },
    told: (state: IncidentState, event: IncidentEvent): void => {
      const moment = momentOf(state, event, now());
      if (moment && state.target) history.noteMoment(state.target.cluster, moment).catch(missing);
    },
  };
}

/** One answer for each cluster that is asked about and may be read. */
export async function answerHistory(
  history: History,
  ask: HistoryAsk,
  readable: ReadonlyMap<string, readonly string[]>,
  nowMs: number,
): Promise<HistoryAnswer[]> {
  const clusters = [...readable].filter(([cluster]) => ask.cluster === '' || cluster === ask.cluster);
  return Promise.all(
    clusters.map(async ([cluster, allowed]) => {
      const mayAll = allowed.includes('*') || allowed.includes(ask.namespace);
      const namespaces = ask.namespace === '' ? allowed : mayAll ? [ask.namespace] : [];
      const kept = await history.kept(cluster, nowMs - reachOf(ask), namespaces);
      return answerFrom(kept, ask, cluster, nowMs);
    }),
  );
}
