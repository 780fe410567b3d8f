// When a ConfigMap or Secret was last written, as far as the order of writes tells: recordings carry no managedFields,
// but every write of the cluster gets a higher resourceVersion. Objects of different kinds are comparable only where
// they share one store, so whoever uses this says "probably".

import { at, objects, text } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import type { Look } from './look.ts';

/** Kinds that share one store. Events are often kept in a store of their own. */
const NEIGHBOURS = ['Pod', 'ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet'];

interface Write {
  version: number;
  /** RFC 3339: the write came no earlier. */
  notBefore: string;
}

const writes = new WeakMap<Look, Write[]>();

/** The latest time that had certainly come when `found` was last written; "" unless that is later than it was made. */
export function changedAfter(look: Look, found: KubeObject, createdAt: string): string {
  const version = versionOf(found);
  if (version === undefined || createdAt === '') return '';
  let latest = '';
  for (const write of writesOf(look)) {
    if (write.version < version && write.notBefore > latest) latest = write.notBefore;
  }
  return latest > createdAt ? latest : '';
}

function writesOf(look: Look): Write[] {
  const known = writes.get(look);
  if (known) return known;
  const found = NEIGHBOURS.flatMap((kind) => look.all(kind)).flatMap((object) => {
    const version = versionOf(object);
    return version === undefined ? [] : [{ version, notBefore: newestTimeIn(object) }];
  });
  writes.set(look, found);
  return found;
}

function versionOf(object: KubeObject): number | undefined {
  const version = text(object.metadata.resourceVersion) ?? '';
  return /^[1-9]\d{0,14}$/.test(version) ? Number(version) : undefined;
}

function newestTimeIn(object: KubeObject): string {
  const times = [
    object.metadata.creationTimestamp,
    ...objects(at(object, 'status', 'conditions')).map((c) => c.lastTransitionTime),
    ...objects(at(object, 'status', 'containerStatuses')).flatMap((s) => [
      at(s, 'state', 'running', 'startedAt'),
      at(s, 'state', 'terminated', 'finishedAt'),
      at(s, 'lastState', 'terminated', 'finishedAt'),
    ]),
  ];
  return times.map((t) => text(t) ?? '').reduce((a, b) => (a > b ? a : b));
}
