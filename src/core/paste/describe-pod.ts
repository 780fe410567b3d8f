// A described pod in the shape of the API, and what the describe did not show of it.

import type { JsonObject } from '../json.ts';
import type { KubeObject, UnreadPart } from '../snapshot.ts';
import type { Described } from './describe.ts';
import { isSidecar, unreadOfPod } from './describe-unread.ts';
import { apiVersionOf } from './kinds.ts';
import { timeOf } from './times.ts';

export interface Built {
  object: KubeObject;
  unread: UnreadPart[];
}

export function podFrom(d: Described): Built {
  const head = (key: string): string | undefined => d.head.get(key)?.[0];
  const name = head('Name') ?? '';
  const shown = (key: string): string | undefined =>
    head(key) === undefined || head(key) === '' || head(key) === '<none>' ? undefined : head(key);
  const spec: JsonObject = { ...containerLists(d) };
  const status: JsonObject = { ...statusLists(d) };
  const metadata: JsonObject = { name, ...some('namespace', shown('Namespace')) };
  const labels = mapOf(d.head.get('Labels'), '=');
  const annotations = mapOf(d.head.get('Annotations'), ':');
  if (labels) metadata.labels = labels;
  if (annotations) metadata.annotations = annotations;
  const owner = /^([A-Z]\w+)\/([\w.-]+)$/.exec(head('Controlled By') ?? '');
  if (owner)
    metadata.ownerReferences = [
      { apiVersion: apiVersionOf(owner[1]!), kind: owner[1], name: owner[2], controller: true },
    ];
  const node = /^([^/\s]+)\/(.*)$/.exec(shown('Node') ?? '');
  Object.assign(
    spec,
    some('nodeName', node?.[1]),
    some('serviceAccountName', shown('Service Account')),
    some('priorityClassName', shown('Priority Class Name')),
  );
  if (d.volumes.length) spec.volumes = d.volumes;
  const selector = mapOf(d.tail.get('Node-Selectors'), '=');
  if (selector) spec.nodeSelector = selector;
  Object.assign(
    status,
    phaseOf(head('Status')),
    some('reason', shown('Reason')),
    some('message', d.head.get('Message')?.join('\n').trimEnd()),
    some('hostIP', node?.[2]),
    some('podIP', shown('IP')),
    some('startTime', timeOf(head('Start Time') ?? '')),
    some('qosClass', d.tail.get('QoS Class')?.[0]),
  );
  const conditions = conditionsFrom(d);
  if (conditions.length) status.conditions = conditions;
  const object = { apiVersion: 'v1', kind: 'Pod', metadata, spec, status } as KubeObject;
  return { object, unread: unreadOfPod(`Pod/${name}`, d, head) };
}

function some(key: string, value: string | undefined): JsonObject {
  return value === undefined || value === '' ? {} : { [key]: value };
}

/** "Terminating (lasts 5m)" hides the phase. */
function phaseOf(status: string | undefined): JsonObject {
  return status !== undefined && /^(?:Pending|Running|Succeeded|Failed|Unknown)$/.test(status) ? { phase: status } : {};
}

/** `Labels:` one pair a line, joined by "=", annotations by ": ". */
export function mapOf(lines: string[] | undefined, joint: '=' | ':'): JsonObject | undefined {
  const found: JsonObject = {};
  let last = '';
  for (const line of (lines ?? []).map((l) => l.trim())) {
    const at = joint === '=' ? line.indexOf('=') : line.search(/:(?:\s|$)|=/);
    if (at > 0 && /^[\w./-]{1,320}$/.test(line.slice(0, at))) {
      last = line.slice(0, at);
      found[last] = line.slice(at + 1).trim();
    } else if (last !== '' && line !== '<none>') found[last] = `${found[last]}\n${line}`.trim();
  }
  return Object.keys(found).length ? found : undefined;
}

export function containerLists(d: Described): JsonObject {
  const lists: { [list: string]: JsonObject[] } = {};
  for (const block of d.containers) {
    lists[block.list] ??= [];
    lists[block.list]!.push(
      block.list === 'initContainers' && isSidecar(block) ? { ...block.spec, restartPolicy: 'Always' } : block.spec,
    );
  }
  return lists;
}

function statusLists(d: Described): JsonObject {
  const names = {
    initContainers: 'initContainerStatuses',
    containers: 'containerStatuses',
    ephemeralContainers: 'ephemeralContainerStatuses',
  };
  const lists: { [list: string]: JsonObject[] } = {};
  for (const { list, status, spec } of d.containers) {
    if (!status) continue;
    lists[names[list]] ??= [];
    lists[names[list]]!.push({ image: spec.image, ...status });
  }
  return lists;
}

export function conditionsFrom(d: Described): JsonObject[] {
  return d.conditions.map((row) => {
    const [type = '', status = '', ...rest] = row.split(/\s+/);
    return { type, status, ...(rest.length === 1 ? { reason: rest[0] } : {}) };
  });
}
