// Pods of which a paste gives only hints: how they are named, found and completed while the draft is put together.

import { at, isObject, type JsonObject, objects, text } from '../json.ts';
import type { KubeObject, UnreadPart } from '../snapshot.ts';
import { NOT_PASTED } from './draft.ts';

export function nameOf(object: KubeObject): string {
  return text(object.metadata.name) ?? '';
}

export function containersOf(pod: KubeObject): JsonObject[] {
  return [...objects(at(pod, 'spec', 'containers')), ...objects(at(pod, 'spec', 'initContainers'))];
}

/** The pod's spec, made where the paste holds none. */
export function specOf(pod: KubeObject): JsonObject {
  if (!isObject(pod.spec)) pod.spec = {};
  return pod.spec as JsonObject;
}

/** A container that a message or a log named; of its spec nothing is known. */
function isOnlyNamed(container: JsonObject): boolean {
  return Object.keys(container).length === 1;
}

export function allUnread(pod: string, unread: UnreadPart[]): void {
  for (const part of ['metadata', 'spec', 'status']) unread.push({ at: `Pod/${pod}:${part}`, why: NOT_PASTED });
}

/** A describe without its head gets its name from the log's command; its unread parts move with it. */
export function rename(pod: KubeObject, name: string, pods: Map<string, KubeObject>, unread: UnreadPart[]): void {
  pods.delete('');
  pod.metadata.name = name;
  pods.set(name, pod);
  for (const part of unread) if (part.at.startsWith('Pod/:')) part.at = `Pod/${name}:${part.at.slice(5)}`;
}

/** Gives a container its name: the nameless one of a cut describe, or a new one where the spec was not pasted. */
export function nameContainer(pod: KubeObject, name: string | undefined, where: 'initContainers' | 'containers'): void {
  if (name === undefined) return;
  const spec = specOf(pod);
  const known = [...objects(spec.initContainers), ...objects(spec.containers), ...objects(spec.ephemeralContainers)];
  if (known.some((c) => c.name === name)) return;
  const nameless = known.find((c) => c.name === '');
  if (nameless) {
    nameless.name = name;
    for (const status of [
      ...objects(at(pod, 'status', 'containerStatuses')),
      ...objects(at(pod, 'status', 'initContainerStatuses')),
    ])
      if (status.name === '') status.name = name;
  } else if (known.every(isOnlyNamed)) {
    spec[where] = [...objects(spec[where]), { name }];
  }
}
