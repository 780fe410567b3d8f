// What a describe does not show: fields that kubectl never prints, and fields below the place where the paste was cut.
// "Absent" needs a later key that was seen: kubectl prints keys in a fixed order.

import { isObject, type JsonObject } from '../json.ts';
import type { UnreadPart } from '../snapshot.ts';
import type { Described } from './describe.ts';
import type { ContainerBlock } from './describe-container.ts';
import { CUT, NOT_SHOWN } from './draft.ts';

const HIDDEN_OF_POD = [
  'metadata.uid',
  'metadata.creationTimestamp',
  'spec.hostNetwork',
  'spec.restartPolicy',
  'spec.enableServiceLinks',
  'spec.securityContext',
  'spec.terminationGracePeriodSeconds',
];

/** What the describe of a pod did not show, by address. */
export function unreadOfPod(pod: string, d: Described, head: (key: string) => string | undefined): UnreadPart[] {
  const parts: UnreadPart[] = [];
  const add = (path: string, why: string): void => void parts.push({ at: `${pod}:${path}`, why });
  for (const path of HIDDEN_OF_POD) add(path, NOT_SHOWN);
  const hasHead = head('Status') !== undefined;
  const below = d.seen.has('Containers') || d.seen.has('Init Containers');
  if (!hasHead)
    for (const path of [
      'metadata',
      'spec.nodeName',
      'spec.serviceAccountName',
      'status.phase',
      'status.reason',
      'status.message',
      'status.podIP',
    ])
      add(path, CUT);
  else if (!below)
    for (const path of ['status.reason', 'status.message', 'status.podIP', 'metadata.ownerReferences']) add(path, CUT);
  // It stands below the address.
  else if (head('IP') === undefined && head('Controlled By') === undefined) add('metadata.ownerReferences', CUT);
  if (hasHead && /^Terminating/.test(head('Status') ?? ''))
    for (const path of ['metadata.deletionTimestamp', 'status.phase']) add(path, NOT_SHOWN);
  const conditions = d.seen.has('Conditions') ? d.conditions.length > 0 : d.seen.has('Volumes') && below;
  if (!conditions) add('status.conditions', CUT);
  if (!d.seen.has('Volumes') || d.last === 'Volumes') add('spec.volumes', CUT);
  if (!d.tail.has('Node-Selectors')) add('spec.nodeSelector', CUT);
  if (!d.containers.some((block) => block.list === 'containers'))
    for (const path of ['spec.containers', 'status.containerStatuses']) add(path, CUT);
  return parts.concat(unreadOfContainers(pod, 'spec', d));
}

const HIDDEN_OF_CONTAINER = [
  'imagePullPolicy',
  'workingDir',
  'lifecycle',
  'securityContext',
  'terminationMessagePolicy',
];

/** `specRoot`: "spec" of a pod, "spec.template.spec" of a workload, which has no statuses. */
export function unreadOfContainers(owner: string, specRoot: string, d: Described): UnreadPart[] {
  const parts: UnreadPart[] = [];
  const counts: { [list: string]: number } = {};
  for (const [n, block] of d.containers.entries()) {
    const i = counts[block.list] ?? 0;
    counts[block.list] = i + 1;
    const at = `${owner}:${specRoot}.${block.list}[${i}]`;
    for (const path of HIDDEN_OF_CONTAINER) parts.push({ at: `${at}.${path}`, why: NOT_SHOWN });
    if (block.list === 'initContainers' && !isSidecar(block)) parts.push({ at: `${at}.restartPolicy`, why: NOT_SHOWN });
    const isLast = n === d.containers.length - 1 && (d.last === 'Containers' || d.last === 'Init Containers');
    for (const path of cutSpec(block, isLast).concat(block.unclear)) parts.push({ at: `${at}.${path}`, why: CUT });
    if (specRoot !== 'spec') continue;
    const statusAt = `${owner}:status.${block.list.replace(/s$/, 'Statuses')}[${i}]`;
    for (const path of cutStatus(block)) parts.push({ at: `${statusAt}.${path}`, why: CUT });
    if ((block.status?.state as JsonObject | undefined)?.waiting)
      parts.push({ at: `${statusAt}.state.waiting.message`, why: NOT_SHOWN });
  }
  return parts;
}

/** Optional keys count as absent only between two that kubectl always prints. */
function cutSpec({ seen, name }: ContainerBlock, isLast: boolean): string[] {
  const has = (...keys: string[]): boolean => keys.some((key) => seen.has(key));
  const top = name !== '' && has('Image');
  const middle = has('Host Port', 'Host Ports', 'Restart Count');
  const env = has('Environment', 'Environment Variables');
  const end = has('Mounts', 'Volume Mounts') && !isLast;
  const missing: string[] = [];
  if (!has('Image')) missing.push('image');
  if (!has('Port', 'Ports')) missing.push('ports');
  if (!(top && middle && (has('State', 'Restart Count') || env))) missing.push('command', 'args');
  if (!(middle && env)) missing.push('resources', 'livenessProbe', 'readinessProbe', 'startupProbe', 'envFrom');
  if (!(env && has('Mounts', 'Volume Mounts'))) missing.push('env');
  if (!end) missing.push('volumeMounts');
  return missing;
}

function cutStatus({ seen, status }: ContainerBlock): string[] {
  // A block from image to mounts without any state: the kubelet never reported one.
  if (!status && seen.has('Image') && seen.has('Environment')) return [];
  const missing: string[] = [];
  const isEmpty = (value: unknown) => isObject(value) && Object.keys(value).length === 0;
  if (!seen.has('State') || isEmpty(status?.state)) missing.push('state');
  if (!seen.has('Last State') && !(seen.has('State') && seen.has('Ready'))) missing.push('lastState');
  if (isEmpty(status?.lastState)) missing.push('lastState');
  if (!seen.has('Ready')) missing.push('ready');
  if (!seen.has('Restart Count')) missing.push('restartCount');
  return missing;
}

/** Describe does not print restartPolicy, but only a sidecar among init containers may have probes, or runs while others do. */
export function isSidecar(block: ContainerBlock): boolean {
  const { livenessProbe, readinessProbe, startupProbe } = block.spec;
  return livenessProbe !== undefined || readinessProbe !== undefined || startupProbe !== undefined;
}
