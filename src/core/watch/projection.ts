// What the watch keeps of a pod, and nothing else of it: a healthy one is a name, an owner and an empty list.
// Every field is foreign and may be missing or bent.
import { at, flag, isObject, list, number, object, objects, text } from '../json.ts';

export interface PodNote {
  uid: string;
  namespace: string;
  name: string;
  /** The nearest owner; pods of one owner share it. */
  owner: OwnerNote | null;
  /** Being deleted: what happens to it now is no news. */
  leaving: boolean;
  /** Milliseconds since 1970, of a pod with containers below; 0 otherwise. */
  madeAtMs: number;
  phase: string;
  /** Containers that wait, ended, or have ended before; [] for almost every pod. */
  containers: readonly ContainerNote[];
  /** Of a pod with such containers, for routing; {} otherwise. */
  labels: Readonly<Labels>;
}

export type Labels = { [name: string]: string };

export interface OwnerNote {
  uid: string;
  kind: string;
  name: string;
  /** The Deployment of a ReplicaSet, where the pod itself proves it; otherwise null. */
  deployment: string | null;
}

export interface ContainerNote {
  name: string;
  init: boolean;
  restarts: number;
  /** Why it waits; "" when it does not. */
  waiting: string;
  /** How it ended, as long as it has not started again; null while it runs or waits. */
  ended: Ended | null;
  /** How it ended before. */
  endedBefore: Ended | null;
}

export interface Ended {
  reason: string;
  exitCode: number;
  /** Milliseconds since 1970; 0 when it is not known. */
  atMs: number;
}

const NONE: readonly ContainerNote[] = [];
const NO_LABELS: Readonly<Labels> = {};
const LABELS_MAX = 20;
const NAME_LENGTH_MAX = 253;

/** Undefined for what is no pod. */
export function podNote(pod: unknown): PodNote | undefined {
  const metadata = object(at(pod, 'metadata'));
  const [uid, namespace, name] = [text(metadata.uid), text(metadata.namespace), text(metadata.name)];
  if (!uid || !namespace || !name || name.length > NAME_LENGTH_MAX) return undefined;
  const status = object(at(pod, 'status'));
  const containers = [
    ...containerNotes(status.initContainerStatuses, true),
    ...containerNotes(status.containerStatuses, false),
  ];
  return {
    uid,
    namespace,
    name,
    owner: ownerNote(metadata),
    leaving: metadata.deletionTimestamp !== undefined,
    madeAtMs: containers.length > 0 ? timeOf(metadata.creationTimestamp) : 0,
    phase: text(status.phase) ?? '',
    containers: containers.length > 0 ? containers : NONE,
    labels: containers.length > 0 ? labelsOf(metadata.labels) : NO_LABELS,
  };
}

function containerNotes(statuses: unknown, init: boolean): ContainerNote[] {
  return objects(statuses).flatMap((status) => {
    const waiting = text(at(status, 'state', 'waiting', 'reason')) ?? '';
    const ended = endedOf(at(status, 'state', 'terminated'));
    const endedBefore = endedOf(at(status, 'lastState', 'terminated'));
    const name = text(status.name);
    if (!name || (waiting === '' && !ended && !endedBefore)) return [];
    return [{ name, init, restarts: number(status.restartCount) ?? 0, waiting, ended, endedBefore }];
  });
}

function endedOf(terminated: unknown): Ended | null {
  if (!isObject(terminated)) return null;
  return {
    reason: text(terminated.reason) ?? '',
    exitCode: number(terminated.exitCode) ?? 0,
    atMs: timeOf(terminated.finishedAt),
  };
}

function timeOf(value: unknown): number {
  return Date.parse(text(value) ?? '') || 0;
}

/** What people call the owner of a pod: the Deployment where it is known. */
export function namedOwner(owner: OwnerNote): { kind: string; name: string } {
  return owner.deployment === null
    ? { kind: owner.kind, name: owner.name }
    : { kind: 'Deployment', name: owner.deployment };
}

/** A ReplicaSet of a Deployment is named after it and the hash that its pods carry as a label. */
function ownerNote(metadata: { [key: string]: unknown }): OwnerNote | null {
  const owners = list(metadata.ownerReferences);
  const owner = owners.find((one) => flag(at(one, 'controller'))) ?? owners[0];
  const [uid, kind, name] = [text(at(owner, 'uid')), text(at(owner, 'kind')), text(at(owner, 'name'))];
  if (!uid || !kind || !name) return null;
  const suffix = `-${text(at(metadata.labels, 'pod-template-hash')) ?? ''}`;
  const ofDeployment = kind === 'ReplicaSet' && suffix !== '-' && name.endsWith(suffix);
  return { uid, kind, name, deployment: ofDeployment ? name.slice(0, -suffix.length) : null };
}

function labelsOf(labels: unknown): Labels {
  const pairs = Object.entries(object(labels)).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1].length <= 63 && pair[0].length <= 317,
  );
  return Object.fromEntries(pairs.slice(0, LABELS_MAX));
}
