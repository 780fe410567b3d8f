// How a pod template is recognised again: the hash of the raw template of a workload or revision, made before anything is
// redacted, so that a plan can tell at the moment of the write whether it still means the same template.

import { podTemplateOf, templateHashOf } from './action.ts';
import type { KubeObject } from './snapshot.ts';

/** Hash of the pod template that this object holds; undefined for objects that hold none. */
export function templateHash(found: KubeObject): string | undefined {
  const template = podTemplateOf(found);
  return template && templateHashOf(template);
}
