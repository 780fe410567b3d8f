// What every remedy checks before it plans: is there a workload to change, and does somebody else own it?

import type { PlanInput, PlanTarget, Refusal } from '../core/action.ts';
import type { WorkloadEvidence } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import { kubectl } from '../core/kubectl.ts';

/** Kinds whose pods are replaced when their template changes. */
export const ROLLING = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

export interface Changeable {
  workload: WorkloadEvidence;
  target: PlanTarget;
  warnings: string[];
}

export function changeable({ evidence }: PlanInput, what: string): Changeable | Refusal {
  const workload = known(evidence.workload);
  const pod = known(evidence.pod.name) ?? '';
  if (!workload) {
    if (evidence.workload.state === 'unread') {
      return {
        refusal: `${what} needs the owner of the pod, which could not be read (${evidence.workload.why}). Grant the read, then ask again.`,
      };
    }
    const recreate = kubectl(['get', 'pod', pod, '-n', evidence.namespace, '-o', 'yaml'], [pod, evidence.namespace]);
    return {
      refusal: `${pod} is a bare pod: no controller would bring it back, so nothing is done to it. Recreate it by hand: ${recreate ?? 'kubectl get pod'} > pod.yaml, then kubectl replace --force -f pod.yaml`,
    };
  }
  if (!(ROLLING as readonly string[]).includes(workload.kind)) {
    return {
      refusal: `${what} is not offered for a ${workload.kind}: change its manifest and let the next run use it.`,
    };
  }
  if (workload.paused)
    return {
      refusal: `${workload.name} is paused, so a change would not roll out. Resume it first: kubectl rollout resume deployment/${workload.name} -n ${evidence.namespace}`,
    };
  if (workload.updateStrategy === 'OnDelete')
    return {
      refusal: `${workload.name} uses OnDelete, so a changed template reaches a pod only when somebody deletes it. Change the template and delete the pods by hand.`,
    };
  if (workload.kind === 'StatefulSet' && workload.detail.podManagementPolicy !== 'Parallel') {
    return {
      refusal: `${what} is not offered for a StatefulSet that starts its pods in order: it never replaces a pod that is not ready. Change the template, then delete the stuck pod: kubectl delete pod ${pod} -n ${evidence.namespace}`,
    };
  }
  if (!workload.templateHash || !workload.uid)
    return { refusal: `${what} needs the template of ${workload.name}, which was not read. Diagnose again.` };
  const { apiVersion, kind, name, uid, templateHash } = workload;
  return {
    workload,
    target: { apiVersion, kind, namespace: evidence.namespace, name, uid, templateHash },
    warnings: workload.managedBy.map(
      (by) => `Managed by ${by}: it will put its own version back unless you change it there too.`,
    ),
  };
}

export function blastRadius(workload: WorkloadEvidence): string {
  const n = workload.replicas;
  return `${n} ${n === 1 ? 'replica' : 'replicas'} of ${workload.kind} ${workload.name}, replaced one after another; ${workload.readyReplicas} ${workload.readyReplicas === 1 ? 'serves' : 'serve'} now`;
}

export const VERIFICATION = 'Every new pod is ready and none restarts until it has been steady long enough.';
