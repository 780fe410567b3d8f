// What changes a running pod: how it is sent, and what tells that it is done.
import type { ChangeStep } from '../core/change.ts';
import { at, text } from '../core/json.ts';
import { uidOf } from '../core/normalise/look.ts';
import { parseQuantity } from '../core/quantity.ts';
import type { KubeObject } from '../core/snapshot.ts';
import type { Cluster } from './clusters.ts';
import { pods } from './kinds.ts';
import { sendObject } from './objects.ts';

export type ResizeChange = Extract<ChangeStep, { is: 'resize-pod' }>;
type PartChange = Extract<ChangeStep, { is: 'resize-pod' | 'join-pod' }>;

/** A change of a part of a pod that has a door of its own. */
export function patchPart(
  cluster: Cluster,
  { is, namespace, name, operations }: PartChange,
  query: { [name: string]: string },
): Promise<KubeObject> {
  const contentType = 'application/json-patch+json';
  const place = { resource: pods, namespace, name, subresource: is === 'join-pod' ? 'ephemeralcontainers' : 'resize' };
  return sendObject(cluster, { verb: 'patch', ...place, query, contentType, body: operations });
}

/** The pod asks for what the resize wants; whether the kubelet has done it is another question. */
export function isResized(pod: KubeObject, { uid, operations }: ResizeChange): boolean {
  const amount = (value: unknown) => parseQuantity(text(value) ?? '');
  const wanted = operations.filter(({ op }) => op === 'replace');
  return uidOf(pod) === uid && wanted.every((o) => amount(valueAt(pod, o.path)) === amount(o.value));
}

/** The value that a JSON Patch would test there. */
export function valueAt(found: KubeObject, pointer: string): unknown {
  const steps = pointer.slice(1).split('/');
  return steps.reduce<unknown>((here, step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    return at(here, Array.isArray(here) ? Number(key) : key);
  }, found);
}
