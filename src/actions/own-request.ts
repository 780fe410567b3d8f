// What a template itself asks for of a resource. In a pod, a limit without a request is shown as the request too, so that the
// pod cannot tell whether a raised limit raises its request as well.

import type { ContainerEvidence } from '../core/evidence/container.ts';
import type { Evidence } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import { at, objects, words } from '../core/json.ts';

/** Undefined where the limit stands for it. Without the template, what the pod shows is believed. */
export function ownRequest(
  evidence: Evidence,
  container: ContainerEvidence,
  resource: 'memory' | 'cpu',
): string | undefined {
  const template = known(evidence.revisions)?.find((revision) => revision.current)?.template;
  const own = ['containers', 'initContainers']
    .flatMap((list) => objects(at(template, 'spec', list)))
    .find((one) => one.name === container.name);
  if (own) return words(at(own, 'resources', 'requests', resource));
  return known(resource === 'memory' ? container.memoryRequest : container.cpuRequest);
}
