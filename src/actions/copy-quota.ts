// Whether the namespace has room for one more pod like this container: a copy that the quota refuses, or that takes the room
// of the real pods, helps nobody.

import type { ContainerEvidence } from '../core/evidence/container.ts';
import type { Evidence } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import type { Refusal } from '../core/plan.ts';
import { parseQuantity } from '../core/quantity.ts';
import { countsPod } from './quota-scope.ts';

/** `words` continue "with the requests of api"; a refusal names the quota that has no room. */
export function quotaFor({ quotas }: Evidence, container: ContainerEvidence): { words: string } | Refusal {
  const asked = asks(container);
  const bestEffort = asked.memory === 0 && asked.cpu === 0 && asked['limits.memory'] === 0 && asked['limits.cpu'] === 0;
  // It has an end, and no priority class.
  const found = (known(quotas) ?? []).filter((quota) =>
    countsPod(quota, { ends: true, bestEffort, priorityClass: '' }),
  );
  for (const { name, hard, used } of found) {
    for (const [resource, wanted] of Object.entries(asked)) {
      const left = (parseQuantity(hard[resource] ?? '') ?? Number.NaN) - (parseQuantity(used[resource] ?? '') ?? 0);
      if (wanted > left)
        return {
          refusal: `Quota ${name} has no room for a copy: ${used[resource] ?? '0'} of ${hard[resource]} ${resource} are in use. Have it raised, or look into the pod itself with kubectl debug.`,
        };
    }
  }
  const names = found.map(({ name }) => name).join(', ');
  return { words: names ? `; it counts against quota ${names}` : '; it counts against any quota' };
}

/** What one pod of this container takes; without a request it reserves its limit. */
function asks({ cpuRequest, cpuLimit, memoryRequest, memoryLimit }: ContainerEvidence): { [resource: string]: number } {
  const of = (...quantities: ContainerEvidence['cpuRequest'][]): number =>
    quantities.map((one) => parseQuantity(known(one) ?? '')).find((n) => n !== undefined) ?? 0;
  const cpu = of(cpuRequest, cpuLimit);
  const memory = of(memoryRequest, memoryLimit);
  return {
    pods: 1,
    'count/pods': 1,
    cpu,
    'requests.cpu': cpu,
    'limits.cpu': of(cpuLimit),
    memory,
    'requests.memory': memory,
    'limits.memory': of(memoryLimit),
  };
}
