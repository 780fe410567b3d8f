// What is dropped of an object before anything else sees it: bulk that tells nothing, and every configuration value.

import { at, isObject, type JsonObject, object, objects, text } from '../core/json.ts';
import type { KubeObject } from '../core/snapshot.ts';

/** Any object without the field bookkeeping; of a change only who, when and how remain. */
export function slim(found: KubeObject): KubeObject {
  if (found.kind === 'ConfigMap') return slimConfigMap(found);
  const kept = withChanges(found, () => true);
  if (found.kind === 'Node' && isObject(found.status)) kept.status = without(found.status, 'images', 'volumesInUse');
  return kept;
}

/** A pod that is only a neighbour: who it is, who owns it, where it runs and how its containers fare. */
export function slimPod(pod: KubeObject): KubeObject {
  const { name, namespace, uid, labels, ownerReferences, creationTimestamp, deletionTimestamp } = pod.metadata;
  const status = object(pod.status);
  const kept = ['phase', 'reason', 'message', 'conditions', 'podIP', 'initContainerStatuses', 'containerStatuses'];
  return {
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: { name, namespace, uid, labels, ownerReferences, creationTimestamp, deletionTimestamp },
    spec: { nodeName: at(pod, 'spec', 'nodeName') },
    status: Object.fromEntries(kept.filter((key) => key in status).map((key) => [key, status[key]])),
  };
}

/** Stands where a value was not kept. That a value is empty is no secret and stays known. */
export const NOT_READ = '‹not read›';

/** Keys stay, values go; only changes of the content count as changes. */
function slimConfigMap(found: KubeObject): KubeObject {
  const changed = (entry: JsonObject): boolean =>
    ['f:data', 'f:binaryData', 'f:immutable'].some((field) => at(entry, 'fieldsV1', field) !== undefined);
  const kept = withChanges(found, changed);
  if (isObject(found.binaryData)) kept.binaryData = valuesDropped(found.binaryData);
  if (isObject(found.data)) {
    const empty = Object.entries(found.data).filter(([, value]) => value === '');
    kept.data = { ...valuesDropped(found.data), ...Object.fromEntries(empty) };
  }
  // The annotation of `kubectl apply` repeats every value.
  if (isObject(kept.metadata.annotations))
    kept.metadata.annotations = without(kept.metadata.annotations, 'kubectl.kubernetes.io/last-applied-configuration');
  return kept;
}

/** Every value unread, whatever it is. */
export function valuesDropped(data: JsonObject): JsonObject {
  return Object.fromEntries(Object.keys(data).map((key) => [key, NOT_READ]));
}

function withChanges(found: KubeObject, counts: (entry: JsonObject) => boolean): KubeObject {
  if (found.metadata.managedFields === undefined) return { ...found, metadata: { ...found.metadata } };
  const managedFields = objects(found.metadata.managedFields)
    .filter((entry) => text(entry.time) !== undefined && counts(entry))
    .map(({ manager, operation, time, subresource }) => ({ manager, operation, time, subresource }));
  return { ...found, metadata: { ...found.metadata, managedFields } };
}

function without(from: JsonObject, ...keys: string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key)));
}
