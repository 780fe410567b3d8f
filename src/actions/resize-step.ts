// The write that gives a running pod its new limit, after its template: guarded by the pod's uid, by the resources that were
// seen and by the very run of the container. The pod can carry no mark of the plan; what it asks for tells that it is done.

import type { Change, ChangeStep, JsonPatchOperation, Now } from '../core/change.ts';
import { at, type JsonObject, list, object, objects, text } from '../core/json.ts';
import { nameOf, uidOf } from '../core/normalise/look.ts';
import type { Plan } from '../core/plan.ts';
import { parseQuantity } from '../core/quantity.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { madeAnew } from './by-hand.ts';

/** The resize, unless it is done or its pod is gone: the next pod comes from the template. */
export function resizeStep(
  plan: Plan,
  { related }: Now,
  marked: boolean,
): ChangeStep[] | Extract<Change, { is: 'refused' | 'drift' }> {
  const { inPlace } = plan;
  if (!inPlace) return [];
  const pod = podInPlace(plan, related);
  if (!pod || pod.metadata.deletionTimestamp !== undefined)
    return marked ? [] : { is: 'drift', because: `pod ${inPlace.name} was replaced since the plan was made` };
  const operations = resizeOperations(plan, pod);
  if (operations.length === 0) return [];
  const status = statusAt(pod, plan.container);
  if (!status) return { is: 'refused', because: notRunning(plan, marked) };
  const { namespace, name, uid } = inPlace;
  const guards = [{ op: 'test' as const, path: '/metadata/uid', value: uid }, status];
  return [{ is: 'resize-pod', namespace, name, uid, operations: [...guards, ...operations] }];
}

/** Tests of what is there and what is to be; [] when it is so already. */
function resizeOperations(plan: Plan, pod: KubeObject): JsonPatchOperation[] {
  const place = placeOf(pod, plan.container);
  const resources = object(at(containerOf(pod, plan.container), 'resources'));
  const wanted = (plan.edits ?? []).flatMap(({ at: path, to }) => {
    const name = path.at(-1) ?? '';
    const lists = isGuaranteed(pod) ? ['limits', 'requests'] : ['limits'];
    return path.includes('limits') ? lists.map((which) => ({ which, name, to })) : [];
  });
  const open = wanted.filter(({ which, name, to }) => !sameQuantity(object(resources[which])[name], to));
  if (!place || open.length === 0) return [];
  return [
    { op: 'test', path: `${place}/name`, value: plan.container },
    { op: 'test', path: `${place}/resources`, value: resources },
    ...open.map(({ which, name, to }) => ({
      op: 'replace' as const,
      path: `${place}/resources/${which}/${name}`,
      value: to,
    })),
  ];
}

const sameQuantity = (a: unknown, b: unknown): boolean => parseQuantity(text(a) ?? '') === parseQuantity(text(b) ?? '');

/** Holds only while the very run goes on that was seen: a container that ended in between is not resized. */
function statusAt(pod: KubeObject, name: string): JsonPatchOperation | undefined {
  for (const field of ['containerStatuses', 'initContainerStatuses']) {
    const index = objects(at(pod, 'status', field)).findIndex((status) => status.name === name);
    const running = at(pod, 'status', field, index, 'state', 'running');
    if (running !== undefined) return { op: 'test', path: `/status/${field}/${index}/state/running`, value: running };
  }
  return undefined;
}

function notRunning(plan: Plan, marked: boolean): string {
  const why = `${plan.container} of ${plan.inPlace?.name} is not running at this moment, and a resize would not reach its pod.`;
  return marked ? `The template has the new limit, but ${why} ${madeAnew(plan)}` : `${why} Ask again while it runs.`;
}

/** The pod that is resized, if it is still that one. */
export const podInPlace = ({ inPlace }: Plan, related: KubeObject[]): KubeObject | undefined =>
  related.find((o) => o.kind === 'Pod' && nameOf(o) === inPlace?.name && uidOf(o) === inPlace.uid);

export const isGuaranteed = (pod: KubeObject): boolean => at(pod, 'status', 'qosClass') === 'Guaranteed';

function placeOf(pod: KubeObject, name: string): string | undefined {
  for (const field of ['containers', 'initContainers']) {
    const index = list(at(pod, 'spec', field)).findIndex((c) => at(c, 'name') === name);
    if (index >= 0) return `/spec/${field}/${index}`;
  }
  return undefined;
}

export const containerOf = (pod: JsonObject, name: string): JsonObject | undefined =>
  ['containers', 'initContainers']
    .flatMap((field) => objects(at(pod, 'spec', field)))
    .find((container) => container.name === name);
