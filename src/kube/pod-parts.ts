// What changes a running pod: how it is sent, what tells that it is done, and which of its guards held no more.
import type { ChangeStep } from '../core/change.ts';
import { at, canonical, text } from '../core/json.ts';
import { uidOf } from '../core/normalise/look.ts';
import { parseQuantity } from '../core/quantity.ts';
import type { KubeObject } from '../core/snapshot.ts';
import type { Cluster } from './clusters.ts';
import { pods } from './kinds.ts';
import { findObject, sendObject } from './objects.ts';

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

/** Undefined when every guard still holds. */
export async function podDrift(cluster: Cluster, change: PartChange): Promise<string | undefined> {
  const { namespace, name, uid, operations } = change;
  const now = await findObject(cluster, { resource: pods, namespace, name });
  if (!now || uidOf(now) !== uid) return `Pod ${name} is not the one the plan meant: it is gone or was replaced.`;
  const broken = operations.find((o) => o.op === 'test' && canonical(valueAt(now, o.path)) !== canonical(o.value));
  if (!broken) return undefined;
  return broken.path.startsWith('/status/')
    ? `The container of pod ${name} ended in that moment, and a resize would not reach its pod.`
    : `The resources of pod ${name} were changed since the plan.`;
}

/** None of these pointers has an escaped step. */
function valueAt(found: KubeObject, pointer: string): unknown {
  const steps = pointer.slice(1).split('/');
  return at(found, ...steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step)));
}
