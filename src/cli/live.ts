// `loopbreaker diagnose` on a live cluster, read with the user's own kubeconfig like kubectl does. Never writes.

import { answer } from '../answer.ts';
import type { Wanted } from '../core/request.ts';
import type { Target } from '../core/snapshot.ts';
import { type Cluster, openCluster } from '../kube/clusters.ts';
import { collect } from '../kube/collect.ts';
import { ClusterError } from '../kube/errors.ts';
import { findTargets } from '../kube/find.ts';
import { type DiagnoseOptions, targetOf } from './diagnose.ts';
import { complain, type ExitCode, json, out } from './output.ts';
import { reportText } from './text.ts';

export function diagnoseLive(subject: string | undefined, options: DiagnoseOptions): Promise<ExitCode> {
  return inCluster(options, (cluster) => diagnoseIn(cluster, subject, options));
}

/** Opens the cluster that kubectl would mean, and says in one sentence why it cannot be read. */
export async function inCluster(
  { context }: { context?: string },
  work: (cluster: Cluster) => Promise<ExitCode>,
): Promise<ExitCode> {
  let cluster: Cluster | undefined;
  try {
    cluster = openCluster({
      alias: context ?? 'current context',
      kubeconfig: process.env.KUBECONFIG ?? '',
      ...(context ? { context } : {}),
    });
    return await work({ ...cluster, alias: context ?? cluster.context });
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    complain(error.message);
    return 1;
  } finally {
    await cluster?.close();
  }
}

async function diagnoseIn(cluster: Cluster, subject: string | undefined, options: DiagnoseOptions): Promise<ExitCode> {
  const target = await meant(cluster, subject, options);
  if (!target) return 1;
  const snapshot = await collect(cluster, target);
  const report = answer(snapshot, target, subject ?? `${target.namespace}/`);
  if (!report) {
    complain(`${target.namespace}/${target.pod ?? target.workload?.name} went away while I read it. Ask again.`);
    return 1;
  }
  if (options.json) json(report);
  else out(reportText(report));
  return 0;
}

/** The one thing that the words mean, or undefined after saying why there is none. */
export async function meant(
  cluster: Cluster,
  subject: string | undefined,
  options: DiagnoseOptions,
): Promise<(Target & { namespace: string }) | undefined> {
  const asked = targetOf(subject, options);
  const wanted: Wanted = {
    cluster: cluster.alias,
    namespace: asked.namespace ?? cluster.namespace,
    kind: asked.workload?.kind ?? 'Pod',
    name: asked.workload?.name ?? asked.pod ?? '',
    container: asked.container ?? '',
    selector: '',
    allowedNamespaces: ['*'],
  };
  const found = await findTargets(cluster, wanted);
  if (found.is === 'one') return found.target;
  if (found.is === 'many' && !subject) return firstOf(found.matches);
  complain(
    found.is === 'many'
      ? `Several things match "${subject}": ${found.matches.map((m) => `${m.kind.toLowerCase()}/${m.name}`).join(', ')}. Name one of them.`
      : found.why,
  );
  return undefined;
}

/** Without a name the most broken thing is diagnosed; matches come most broken first. */
function firstOf(matches: { kind: string; namespace: string; name: string }[]) {
  const [first] = matches;
  const { kind = '', namespace = '', name = '' } = first ?? {};
  return kind === 'Pod' ? { namespace, pod: name } : { namespace, workload: { kind, name } };
}
