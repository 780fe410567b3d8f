// What the kubelet keeps in mind of one pod, and the two things it does with it: change a container's status, and say an event.
import type { Cancel, Clock } from '../clock.ts';
import type { Container, ContainerStatus, Pod } from '../kinds.ts';
import type { Store } from '../store.ts';
import type { Recorder, Words } from './events.ts';
import type { Ids } from './ids.ts';
import { settle } from './pod-status.ts';
import type { Programs } from './programs.ts';

/** One run of a container and what it wrote, found by the container's id. */
export type Run = { text: string; startedMs: number; endedMs?: number };

export type World = {
  store: Store;
  clock: Clock;
  ids: Ids;
  programs: Programs;
  say: Recorder;
  runs: Map<string, Run>;
  /** When each Deployment's rollout last got further, in milliseconds; its condition keeps whole seconds only. */
  progressMs: Map<string, number>;
  nodeName: string;
  nodeIp: string;
};

export type Life = {
  namespace: string;
  name: string;
  uid: string;
  timers: Set<Cancel>;
  /** Containers that have been started or tried; the others wait for their turn. */
  begun: Set<string>;
  /** Place on the back-off ladder, per container. */
  backOffs: Map<string, number>;
  /** What the pod's own cgroup allows each container: as it was admitted, until a resize meets the container running. */
  inForce: Map<string, Container['resources']>;
  /** Containers whose present run was resized. */
  resized: Set<string>;
};

export const newLife = ({ metadata, spec }: Pod): Life => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  uid: metadata.uid,
  timers: new Set(),
  begun: new Set(),
  backOffs: new Map(),
  inForce: new Map([...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map((c) => [c.name, c.resources])),
  resized: new Set(),
});

export const endLife = (life: Life): void => {
  for (const cancel of life.timers) cancel();
  life.timers.clear();
};

/** Runs once after that many seconds of the simulated world, unless the pod is gone by then. */
export function later(world: World, life: Life, seconds: number, run: () => void): void {
  const cancel = world.clock.after(seconds, () => {
    life.timers.delete(cancel);
    run();
  });
  life.timers.add(cancel);
}

export function podOf(world: World, life: Life): Pod | undefined {
  const pod = world.store.get('pods', life.namespace, life.name);
  return pod?.metadata.uid === life.uid ? pod : undefined;
}

export const containersOf = (pod: Pod): Container[] => [
  ...(pod.spec?.initContainers ?? []),
  ...(pod.spec?.containers ?? []),
];

export const statusOf = (pod: Pod, name: string): ContainerStatus | undefined =>
  [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].find((s) => s.name === name);

export function changePod(world: World, life: Life, change: (draft: Pod) => void): void {
  if (!podOf(world, life)) return;
  world.store.edit('pods', { metadata: life }, (draft) => {
    change(draft);
    settle(draft, world.clock.now());
  });
}

export function changeContainer(
  world: World,
  life: Life,
  name: string,
  change: (status: ContainerStatus) => void,
): void {
  changePod(world, life, (draft) => {
    const status = statusOf(draft, name);
    if (status) change(status);
  });
}

export function sayOfContainer(world: World, pod: Pod, name: string, words: Words): void {
  const list = pod.spec?.initContainers?.some((c) => c.name === name) ? 'initContainers' : 'containers';
  world.say('kubelet', pod, words, `spec.${list}{${name}}`);
}
