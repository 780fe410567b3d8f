// PATCH pods/x/resize: the limits and requests of a pod's containers, and nothing else of it; whatever else the patch changes is
// dropped, annotations too. Then the kubelet is told by the change of the spec.
// Source of fact: k8s.io/kubernetes/pkg/registry/core/pod (podResizeStrategy) and core/validation (ValidatePodResize) of 1.34.
import { isDeepStrictEqual } from 'node:util';
import type { Body } from './decode.ts';
import { defaultPodSpec } from './defaults.ts';
import type { Answer } from './http.ts';
import type { Container, Pod, PodSpec } from './kinds.ts';
import { askedOfPod } from './pod-part.ts';
import type { Known } from './read.ts';
import { invalid } from './status-errors.ts';
import { type Problem, podSpecProblems } from './validation.ts';
import type { World } from './world/life.ts';
import { qosOf } from './world/pod.ts';
import { isDryRun } from './write.ts';

export function resizePod(world: World, route: Known, body: Body, query: URLSearchParams): Answer {
  const dryRun = isDryRun(query, 'PatchOptions');
  const { current, asked } = askedOfPod(world, route, body, query);
  const { name, generation = 1 } = current.metadata;
  const spec = resizedSpec(current.spec as PodSpec, asked.spec as PodSpec);
  const problems = [...resizeProblems(current, spec), ...podSpecProblems(spec, 'spec')];
  if (problems.length) throw invalid('Pod', name, problems);
  if (isDeepStrictEqual(spec, current.spec)) return { code: 200, json: current };
  const next = { ...current, metadata: { ...current.metadata, generation: generation + 1 }, spec } as Pod;
  return { code: 200, json: dryRun ? next : world.store.put('pods', next) };
}

/** Containers that were added, taken away or renamed stay as they were asked for: the check refuses them. */
function resizedSpec(before: PodSpec, asked: PodSpec): PodSpec {
  const merged = (was: Container[] = [], wanted: Container[] = []): Container[] =>
    was.length === wanted.length && was.every((c, n) => c.name === wanted[n]?.name)
      ? was.map((c, n) => ({ ...c, resources: wanted[n]?.resources }))
      : wanted;
  const spec = structuredClone({
    ...before,
    containers: merged(before.containers, asked.containers),
    ...(before.initContainers ? { initContainers: merged(before.initContainers, asked.initContainers) } : {}),
  });
  defaultPodSpec(spec);
  return spec;
}

function* resizeProblems(before: Pod, spec: PodSpec): Generator<Problem> {
  const was = before.spec as PodSpec;
  if ((before.status?.qosClass ?? qosOf(was)) !== qosOf(spec))
    yield {
      field: 'spec',
      message: `Invalid value: "${before.status?.qosClass}": Pod QOS Class may not change as a result of resizing`,
    };
  const running = (before.status?.containerStatuses ?? []).filter((status) => status.state?.running);
  if (running.some((status) => !status.resources))
    yield { field: 'spec', message: 'Forbidden: Pod running on node without support for resize' };
  if (spec.containers.length !== was.containers.length)
    yield { field: 'spec.containers', message: 'Forbidden: containers may not be added or removed on resize' };
  for (const [n, c] of spec.containers.entries()) {
    const old = was.containers[n];
    if (old && old.name !== c.name)
      yield {
        field: `spec.containers[${n}].name`,
        message: 'Forbidden: containers may not be renamed or reordered on resize',
      };
    for (const kind of ['limits', 'requests'] as const)
      if (Object.keys(old?.resources?.[kind] ?? {}).some((resource) => !c.resources?.[kind]?.[resource]))
        yield {
          field: `spec.containers[${n}].resources.${kind}`,
          message: `Forbidden: resource ${kind} cannot be removed`,
        };
  }
}
