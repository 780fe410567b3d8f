// Commands inside a refusal's sentence: what a person can run instead. Names are checked and words quoted, for some of
// them come from logs.

import type { WorkloadEvidence } from '../core/evidence/workload.ts';
import { kubectl } from '../core/kubectl.ts';
import type { Plan } from '../core/plan.ts';

/** The command, or where to change it when a name in it is none that Kubernetes allows. */
export function command(words: string[], names: string[]): string {
  return kubectl(words, names) ?? 'change it in its manifest';
}

/** `kubectl patch` of the pod template; `UID`, `PORT` and `PATH` stand for what nobody could read. */
export function patchCommand({ kind, name }: WorkloadEvidence, namespace: string, podSpec: object): string {
  const patch = JSON.stringify({ spec: { template: { spec: podSpec } } }).replaceAll(/"(UID|PORT)"/g, '$1');
  return command(['patch', kind.toLowerCase(), name, '-n', namespace, '-p', patch], [name, namespace]);
}

/** How a changed ConfigMap or Secret reaches the program. A StatefulSet in order never replaces a broken pod by itself. */
export function thenRestart({ kind, name, detail, updateStrategy }: WorkloadEvidence, namespace: string, pod: string) {
  const inOrder = kind === 'StatefulSet' && detail.podManagementPolicy !== 'Parallel';
  return (inOrder || updateStrategy === 'OnDelete') && pod
    ? `then delete its pod, which is made anew: ${command(['delete', 'pod', pod, '-n', namespace], [pod, namespace])}`
    : `then: ${command(['rollout', 'restart', `${kind.toLowerCase()}/${name}`, '-n', namespace], [name, namespace])}`;
}

/** How a pod that its workload leaves as it is comes to run the template: with the whole rollout, or by itself. */
export function madeAnew({ target, inPlace }: Plan): string {
  const { kind, name, namespace } = target;
  const pod = inPlace?.name ?? '';
  const how =
    kind === 'Deployment'
      ? command(['rollout', 'resume', `deployment/${name}`, '-n', namespace], [name, namespace])
      : command(['delete', 'pod', pod, '-n', namespace], [pod, namespace]);
  return `Let the template make the pod anew: ${how}`;
}
