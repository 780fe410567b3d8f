// PATCH pods/x/ephemeralcontainers: containers that join a pod, and nothing else of it; whatever else the patch changes is
// dropped. What has joined can neither be changed nor taken out, and has none of the fields that only a container may have.
// Source of fact: k8s.io/kubernetes/pkg/registry/core/pod (podEphemeralContainersStrategy) and core/validation
// (ValidatePodEphemeralContainersUpdate, validateEphemeralContainers) of 1.34.
import { isDeepStrictEqual } from 'node:util';
import type { Body, Fields } from './decode.ts';
import type { Answer } from './http.ts';
import type { Pod } from './kinds.ts';
import { askedOfPod } from './pod-part.ts';
import type { Known } from './read.ts';
import { invalid } from './status-errors.ts';
import type { Problem } from './validation.ts';
import type { World } from './world/life.ts';
import { isDryRun } from './write.ts';

const FORBIDDEN = [
  'ports',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resources',
  'resizePolicy',
];

export function joinPod(world: World, route: Known, body: Body, query: URLSearchParams): Answer {
  const dryRun = isDryRun(query, 'PatchOptions');
  const { current, asked } = askedOfPod(world, route, body, query);
  const { name, generation = 1 } = current.metadata;
  const before = joined(current);
  const after = joined(asked).map((one) => ({
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
    ...one,
  }));
  const problems = [...problemsOf(current, before, after)];
  if (problems.length) throw invalid('Pod', name, problems);
  if (after.length === before.length) return { code: 200, json: current };
  const spec = { ...current.spec, ephemeralContainers: after };
  const next = { ...current, metadata: { ...current.metadata, generation: generation + 1 }, spec } as unknown as Pod;
  return { code: 200, json: dryRun ? next : world.store.put('pods', next) };
}

const joined = (pod: Pod): Fields[] =>
  (pod.spec as unknown as { ephemeralContainers?: Fields[] }).ephemeralContainers ?? [];

function* problemsOf(pod: Pod, before: Fields[], after: Fields[]): Generator<Problem> {
  const field = 'spec.ephemeralContainers';
  for (const [n, one] of before.entries())
    if (!isDeepStrictEqual(one, after[n]))
      yield {
        field: `${field}[${n}]`,
        message: 'Forbidden: existing ephemeral containers may not be changed or removed',
      };
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const names = new Set([...containers, ...before].map((one) => one.name));
  for (const [i, one] of after.slice(before.length).entries()) {
    const at = `${field}[${before.length + i}]`;
    if (names.has(one.name)) yield { field: `${at}.name`, message: `Duplicate value: "${one.name}"` };
    names.add(one.name);
    const { targetContainerName: target } = one;
    if (target !== undefined && !containers.some(({ name }) => name === target))
      yield { field: `${at}.targetContainerName`, message: `Not found: "${target}"` };
    for (const name of FORBIDDEN)
      if (one[name] !== undefined)
        yield { field: `${at}.${name}`, message: 'Forbidden: cannot be set for an Ephemeral Container' };
  }
}
