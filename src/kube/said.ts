// What the containers of a pod said: their logs, and the messages they ended with.

import { at, object, objects, text } from '../core/json.ts';
import { nameOf } from '../core/normalise/look.ts';
import type { KubeObject } from '../core/snapshot.ts';
import type { Gathering } from './gathering.ts';
import { readLog } from './logs.ts';

/** Reads the logs of all containers and tells what they said, their termination messages included. */
export async function readSaid(g: Gathering, pod: KubeObject): Promise<string[]> {
  const spec = object(pod.spec);
  const statuses = [
    ...objects(at(pod, 'status', 'initContainerStatuses')),
    ...objects(at(pod, 'status', 'containerStatuses')),
  ];
  const names = [...objects(spec.initContainers), ...objects(spec.containers)].map((c) => text(c.name) ?? '');
  await Promise.all(
    names.flatMap((name) => {
      const status = statuses.find((s) => s.name === name);
      // No container was ever made: there is no log to ask for.
      if (!status) return [];
      const last = at(status, 'lastState', 'terminated', 'containerID');
      if (last !== undefined && last === status.containerID)
        return [readLog(g, nameOf(pod), name, 'previous', 'current')];
      const ran = last !== undefined || status.restartCount !== 0;
      return [readLog(g, nameOf(pod), name, 'current'), ...(ran ? [readLog(g, nameOf(pod), name, 'previous')] : [])];
    }),
  );
  const messages = statuses.flatMap((s) => [
    text(at(s, 'state', 'terminated', 'message')) ?? '',
    text(at(s, 'lastState', 'terminated', 'message')) ?? '',
  ]);
  return [...g.logs.filter((log) => log.pod === nameOf(pod)).map((log) => log.text), ...messages];
}
