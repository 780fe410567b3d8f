// The other pods of a workload, and how any pod fares in a word.

import type { Sibling } from '../evidence/workload.ts';
import { type Fact, seen, unread } from '../fact.ts';
import { at, number, objects, text } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, nameOf, ownerChain, uidOf } from './look.ts';

export function isReady(pod: KubeObject): boolean {
  return objects(at(pod, 'status', 'conditions')).some((c) => c.type === 'Ready' && c.status === 'True');
}

/** Other pods under the same topmost owner. */
export function siblingsOf(
  look: Look,
  pod: KubeObject | undefined,
  owners: Set<string>,
  namespace: string,
): Fact<Sibling[]> {
  const why = ['Pod', 'PodList', 'pods'].map(look.whyUnread).find((w) => w !== undefined);
  if (why !== undefined) return unread('status', 'pods', why);
  const others = look.all('Pod', namespace).filter((other) => {
    if (other === pod) return false;
    return ownerChain(look, other).some((o) => owners.has(`${o.kind}/${o.name}`));
  });
  return seen(others.map(siblingOf), 'status', 'pods');
}

function siblingOf(pod: KubeObject): Sibling {
  const statuses = objects(at(pod, 'status', 'initContainerStatuses')).concat(
    objects(at(pod, 'status', 'containerStatuses')),
  );
  return {
    name: nameOf(pod),
    uid: uidOf(pod),
    ready: isReady(pod),
    restarts: statuses.reduce((sum, s) => sum + (number(s.restartCount) ?? 0), 0),
    nodeName: text(at(pod, 'spec', 'nodeName')) ?? '',
    trouble: troubleOf(pod),
    revision:
      text(at(pod.metadata, 'labels', 'pod-template-hash')) ??
      text(at(pod.metadata, 'labels', 'controller-revision-hash')) ??
      '',
    createdAt: text(pod.metadata.creationTimestamp) ?? '',
  };
}

/** The worst container's reason in one word, "" when all is well. */
export function troubleOf(pod: KubeObject): string {
  const reason = text(at(pod, 'status', 'reason'));
  if (reason) return reason;
  const statuses = objects(at(pod, 'status', 'initContainerStatuses')).concat(
    objects(at(pod, 'status', 'containerStatuses')),
  );
  for (const s of statuses) {
    const waiting = text(at(s, 'state', 'waiting', 'reason'));
    if (waiting && waiting !== 'PodInitializing' && waiting !== 'ContainerCreating') return waiting;
    const exit = number(at(s, 'state', 'terminated', 'exitCode'));
    if (exit !== undefined && exit !== 0) return text(at(s, 'state', 'terminated', 'reason')) ?? 'Error';
  }
  return '';
}
