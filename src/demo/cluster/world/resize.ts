// What the kubelet makes of a resize. It acts on a container that runs. One that waits starts with its new limit, and its pod's
// own cgroup stays as it was, so that it is killed as before, while status and event say that the resize is completed.
// Source of fact: measured on a kubelet of 1.34.9; kubernetes issue 138760 tells the same.
import { isDeepStrictEqual } from 'node:util';
import type { Container, Pod } from '../kinds.ts';
import { restartNow } from './crash.ts';
import { changeContainer, containersOf, type Life, later, podOf, statusOf, type World } from './life.ts';

const syncSeconds = 1;

export function resize(world: World, life: Life, before: Pod, again: (name: string) => void): void {
  later(world, life, syncSeconds, () => {
    const pod = podOf(world, life);
    if (!pod) return;
    for (const c of containersOf(pod)) {
      const old = containersOf(before).find((one) => one.name === c.name)?.resources;
      if (!isDeepStrictEqual(c.resources, old)) actuate(world, life, c, old, () => again(c.name));
    }
    world.say('kubelet', pod, { type: 'Normal', reason: 'ResizeCompleted', message: 'Pod resize completed' });
  });
}

function actuate(world: World, life: Life, c: Container, old: Container['resources'], again: () => void): void {
  const pod = podOf(world, life);
  const isRunning = pod && statusOf(pod, c.name)?.state?.running;
  changeContainer(world, life, c.name, (status) => {
    status.resources = c.resources;
    status.allocatedResources = c.resources?.requests;
  });
  if (!isRunning) return;
  life.inForce.set(c.name, c.resources);
  life.resized.add(c.name);
  if (changes(c, old)) restartNow(world, life, c.name, again);
}

/** Whether the container wants a restart for one of the resources that changed. */
const changes = (c: Container, old: Container['resources']): boolean =>
  (c.resizePolicy ?? []).some(
    ({ resourceName, restartPolicy }) =>
      restartPolicy === 'RestartContainer' &&
      (c.resources?.limits?.[resourceName] !== old?.limits?.[resourceName] ||
        c.resources?.requests?.[resourceName] !== old?.requests?.[resourceName]),
  );

/** The pod as its programs feel it: with the limits that are in force, whatever is asked for. */
export function asInForce(life: Life, pod: Pod): Pod {
  const felt = structuredClone(pod);
  for (const c of containersOf(felt)) if (life.inForce.has(c.name)) c.resources = life.inForce.get(c.name);
  return felt;
}
