// Pieces of a pod that were pasted without its name: they belong to the one pod that the rest of the paste tells of, and
// what no piece shows of its containers stands in the template it was made from, where that was pasted.

import { at, isObject, type JsonObject, object, objects, text } from '../json.ts';
import type { KubeObject, UnreadPart } from '../snapshot.ts';
import type { Draft } from './draft.ts';
import { allUnread, containersOf, nameOf } from './pods.ts';

/** A fragment of a describe and a row of a table tell of one pod, where the table tells of one that is in trouble. */
export function joinFragment(pods: Map<string, KubeObject>, unread: UnreadPart[]): void {
  const fragment = pods.get('');
  const troubled = [...pods.values()].filter((pod) => nameOf(pod) !== '' && isOutline(pod) && isTroubled(pod));
  const pod = troubled[0];
  if (!fragment || troubled.length !== 1 || !pod) return;
  const own = objects(at(fragment, 'status', 'containerStatuses'));
  const [outline = {}] = objects(at(pod, 'status', 'containerStatuses'));
  if (own.length !== 1) return;
  pods.delete('');
  const name = text(own[0]!.name) || text(outline.name) || '';
  pod.spec = { ...object(pod.spec), ...object(fragment.spec) };
  pod.status = {
    ...object(pod.status),
    ...object(fragment.status),
    containerStatuses: [{ ...outline, ...own[0], name }],
  };
  const shown = new Set(unread.map((part) => part.at).filter((place) => place.startsWith('Pod/:')));
  for (const part of unread) if (shown.has(part.at)) part.at = `Pod/${nameOf(pod)}:${part.at.slice(5)}`;
}

/** Of a table's row: one container that nobody named. */
function isOutline(pod: KubeObject): boolean {
  const containers = containersOf(pod);
  return containers.length === 1 && containers[0]!.name === '' && pod.metadata.uid === undefined;
}

function isTroubled(pod: KubeObject): boolean {
  const [status = {}] = objects(at(pod, 'status', 'containerStatuses'));
  return isObject(at(status, 'state', 'waiting')) || status.ready === false;
}

const ASSIGNED = /^Successfully assigned (?:[a-z0-9-]{1,63}\/)?([a-z0-9.-]{1,253}) to /;

/** Rows of events without a heading are those of the pod they name, or of the only one. */
export function giveRows(draft: Draft, pods: Map<string, KubeObject>): void {
  const rows = draft.events.filter((event) => event.kind === 'Pod' && event.name === '');
  const named = rows.map((event) => ASSIGNED.exec(event.message)?.[1]).find((name) => name && pods.has(name));
  const troubled = [...pods.values()].filter(isTroubled);
  const only =
    named ?? (pods.size === 1 ? [...pods.keys()][0] : troubled.length === 1 ? nameOf(troubled[0]!) : undefined);
  if (only === undefined) return;
  const namespace = text(pods.get(only)?.metadata.namespace) ?? '';
  for (const event of rows) Object.assign(event, { name: only, namespace: event.namespace || namespace });
}

/** Beside the only workload of a paste a nameless log, row or state is that of its pod. */
export function fillFromTemplate(
  draft: Draft,
  pods: Map<string, KubeObject>,
  others: KubeObject[],
  unread: UnreadPart[],
): void {
  const templates = others.flatMap((o) => (containersIn(o).length ? [{ workload: o, spec: templateOf(o) }] : []));
  const [made] = templates;
  if (templates.length !== 1 || !made) return;
  if (pods.size === 0 && draft.logs.some((log) => log.lines.some((line) => line.trim() !== ''))) {
    pods.set('', { apiVersion: 'v1', kind: 'Pod', metadata: { name: '' }, spec: {}, status: {} });
    allUnread('', unread);
  }
  const pod = pods.size === 1 ? [...pods.values()][0] : undefined;
  const names = pod ? containersOf(pod).map((c) => text(c.name) ?? '') : [];
  const known = containersIn(made.workload).map((c) => text(c.name) ?? '');
  if (!pod || names.some((name) => name !== '' && !known.includes(name)) || !isUnspecified(pod)) return;
  if (nameOf(pod) !== '' && !nameOf(pod).startsWith(`${nameOf(made.workload)}-`)) return;
  if (names.includes('') && known.length !== 1) return;
  pod.spec = { ...object(pod.spec), ...made.spec };
  const { kind, metadata, apiVersion } = made.workload;
  pod.metadata.ownerReferences ??= [{ apiVersion, kind, name: metadata.name, controller: true }];
  for (const status of objects(at(pod, 'status', 'containerStatuses'))) status.name ||= known[0];
  const specOf = `Pod/${nameOf(pod)}:spec`;
  unread.splice(0, unread.length, ...unread.filter((part) => !part.at.startsWith(specOf)));
}

function templateOf(workload: KubeObject): JsonObject {
  return object(
    at(workload, 'spec', 'template', 'spec') ?? at(workload, 'spec', 'jobTemplate', 'spec', 'template', 'spec'),
  );
}

function containersIn(workload: KubeObject): JsonObject[] {
  return objects(templateOf(workload).containers);
}

function isUnspecified(pod: KubeObject): boolean {
  return containersOf(pod).every((container) => Object.keys(container).length === 1);
}
