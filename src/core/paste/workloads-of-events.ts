// Workloads of which only events tell: controllers say on their own objects what they made, and why they could not.

import { objects, text } from '../json.ts';
import { WORKLOAD_KINDS } from '../kind-names.ts';
import type { KubeObject, UnreadPart } from '../snapshot.ts';
import { type Draft, type EventDraft, NOT_PASTED } from './draft.ts';
import { allRows } from './events.ts';
import { apiVersionOf } from './kinds.ts';
import { nameOf } from './pods.ts';

const CONTROLLERS: { [from: string]: string } = {
  'deployment-controller': 'Deployment',
  'replicaset-controller': 'ReplicaSet',
  'statefulset-controller': 'StatefulSet',
  'daemonset-controller': 'DaemonSet',
  'job-controller': 'Job',
  'cronjob-controller': 'CronJob',
};

/** A controller speaks of its own object, and that is no pod. */
export function isOfController({ from }: EventDraft): boolean {
  return CONTROLLERS[from] !== undefined;
}

/** What a controller says when it gives up; without a workload such a row still tells of one. */
const GIVES_UP = /^(?:FailedCreate|BackoffLimitExceeded|DeadlineExceeded|PodFailurePolicy)$/;

/**
 * A row without heading does not name its object: it is the only workload that was pasted, or, where nothing was, one
 * that its message names.
 */
export function nameWorkloads(
  draft: Draft,
  pods: Map<string, KubeObject>,
  others: KubeObject[],
  unread: UnreadPart[],
): void {
  const known = others.filter((o) => WORKLOAD_KINDS.includes(o.kind));
  const nameless = draft.events.filter((e) => e.name === '' && CONTROLLERS[e.from] && !WORKLOAD_KINDS.includes(e.kind));
  const [only] = known;
  if (known.length === 1 && only) {
    for (const event of nameless)
      if (GIVES_UP.test(event.reason)) Object.assign(event, { kind: only.kind, name: nameOf(only) });
    return;
  }
  if (known.length > 0 || pods.size > 0) return;
  const given = nameless.find((e) => GIVES_UP.test(e.reason));
  const kind = given && CONTROLLERS[given.from];
  if (!kind) return;
  const name = nameless.map((e) => nameIn(e.message, kind)).find((n) => n !== '') ?? '';
  for (const event of nameless) if (CONTROLLERS[event.from] === kind) Object.assign(event, { kind, name });
  addWorkload(others, unread, { kind, name, namespace: given.namespace });
}

const CREATED = /^(?:Created pod: |pods ")(?<name>[a-z0-9][a-z0-9.-]*)-[a-z0-9]{4,6}(?:"|$)/;

/** "Created pod: nightly-x8k2p" is the Job nightly's; "create Pod kafka-0 in StatefulSet kafka failed". */
function nameIn(message: string, kind: string): string {
  const text = message.replace(/^(?:\(combined from similar events\): )?(?:Error creating: )?/, '').slice(0, 600);
  return (
    new RegExp(`\\bin ${kind} ([a-z0-9][a-z0-9.-]*) failed`).exec(text)?.[1] ?? CREATED.exec(text)?.groups?.name ?? ''
  );
}

/** Where there is no pod, events name the workloads they are about. */
export function addWorkloadsOfEvents(draft: Draft, others: KubeObject[], unread: UnreadPart[]): void {
  // Beside a log only what cannot make pods is worth more than the log.
  const tells = (e: EventDraft): boolean =>
    draft.logs.length === 0 || (e.type === 'Warning' && GIVES_UP.test(e.reason));
  for (const event of allRows(draft))
    if (event.name !== '' && WORKLOAD_KINDS.includes(event.kind) && tells(event)) addWorkload(others, unread, event);
}

function addWorkload(
  others: KubeObject[],
  unread: UnreadPart[],
  { kind, name, namespace }: { kind: string; name: string; namespace: string },
): void {
  if (others.some((o) => o.kind === kind && nameOf(o) === name)) return;
  others.push({ apiVersion: apiVersionOf(kind), kind, metadata: namespace ? { name, namespace } : { name } });
  for (const part of ['metadata', 'spec', 'status']) unread.push({ at: `${kind}/${name}:${part}`, why: NOT_PASTED });
}

const MADE: [kind: string, words: RegExp][] = [
  ['ReplicaSet', /^Scaled (?:up|down) replica set ([a-z0-9][a-z0-9.-]*)/],
  ['Pod', /^(?:Created pod: |create Pod )([a-z0-9][a-z0-9.-]*)/],
  ['Job', /^Created job ([a-z0-9][a-z0-9.-]*)/],
];

/** What a controller says that it made is its own. */
export function ownWhatWasMade(draft: Draft, objectsKnown: KubeObject[]): void {
  for (const event of allRows(draft)) {
    if (event.name === '' || !WORKLOAD_KINDS.includes(event.kind)) continue;
    for (const [kind, words] of MADE) {
      const name = words.exec(event.message.slice(0, 600))?.[1];
      const made = name && objectsKnown.find((o) => o.kind === kind && nameOf(o) === name);
      if (!made || objects(made.metadata.ownerReferences).length > 0) continue;
      made.metadata.ownerReferences = [
        { apiVersion: apiVersionOf(event.kind), kind: event.kind, name: event.name, controller: true },
      ];
      if (event.namespace) made.metadata.namespace = text(made.metadata.namespace) ?? event.namespace;
    }
  }
}

/** Controllers name what they make after themselves; the longest name that fits is the maker's. */
export function adoptByName(known: KubeObject[], unread: UnreadPart[]): void {
  const hidden = new Set(unread.map((u) => u.at));
  for (const made of known) {
    const makers = MAKERS[made.kind];
    const stub = hidden.has(`${made.kind}/${nameOf(made)}:metadata`);
    if (!makers || !stub || objects(made.metadata.ownerReferences).length > 0) continue;
    const maker = known
      .filter((o) => makers.test(o.kind) && nameOf(o) !== '' && made !== o && isNamedAfter(nameOf(made), nameOf(o)))
      .sort((a, b) => nameOf(b).length - nameOf(a).length)[0];
    if (maker)
      made.metadata.ownerReferences = [
        { apiVersion: apiVersionOf(maker.kind), kind: maker.kind, name: nameOf(maker), controller: true },
      ];
  }
}

/** A pod names its ReplicaSet, not the Deployment above it; where that was pasted, the one between them is made. */
export function addReplicaSetsBetween(pods: Map<string, KubeObject>, others: KubeObject[], unread: UnreadPart[]): void {
  for (const pod of pods.values()) {
    const [owner] = objects(pod.metadata.ownerReferences);
    const name = owner?.kind === 'ReplicaSet' ? text(owner.name) : undefined;
    const above =
      name && others.find((o) => o.kind === 'Deployment' && nameOf(o) !== '' && isNamedAfter(name, nameOf(o)));
    if (above) addWorkload(others, unread, { kind: 'ReplicaSet', name, namespace: text(pod.metadata.namespace) ?? '' });
  }
}

const MAKERS: { [kind: string]: RegExp } = {
  Pod: /^(?:ReplicaSet|StatefulSet|DaemonSet|Job|ReplicationController)$/,
  ReplicaSet: /^Deployment$/,
  Job: /^CronJob$/,
};

function isNamedAfter(made: string, maker: string): boolean {
  return made.startsWith(`${maker}-`) && /^(?:[a-z0-9]{1,10}-)?[a-z0-9]{1,10}$/.test(made.slice(maker.length + 1));
}
