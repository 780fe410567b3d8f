// The scheduler and the kubelet of the one node: takes pods that have none, runs their containers in order, ends them when they
// are deleted, and takes over the recorded pods in the middle of their lives.
import { isDeepStrictEqual } from 'node:util';
import type { Container, Pod } from '../kinds.ts';
import { start } from './container.ts';
import {
  changePod,
  containersOf,
  endLife,
  type Life,
  later,
  newLife,
  podOf,
  sayOfContainer,
  statusOf,
  type World,
} from './life.ts';
import { waitingStatus } from './pod.ts';
import { resize } from './resize.ts';
import { resume } from './resume.ts';

const scheduleSeconds = 0.05;
const sandboxSeconds = 0.5;
const stopSeconds = 1;

export type Kubelet = ReturnType<typeof createKubelet>;

export function createKubelet(world: World) {
  const lives = new Map<string, Life>();

  /** Starts the next init container, or all the others once those are through. */
  function proceed(life: Life): void {
    const pod = podOf(world, life);
    if (!pod) return;
    const begin = (c: Container): void => {
      if (!life.begun.has(c.name)) start(world, life, c.name, false, () => proceed(life));
    };
    for (const c of pod.spec?.initContainers ?? []) {
      const status = statusOf(pod, c.name);
      if (c.restartPolicy === 'Always' ? status?.started : status?.state?.terminated?.exitCode === 0) continue;
      begin(c);
      return;
    }
    for (const c of pod.spec?.containers ?? []) begin(c);
  }

  function schedule(pod: Pod): void {
    const life = newLife(pod);
    lives.set(pod.metadata.uid, life);
    const place = (): void => {
      const current = podOf(world, life);
      if (!current) return;
      const refused = containersOf(current)
        .map((c) => ({ c, program: world.programs.of(current, c) }))
        .find(({ c, program }) => program.ending?.kind === 'unscheduled' && !world.programs.livesNow(current, c));
      if (refused?.program.ending?.kind === 'unscheduled') {
        const words = refused.program.ending.words.at(-1) ?? {
          type: 'Warning',
          reason: 'FailedScheduling',
          message: '',
        };
        world.say('default-scheduler', current, words);
        world.store.edit('pods', current, (draft) => {
          const condition = {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: words.message,
            lastTransitionTime: draft.metadata.creationTimestamp,
          };
          draft.status = { ...draft.status, conditions: [condition] };
        });
        later(world, life, 60, place);
      } else admit(life, current);
    };
    later(world, life, scheduleSeconds, place);
  }

  function admit(life: Life, pod: Pod): void {
    world.say('default-scheduler', pod, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${life.namespace}/${life.name} to ${world.nodeName}`,
    });
    const inits = pod.spec?.initContainers ?? [];
    changePod(world, life, (draft) => {
      draft.spec!.nodeName = world.nodeName;
      draft.status = {
        ...draft.status,
        phase: 'Pending',
        hostIP: world.nodeIp,
        hostIPs: [{ ip: world.nodeIp }],
        startTime: world.clock.now(),
        observedGeneration: draft.metadata.generation,
        containerStatuses: draft.spec!.containers.map((c) =>
          waitingStatus(c, inits.length ? 'PodInitializing' : 'ContainerCreating'),
        ),
        ...(inits.length ? { initContainerStatuses: inits.map((c) => waitingStatus(c, 'PodInitializing')) } : {}),
      };
    });
    later(world, life, sandboxSeconds, () => {
      const ip = world.ids.podIp();
      changePod(world, life, (draft) => {
        draft.status!.podIP = ip;
        draft.status!.podIPs = [{ ip }];
      });
      proceed(life);
    });
  }

  function terminate(pod: Pod): void {
    const life = lives.get(pod.metadata.uid);
    if (!life) {
      world.store.remove('pods', pod);
      return;
    }
    endLife(life);
    const running = (pod.status?.containerStatuses ?? []).filter((s) => s.state?.running);
    for (const s of running) {
      sayOfContainer(world, pod, s.name, {
        type: 'Normal',
        reason: 'Killing',
        message: `Stopping container ${s.name}`,
      });
    }
    later(world, life, running.length ? stopSeconds : scheduleSeconds, () => world.store.remove('pods', pod));
  }

  function forget(pod: Pod): void {
    const life = lives.get(pod.metadata.uid);
    if (life) endLife(life);
    lives.delete(pod.metadata.uid);
    for (const c of containersOf(pod)) {
      const status = statusOf(pod, c.name);
      world.runs.delete(status?.containerID ?? '');
      world.runs.delete(status?.lastState?.terminated?.containerID ?? '');
    }
  }

  function adopt(pod: Pod): void {
    if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') return;
    if (!pod.spec?.nodeName) {
      schedule(pod);
      return;
    }
    const life = newLife(pod);
    lives.set(pod.metadata.uid, life);
    resume(world, life, pod, () => proceed(life));
  }

  /** Told of every change of a pod; only another wish for resources concerns it. */
  function change(pod: Pod, before: Pod): void {
    const life = lives.get(pod.metadata.uid);
    const wish = (of: Pod): unknown => containersOf(of).map((c) => c.resources);
    if (life && !isDeepStrictEqual(wish(pod), wish(before)))
      resize(world, life, before, (name) => start(world, life, name, true, () => proceed(life)));
  }

  return { schedule, terminate, forget, adopt, change };
}
