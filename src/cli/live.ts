// `loopbreaker diagnose` on a live cluster, read with the user's own kubeconfig like kubectl does. Never writes.

import { answer } from '../answer.ts';
import type { Wanted } from '../core/request.ts';
import { type Cluster, openCluster } from '../kube/clusters.ts';
import { collect } from '../kube/collect.ts';
import { ClusterError } from '../kube/errors.ts';
import { findTargets } from '../kube/find.ts';
import { type DiagnoseOptions, targetOf } from './diagnose.ts';
import { complain, type ExitCode, json, out } from './output.ts';
import { reportText } from './text.ts';

export async function diagnoseLive(subject: string | undefined, options: DiagnoseOptions): Promise<ExitCode> {
  let cluster: Cluster | undefined;
  try {
    cluster = openCluster({
      alias: options.context ?? 'current context',
      kubeconfig: process.env.KUBECONFIG ?? '',
      ...(options.context ? { context: options.context } : {}),
    });
    return await diagnoseIn({ ...cluster, alias: options.context ?? cluster.context }, subject, options);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    complain(error.message);
    return 1;
  } finally {
    await cluster?.close();
  }
}

async function diagnoseIn(cluster: Cluster, subject: string | undefined, options: DiagnoseOptions): Promise<ExitCode> {
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
  if (found.is === 'refused' || found.is === 'none') {
    complain(found.why);
    return 1;
  }
  if (found.is === 'many' && subject) {
    complain(
      `Several things match "${subject}": ${found.matches.map((m) => `${m.kind.toLowerCase()}/${m.name}`).join(', ')}. Name one of them.`,
    );
    return 1;
  }
  const target = found.is === 'one' ? found.target : firstOf(found.matches);
  const snapshot = await collect(cluster, target);
  const report = answer(snapshot, target, subject ?? `${wanted.namespace}/`);
  if (!report) {
    complain(`${target.namespace}/${target.pod ?? target.workload?.name} went away while I read it. Ask again.`);
    return 1;
  }
  if (options.json) json(report);
  else out(reportText(report));
  return 0;
}

/** Without a name the most broken thing is diagnosed; matches come most broken first. */
function firstOf(matches: { kind: string; namespace: string; name: string }[]) {
  const [first] = matches;
  const { kind = '', namespace = '', name = '' } = first ?? {};
  return kind === 'Pod' ? { namespace, pod: name } : { namespace, workload: { kind, name } };
}
