// How a pod template is recognised again: the hash of the raw template of a workload or revision, made before anything is
// redacted, so that a plan can tell at the moment of the write whether it still means the same template.

import { templateHashOf } from './action.ts';
import { at, isObject } from './json.ts';
import type { KubeObject } from './snapshot.ts';

/** Hash of the pod template that this object holds; undefined for objects that hold none. */
export function templateHash(found: KubeObject): string | undefined {
  const template = podTemplate(found);
  return template === undefined ? undefined : templateHashOf(template);
}

function podTemplate(found: KubeObject): unknown {
  if (found.kind === 'CronJob') return at(found, 'spec', 'jobTemplate', 'spec', 'template');
  if (found.kind !== 'ControllerRevision') return at(found, 'spec', 'template');
  // Stored as a patch that replaces the template; the instruction is no part of it.
  const template = at(found, 'data', 'spec', 'template');
  if (!isObject(template)) return undefined;
  const { $patch: _, ...plain } = template;
  return plain;
}
