// What the template of a workload itself says. Its pods may say otherwise: limit ranges, autoscalers and webhooks change a
// pod when it is made, and what only a pod has cannot be changed in the template.

import type { ContainerEvidence } from '../core/evidence/container.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Fact, known } from '../core/fact.ts';
import { at, type JsonObject, object, objects, words } from '../core/json.ts';
import { parseQuantity } from '../core/quantity.ts';

type Resource = 'memory' | 'cpu';

/** The redacted spec of the present template; undefined where it was not read. */
export function ownSpec(evidence: Evidence): JsonObject | undefined {
  const current = known(evidence.revisions)?.find((revision) => revision.current);
  const { templateHash } = known(evidence.workload) ?? {};
  return current && current.templateHash === templateHash ? object(current.template.spec) : undefined;
}

export function ownContainer(evidence: Evidence, name: string): JsonObject | undefined {
  const spec = ownSpec(evidence);
  return ['containers', 'initContainers'].flatMap((list) => objects(at(spec, list))).find((one) => one.name === name);
}

/**
 * What it asks for of a resource; undefined where its limit stands for that. In a pod, a limit without a request is shown
 * as the request too, so that only the template tells. Without the template, what the pod shows is believed.
 */
export function ownRequest(evidence: Evidence, container: ContainerEvidence, resource: Resource): string | undefined {
  const own = ownContainer(evidence, container.name);
  if (own) return words(at(own, 'resources', 'requests', resource));
  return known(resource === 'memory' ? container.memoryRequest : container.cpuRequest);
}

/** The same of its limit. */
export function ownLimit(evidence: Evidence, container: ContainerEvidence, resource: Resource): string | undefined {
  const own = ownContainer(evidence, container.name);
  if (own) return words(at(own, 'resources', 'limits', resource));
  return known(resource === 'memory' ? container.memoryLimit : container.cpuLimit);
}

/** The admission webhook of a vertical autoscaler writes its own values into every pod, whatever the template says. */
export function autoscaled({ pod }: Evidence, container: string): string | undefined {
  const note = known(pod.annotations)?.vpaUpdates;
  if (typeof note !== 'string') return undefined;
  const name = /updated by ([^\s:]+)/.exec(note)?.[1] ?? '';
  return `The vertical pod autoscaler ${name} sets the limits of its pods, whatever the template says: raise maxAllowed of ${container} in its resourcePolicy, or let it leave ${container} alone (mode: "Off").`;
}

/** Said where a pod has another limit than its template; [] where they agree. */
export function otherInPod(container: string, what: string, own: string | undefined, inPod: string): string[] {
  if (own !== undefined && parseQuantity(own) === parseQuantity(inPod)) return [];
  return [
    `The template ${own === undefined ? `sets no ${what}` : `says ${own}`}; the pod has ${inPod}, from a limit range, a webhook or a resize. ${container} gets what the template says from then on.`,
  ];
}

/** A raised limit over a request that stays takes a pod out of the class that is evicted last. */
export function classChange({ containers }: Evidence): string[] {
  const isWhole = (c: ContainerEvidence): boolean =>
    same(c.memoryLimit, c.memoryRequest) && same(c.cpuLimit, c.cpuRequest);
  return containers.every(isWhole)
    ? [
        'The pod is Guaranteed now and becomes Burstable, since its request stays: raise the request too where that matters.',
      ]
    : [];
}

function same(limit: Fact<string>, request: Fact<string>): boolean {
  const [a, b] = [parseQuantity(known(limit) ?? ''), parseQuantity(known(request) ?? '')];
  return a !== undefined && a === b;
}
