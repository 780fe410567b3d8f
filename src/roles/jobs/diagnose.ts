// Job `diagnose`: finds what was meant, reads it, answers. Reading twice does no harm.

import { reportOf } from '../../answer.ts';
import { evidenceFrom } from '../../core/evidence-from.ts';
import { isQuestion } from '../../core/incident/life.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import type { Report } from '../../core/report.ts';
import type { Target } from '../../core/snapshot.ts';
import type { Cluster } from '../../kube/clusters.ts';
import { collect } from '../../kube/collect.ts';
import { ClusterError } from '../../kube/errors.ts';
import { type FoundTarget, findTargets } from '../../kube/find.ts';
import { Later } from '../../queue/errors.ts';
import { joinJob } from '../storms/jobs.ts';
import { identifySignal, openIncidentOf } from './identify.ts';
import { limitsOf, type Work } from './work.ts';

/** Edits of the progress line come no faster than people can read and Slack allows. */
const PROGRESS_EVERY_MS = 700;

export async function diagnoseJob(work: Work, state: IncidentState, signal: AbortSignal): Promise<void> {
  if (state.phase !== 'asked') return;
  const { wanted } = state.request;
  const cluster = work.clusters.get(wanted.cluster);
  if (!cluster) {
    await work.tell(state.id, {
      type: 'refused',
      sentence: `I know no cluster called ${wanted.cluster}. I know: ${[...work.clusters.keys()].join(', ')}.`,
    });
    return;
  }
  try {
    if (isQuestion(state)) await answerQuestion(work, cluster, state, signal);
    else await answerSignal(work, cluster, state, signal);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    // A signal waits a little for a cluster that does not answer; a person would rather know.
    if (!isQuestion(state) && ['unreachable', 'timeout'].includes(error.failure.kind) && isYoung(work, state))
      throw new Later(10_000);
    await work.tell(state.id, { type: 'refused', sentence: error.message });
  }
}

const YOUNG_MS = 2 * 60_000;

function isYoung({ now }: Work, { life }: IncidentState): boolean {
  return now() - Date.parse(life.openedAt) < YOUNG_MS;
}

async function answerQuestion(work: Work, cluster: Cluster, state: IncidentState, signal: AbortSignal): Promise<void> {
  const found = await findTargets(cluster, state.request.wanted, signal);
  if (found.is === 'many') return void (await work.tell(state.id, { type: 'found-many', matches: found.matches }));
  if (found.is === 'none')
    return void (await work.tell(state.id, { type: 'refused', sentence: found.why, near: found.matches ?? [] }));
  if (found.is === 'refused') return void (await work.tell(state.id, { type: 'refused', sentence: found.why }));
  const progress = progressTeller(work, state.id);
  const [answered, place] = await Promise.all([
    readAnswer(work, cluster, found.target, signal, progress.note),
    openIncidentOf(work, cluster, state, found.target, signal),
  ]);
  await progress.done();
  if (place) await work.tell(state.id, { type: 'open-elsewhere', place });
  await tellAnswer(work, state, found.target, answered);
}

async function answerSignal(work: Work, cluster: Cluster, state: IncidentState, signal: AbortSignal): Promise<void> {
  const target = await identifySignal(work, cluster, state, signal);
  if (target === 'merged') return;
  // What could not be identified is searched for like a question, so that the card says why.
  if (!target) return answerQuestion(work, cluster, state, signal);
  await tellAnswer(work, state, target, await readAnswer(work, cluster, target, signal));
}

async function tellAnswer(
  work: Work,
  state: IncidentState,
  { namespace, pod, workload }: FoundTarget,
  answered: Answered | undefined,
): Promise<void> {
  if (answered) {
    const after = await work.tell(state.id, { type: 'diagnosed', ...answered });
    // Its own job says it again; that one may wait behind many diagnoses, while others are shown.
    if (after.life.held) await joinJob(work, after);
    return;
  }
  const sentence = `${namespace}/${pod ?? workload?.name ?? ''} went away while I read it. Ask again.`;
  await work.tell(state.id, { type: 'refused', sentence });
}

export interface Answered {
  report: Report;
  /** The pod and workload that were meant, so that verification and a second look find the same thing. */
  target: NonNullable<IncidentState['target']>;
}

/** The whole answer about one thing; undefined when it is not there (any more). Throws ClusterError. */
export async function readAnswer(
  work: Work,
  cluster: Cluster,
  target: NonNullable<IncidentState['target']>,
  signal: AbortSignal,
  onProgress: (what: string) => void = () => {},
): Promise<Answered | undefined> {
  const snapshot = await collect(cluster, target, { onProgress, signal, secretKeyNames: work.config.secretKeyNames });
  const source = `${target.namespace}/${target.pod ?? target.workload?.name ?? ''}`;
  const evidence = evidenceFrom(snapshot, target, source);
  if (!evidence) return undefined;
  work.keep(cluster.alias, evidence);
  const report = reportOf(evidence, limitsOf(work, cluster.alias, evidence));
  return { report, target: settled(target, report) };
}

/** Remembers the pod and workload that were meant, so that verification and a second look find the same thing. */
function settled(target: Target & { cluster: string; namespace: string }, report: Report) {
  const { kind, name } = report.target.workload;
  const workload = kind && kind !== 'Pod' ? { kind, name } : target.workload;
  return { ...target, ...(report.target.pod ? { pod: report.target.pod } : {}), ...(workload ? { workload } : {}) };
}

function progressTeller({ tell, log }: Work, id: string) {
  let waiting: string[] = [];
  let last = performance.now();
  let sending: Promise<unknown> = Promise.resolve();
  return {
    note: (what: string): void => {
      waiting.push(what);
      if (performance.now() - last < PROGRESS_EVERY_MS) return;
      const words = waiting.join(', ');
      waiting = [];
      last = performance.now();
      sending = sending
        .then(() => tell(id, { type: 'arrived', what: words }))
        .catch((error) => log.warn({ error: String(error) }, 'progress could not be told'));
    },
    done: async (): Promise<void> => {
      await sending;
    },
  };
}
