// Which program runs in a container, and whether it lives this time: the recording tells how it ended, its world file when it lives.
// A program that crashed in the recording and has no condition never lives.
import type { Container, Kinds, KubeObject, Pod } from '../kinds.ts';
import type { Recording } from '../recording.ts';
import type { Store } from '../store.ts';
import { type Circumstances, type Condition, holds } from './conditions.ts';
import { type Ending, type RecordedEnding, recordedEnding, type Spoken } from './endings.ts';
import type { Words } from './events.ts';
import { controllerOf, workloadOf } from './owners.ts';

export type Program = {
  ending?: Ending;
  spoken?: Spoken;
  lives: Condition;
  livesForSeconds?: number;
  readyAfterSeconds: number;
  completesAfterSeconds: number;
  healthyLog: string;
  uses?: { memory: string; cpu: string };
};
export type Programs = {
  of(pod: Pod, container: Container): Program;
  livesNow(pod: Pod, container: Container): boolean;
  /** The recorded words with which the cluster refused this ReplicaSet another pod. */
  refusal(rs: Kinds['replicasets.apps']): Words | undefined;
};

const stranger: Program = { lives: { always: true }, readyAfterSeconds: 1, completesAfterSeconds: 1, healthyLog: '' };
/** A pod that somebody made by hand to look around does not run the program at all. */
const isShell = (c: Container): boolean => /(^|\/)(sleep|tail|sh|bash|ash|pause|busybox)$/.test(c.command?.[0] ?? '');

function combine(container: string, workload: string, told: RecordedEnding[], recording: Recording): Program {
  const crashing = told.find((t) => t.ending && t.loops) ?? told.find((t) => t.ending) ?? told[0];
  const healthy = told.map((t) => t.healthyLog).find((log) => log !== undefined);
  const entry = recording.world?.programs.find(
    (p) => p.container === container && (p.workload ?? workload) === workload,
  );
  return {
    ending: crashing?.ending,
    spoken: crashing?.spoken,
    lives: entry?.lives ?? (crashing?.loops ? { never: true } : { always: true }),
    livesForSeconds: entry?.livesForSeconds,
    readyAfterSeconds: entry?.readyAfterSeconds ?? stranger.readyAfterSeconds,
    completesAfterSeconds: told.find((t) => t.completesAfterSeconds !== undefined)?.completesAfterSeconds ?? 1,
    healthyLog: entry?.healthyLog ?? healthy ?? '',
    uses: entry?.uses,
  };
}

/** Refusals by the workload that wanted more pods than it got: quota, limits, a missing service account. */
function readRefusals(recordings: Recording[]): Map<string, Words> {
  const refusals = new Map<string, Words>();
  for (const { objects } of recordings) {
    const events = objects.filter((o) => o.kind === 'Event') as unknown as Kinds['events'][];
    for (const rs of objects.filter((o) => o.kind === 'ReplicaSet') as unknown as Kinds['replicasets.apps'][]) {
      const said = events.findLast((e) => e.involvedObject.uid === rs.metadata.uid && e.reason === 'FailedCreate');
      if (!said || (rs.status?.replicas ?? 0) >= (rs.spec?.replicas ?? 1)) continue;
      refusals.set(controllerOf(rs)?.uid ?? rs.metadata.uid, {
        type: 'Warning',
        reason: 'FailedCreate',
        message: said.message ?? '',
      });
    }
  }
  return refusals;
}

/** Call when the recorded objects are in the store. */
export function readPrograms(recordings: Recording[], store: Store): Programs {
  const programs = new Map<string, Program>();
  const recordedPods = new Set<string>();
  for (const recording of recordings) {
    const told = new Map<string, { workload: string; container: string; namespace: string; list: RecordedEnding[] }>();
    for (const pod of recording.objects.filter((o) => o.kind === 'Pod') as unknown as Pod[]) {
      recordedPods.add(pod.metadata.uid);
      const workload = workloadOf(store, pod);
      const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
      for (const c of [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])]) {
        const namespace = pod.metadata.namespace ?? '';
        const key = `${namespace}/${workload}/${c.name}`;
        const known = told.get(key) ?? { workload, container: c.name, namespace, list: [] };
        known.list.push(
          recordedEnding(
            recording,
            pod,
            c,
            statuses.find((s) => s.name === c.name),
          ),
        );
        told.set(key, known);
      }
    }
    for (const [key, { workload, container, namespace, list }] of told) {
      const program = combine(container, workload, list, recording);
      programs.set(key, program);
      // A hand-made copy of a pod has no workload of its own.
      programs.set(`${namespace}//${container}`, program);
    }
  }

  const of = (pod: Pod, container: Container): Program => {
    const workload = workloadOf(store, pod);
    const namespace = pod.metadata.namespace ?? '';
    const own = programs.get(`${namespace}/${workload}/${container.name}`);
    if (own) return own;
    if (!workload.startsWith('Pod/') || isShell(container)) return stranger;
    return programs.get(`${namespace}//${container.name}`) ?? stranger;
  };

  const refusals = readRefusals(recordings);
  return {
    of,
    refusal: (rs) => refusals.get(controllerOf(rs as unknown as KubeObject)?.uid ?? rs.metadata.uid),
    livesNow(pod, container) {
      const namespace = pod.metadata.namespace ?? '';
      const circumstances: Circumstances = {
        pod,
        recorded: recordedPods.has(pod.metadata.uid),
        configMap: (name) => store.get('configmaps', namespace, name)?.data,
        secret: (name) => {
          const secret = store.get('secrets', namespace, name);
          return secret && { ...secret.data, ...secret.stringData };
        },
        hasReadyEndpoints: (service) =>
          store
            .list('endpointslices.discovery.k8s.io', namespace)
            .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service)
            .some((slice) => (slice.endpoints ?? []).some((e) => e.conditions?.ready)),
      };
      return holds(of(pod, container).lives, container.name, circumstances);
    },
  };
}
