// How a pod template is recognised again: the hash of the raw template of a workload or revision, made before anything is
// redacted, so that a plan can tell at the moment of the write whether it still means the same template.

import { at, hashOf, isObject, type JsonObject, object, objects } from './json.ts';
import type { KubeObject } from './snapshot.ts';

/** Hash of the pod template that this object holds; undefined for objects that hold none. */
export function templateHash(found: KubeObject): string | undefined {
  const template = podTemplateOf(found);
  return template && templateHashOf(template);
}

/** Hash of a raw pod template, as stored in a plan and compared at the moment of the write. */
export function templateHashOf(template: unknown): string {
  return hashOf(stripped(template));
}

/**
 * Hash of what the pods of a template run. Another stamp or label on the template is no other program, nor is the variable
 * with which Stakater's Reloader has a changed ConfigMap read.
 */
export function specHash(found: KubeObject): string | undefined {
  const template = podTemplateOf(found);
  if (!template) return undefined;
  const spec = structuredClone(object(template.spec));
  for (const container of [...objects(spec.initContainers), ...objects(spec.containers)]) {
    const env = objects(container.env).filter(({ name }) => !String(name).startsWith('STAKATER_'));
    container.env = env.length > 0 ? env : undefined;
  }
  return hashOf(spec);
}

/** Without what controllers add to a ReplicaSet's copy of the template, so that equal templates hash equally. */
function stripped(template: unknown): unknown {
  const copy = structuredClone(template) as JsonObject | undefined;
  // A ControllerRevision's copy carries a directive of the strategic merge patch.
  if (copy) delete copy.$patch;
  const metadata = copy?.metadata as JsonObject | undefined;
  if (metadata) {
    delete metadata.creationTimestamp;
    const labels = metadata.labels as JsonObject | undefined;
    if (labels) delete labels['pod-template-hash'];
  }
  return copy;
}

/** The pod template of a workload or revision; undefined for what holds none. */
export function podTemplateOf(found: KubeObject): JsonObject | undefined {
  const template =
    found.kind === 'CronJob'
      ? at(found, 'spec', 'jobTemplate', 'spec', 'template')
      : found.kind === 'ControllerRevision'
        ? at(found, 'data', 'spec', 'template')
        : at(found, 'spec', 'template');
  if (!isObject(template)) return undefined;
  // A ControllerRevision stores it as a patch that replaces the template; the directive is no part of it.
  const { $patch: _, ...plain } = template;
  return plain;
}
