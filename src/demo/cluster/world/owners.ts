// Who controls whom: owner references followed upwards and downwards.
import type { Kinds, KubeObject, Pod, Resource } from '../kinds.ts';
import { kindOf } from '../kinds.ts';
import type { Store } from '../store.ts';

type Owned = { metadata: KubeObject['metadata'] };

export const controllerOf = (object: Owned) => object.metadata.ownerReferences?.find((o) => o.controller);

/** `Deployment/checkout-api`: the topmost controller of a pod, or the pod itself when nobody controls it. */
export function workloadOf(store: Store, pod: Pod): string {
  let current: Owned & { kind: string } = pod;
  for (let depth = 0; depth < 4; depth += 1) {
    const owner = controllerOf(current);
    if (!owner) break;
    const info = kindOf(owner.apiVersion, owner.kind);
    const found = info && store.get(info.resource as 'replicasets.apps', current.metadata.namespace, owner.name);
    if (!found) return `${owner.kind}/${owner.name}`;
    current = found;
  }
  return `${current.kind}/${current.metadata.name}`;
}

export const controlledBy = <R extends Resource>(store: Store, resource: R, owner: Owned): Kinds[R][] =>
  store
    .list(resource, owner.metadata.namespace)
    .filter((object) => controllerOf(object as unknown as Owned)?.uid === owner.metadata.uid);

export const ownedBy = (
  owner: Owned & { apiVersion: string; kind: string },
): NonNullable<Owned['metadata']['ownerReferences']> => [
  {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  },
];
