// Job `diagnose`: finds what was meant, reads it, answers. Reading twice does no harm.

import { reportOf } from '../../answer.ts';
import { evidenceFrom } from '../../core/evidence-from.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import type { Report } from '../../core/report.ts';
import type { Target } from '../../core/snapshot.ts';
import type { Cluster } from '../../kube/clusters.ts';
import { collect } from '../../kube/collect.ts';
import { ClusterError } from '../../kube/errors.ts';
import { findTargets } from '../../kube/find.ts';
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
    const found = await findTargets(cluster, wanted, signal);
    if (found.is === 'many') await work.tell(state.id, { type: 'found-many', matches: found.matches });
    else if (found.is !== 'one') await work.tell(state.id, { type: 'refused', sentence: found.why });
    else {
      const report = await readAndAnswer(work, cluster, state.id, found.target, signal);
      await work.tell(state.id, { type: 'diagnosed', target: settled(found.target, report), report });
    }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    await work.tell(state.id, { type: 'refused', sentence: error.message });
  }
}

async function readAndAnswer(
  work: Work,
  cluster: Cluster,
  id: string,
  target: Target & { namespace: string },
  signal: AbortSignal,
): Promise<Report> {
  const progress = progressTeller(work, id);
  const snapshot = await collect(cluster, target, {
    onProgress: progress.note,
    signal,
    secretKeyNames: work.config.secretKeyNames,
  });
  await progress.done();
  const source = `${target.namespace}/${target.pod ?? target.workload?.name ?? ''}`;
  const evidence = evidenceFrom(snapshot, target, source);
  if (!evidence)
    throw new ClusterError(`${source} went away while I read it. Ask again.`, {
      kind: 'not-found',
      code: 0,
      reason: 'Gone',
      message: '',
    });
  return reportOf(evidence, limitsOf(work, cluster.alias, evidence));
}

/** Remembers the pod and workload that were meant, so that verification and a second look find the same thing. */
function settled(target: Target & { cluster: string; namespace: string }, report: Report) {
  const { kind, name } = report.target.workload;
  const workload = kind && kind !== 'Pod' ? { kind, name } : target.workload;
  return { ...target, ...(report.target.pod ? { pod: report.target.pod } : {}), ...(workload ? { workload } : {}) };
}

function progressTeller({ tell, log }: Work, id: string) {
  let waiting: string[] = [];
  let last = Date.now();
  let sending: Promise<unknown> = Promise.resolve();
  return {
    note: (what: string): void => {
      waiting.push(what);
      if (Date.now() - last < PROGRESS_EVERY_MS) return;
      const words = waiting.join(', ');
      waiting = [];
      last = Date.now();
      sending = sending
        .then(() => tell(id, { type: 'arrived', what: words }))
        .catch((error) => log.warn({ error: String(error) }, 'progress could not be told'));
    },
    done: async (): Promise<void> => {
      await sending;
    },
  };
}
