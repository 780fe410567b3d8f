// Workloads without pods: something kept their pods from being made, and only the workload and its events tell of it.

import { at, number, objects, text } from './json.ts';
import { type Look, nameOf, namespaceOf, ownerChain, ownerOf } from './normalise/look.ts';
import type { KubeObject } from './snapshot.ts';
import { WORKLOADS } from './topmost.ts';

/** A workload that should have pods and has none: quota, admission, a missing ServiceAccount, a finished deadline. */
export function workloadWithoutPods(look: Look, namespace: string | undefined): KubeObject | undefined {
  const owned = new Set<string>();
  for (const pod of look.all('Pod', namespace)) for (const o of ownerChain(look, pod)) owned.add(`${o.kind}/${o.name}`);
  for (const job of look.all('Job', namespace)) {
    const owner = ownerOf(job);
    if (owner) owned.add(`${owner.kind}/${owner.name}`);
  }
  return WORKLOADS.flatMap((kind) => look.all(kind, namespace)).find((w) => {
    const owner = ownerOf(w);
    if (owned.has(`${w.kind}/${nameOf(w)}`) || (owner && look.find(owner.kind, owner.name))) return false;
    return wantsPods(w) || troubled(look, w);
  });
}

function wantsPods(workload: KubeObject): boolean {
  if (workload.kind === 'CronJob') return false;
  if (workload.kind === 'Job')
    return objects(at(workload, 'status', 'conditions')).some((c) => c.type === 'Failed' && c.status === 'True');
  return (number(at(workload, 'spec', 'replicas')) ?? 1) > 0;
}

function troubled(look: Look, workload: KubeObject): boolean {
  return look
    .all('Event', namespaceOf(workload))
    .some((e) => e.type === 'Warning' && text(at(e, 'involvedObject', 'name')) === nameOf(workload));
}
