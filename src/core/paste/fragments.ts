// Pieces of a pod that people cut out of its manifest: its statuses, one container's, or only how a run ended.

import { isObject, type JsonObject, objects, text } from '../json.ts';

/** Keys with which such a piece begins. */
export const FRAGMENT_KEYS =
  'spec|status|metadata|containerStatuses|initContainerStatuses|lastState|state|terminated|waiting|containerID|exitCode';

/** The pod that a piece belongs to, as far as the piece tells; undefined when it is no such piece. */
export function podOfFragment(value: unknown): JsonObject | undefined {
  if (Array.isArray(value)) {
    const statuses = value.filter(isStatus);
    return statuses.length > 0 && statuses.length === value.length
      ? podWith({ containerStatuses: statuses })
      : undefined;
  }
  if (!isObject(value) || value.kind !== undefined) return undefined;
  if (Array.isArray(value.containerStatuses) || Array.isArray(value.initContainerStatuses)) return podWith(value);
  if (isObject(value.status)) {
    const { containerStatuses, initContainerStatuses } = value.status;
    const whole = Array.isArray(containerStatuses) || Array.isArray(initContainerStatuses);
    return whole ? podWith(value.status, value) : undefined;
  }
  if (isStatus(value)) return podWith({ containerStatuses: [{ name: '', ...value }] });
  if (isRun(value))
    return podWith({ containerStatuses: [{ name: '', [isWaiting(value) ? 'state' : 'lastState']: value }] });
  if (typeof value.exitCode === 'number')
    return podWith({ containerStatuses: [{ name: '', lastState: { terminated: value } }] });
  return undefined;
}

function isStatus(value: unknown): boolean {
  return isObject(value) && value.kind === undefined && [value.state, value.lastState].some(isRun);
}

function isRun(value: unknown): boolean {
  return isObject(value) && ['terminated', 'waiting', 'running'].some((state) => isObject(value[state]));
}

function isWaiting(value: JsonObject): boolean {
  return !isObject(value.terminated);
}

/** Where the specification was not pasted, the statuses name the containers. */
function podWith(status: JsonObject, rest: JsonObject = {}): JsonObject {
  const named = (list: unknown) => objects(list).map((s) => ({ name: text(s.name) ?? '' }));
  // A status that was cut off above its name belongs to the container without one.
  const held = (list: unknown) => (Array.isArray(list) ? objects(list).map((s) => ({ name: '', ...s })) : list);
  const spec = isObject(rest.spec)
    ? rest.spec
    : {
        containers: named(status.containerStatuses),
        ...(objects(status.initContainerStatuses).length
          ? { initContainers: named(status.initContainerStatuses) }
          : {}),
      };
  const lists = ['containerStatuses', 'initContainerStatuses'].filter((key) => status[key] !== undefined);
  return { ...rest, spec, status: { ...status, ...Object.fromEntries(lists.map((key) => [key, held(status[key])])) } };
}
