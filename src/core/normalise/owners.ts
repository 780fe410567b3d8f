// Who owns a pod, as far as it was read: the names whose events tell of it, its workload and the revisions of that.

import type { WorkloadEvidence } from '../evidence/workload.ts';
import type { Evidence } from '../evidence.ts';
import { absent, type Fact, seen, unread } from '../fact.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, nameOf, namespaceOf, ownerChain } from './look.ts';
import { revisionsOf, workloadOf } from './workload.ts';

/** Everything whose events tell about this pod: itself, its owners and what they own without a pod. */
export function ownerNames(look: Look, owner: KubeObject, workload: KubeObject | undefined): string[] {
  const names = [`${owner.kind}/${nameOf(owner)}`, ...ownerChain(look, owner).map((o) => `${o.kind}/${o.name}`)];
  if (workload) {
    names.push(`${workload.kind}/${nameOf(workload)}`);
    if (owner === workload) {
      for (const kind of ['ReplicaSet', 'Job', 'Pod']) {
        for (const child of look.all(kind, namespaceOf(owner))) {
          if (ownerChain(look, child).some((o) => o.kind === workload.kind && o.name === nameOf(workload)))
            names.push(`${kind}/${nameOf(child)}`);
        }
      }
    }
  }
  return [...new Set(names)];
}

export function workloadFact(look: Look, owner: KubeObject, workload: KubeObject | undefined): Fact<WorkloadEvidence> {
  if (workload) return seen(workloadOf(look, workload), 'spec', `${workload.kind}/${nameOf(workload)}`);
  const known = ownerChain(look, owner).at(-1);
  if (!known) {
    const why = look.whyUnread(`${owner.kind}/${nameOf(owner)}:metadata.ownerReferences`);
    return why === undefined
      ? absent('spec', 'metadata.ownerReferences')
      : unread('spec', 'metadata.ownerReferences', why);
  }
  const why = look.whyUnread(`${known.kind}/${known.name}`) ?? 'the owner was not collected';
  return unread('spec', `${known.kind}/${known.name}`, why);
}

/** A pod that nobody owns has no revisions; of an owner that was not read nothing is known. */
export function revisionsFact(look: Look, owner: KubeObject, workload: KubeObject | undefined): Evidence['revisions'] {
  if (workload) return revisionsOf(look, workload);
  const why =
    look.whyUnread(`${owner.kind}/${nameOf(owner)}:metadata.ownerReferences`) ??
    (ownerChain(look, owner).length
      ? (look.whyUnread('ReplicaSet') ?? 'the owner of the pod was not read')
      : undefined);
  return why === undefined ? absent('rollout', 'revisions') : unread('rollout', 'revisions', why);
}
