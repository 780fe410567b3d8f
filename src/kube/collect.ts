// Reads everything that can tell why a pod crashes, in parallel, and hands it over redacted. What could not be read is
// stated with its reason; only when the pod or workload itself cannot be read is there nothing to say.

import { brokenness } from '../core/choose.ts';
import { at, type JsonObject, object, objects, text } from '../core/json.ts';
import { nameOf, uidOf } from '../core/normalise/look.ts';
import { redactSnapshot } from '../core/redact.ts';
import type { KubeObject, Snapshot, Target } from '../core/snapshot.ts';
import { type Cluster, mayRead } from './clusters.ts';
import { kubeError, problem } from './errors.ts';
import { add, type Gathering, gathering } from './gathering.ts';
import { kindNamed, pods } from './kinds.ts';
import { readLog } from './logs.ts';
import { getObject } from './objects.ts';
import { addSiblings, readOwned, readOwners } from './owners.ts';
import { namedBy, readReferences } from './references.ts';
import { readEvents, readLimits, readMetrics, readNode, readServices } from './surroundings.ts';

export interface CollectOptions {
  /** Told what has just been read, in a few words. */
  onProgress?: (what: string) => void;
  signal?: AbortSignal;
  /** `namespace/name` of Secrets whose key names may be read; values are dropped in the decoder. */
  secretKeyNames?: readonly string[];
}

/**
 * The redacted snapshot of one pod and what belongs to it; of a workload's most broken pod, or of the workload alone when
 * it has none. Throws ClusterError when the target cannot be read at all.
 */
export async function collect(cluster: Cluster, target: Target, options: CollectOptions = {}): Promise<Snapshot> {
  const namespace = target.namespace ?? cluster.namespace;
  if (!mayRead(cluster, namespace))
    throw problem(
      `Namespace ${namespace} of cluster ${cluster.alias} is not among those that may be read.`,
      'NotAllowed',
    );
  const g = gathering(cluster, namespace, options.signal, options.onProgress ?? (() => undefined));
  const subject = await findSubject(g, target);
  await readAround(g, subject, options.secretKeyNames ?? []);
  return redactSnapshot({
    cluster: cluster.alias,
    now: new Date(cluster.clock.nowMs()).toISOString(),
    objects: [...g.objects.values()],
    logs: g.logs,
    unread: g.unread,
    templateHashes: g.templateHashes,
  }).snapshot;
}

/** Of a workload without pods, how many of its newest revisions or jobs are asked for their events. */
const NEWEST = 3;

interface Subject {
  pod: KubeObject | undefined;
  /** Nearest first; the workload itself when there is no pod. */
  owners: KubeObject[];
  /** ReplicaSets, ControllerRevisions or Jobs between the topmost owner and its pods. */
  between: KubeObject[];
}

/** A pod that was replaced since it was chosen is followed to its workload, when that is known. */
async function findSubject(g: Gathering, target: Target): Promise<Subject> {
  if (target.pod !== undefined) {
    const pod = await getObject(
      g.cluster,
      { resource: pods, namespace: g.namespace, name: target.pod },
      { signal: g.signal },
    ).catch((error) => {
      if (kubeError(error).kind === 'not-found' && target.workload) return undefined;
      throw kubeError(error).kind === 'not-found' ? gone(g, 'pod', target.pod ?? '') : error;
    });
    if (pod) return subjectOf(g, pod);
  }
  if (!target.workload) throw problem('Name a pod or a workload to look at.', 'NoTarget');
  const { kind, name } = target.workload;
  const resource = kindNamed(kind);
  if (!resource) throw problem(`${kind} is not a kind that can be diagnosed; name one of its pods.`, 'UnknownKind');
  const workload = await getObject(g.cluster, { resource, namespace: g.namespace, name }, { signal: g.signal }).catch(
    (error) => {
      throw kubeError(error).kind === 'not-found' ? gone(g, kind, name) : error;
    },
  );
  add(g, workload);
  const owned = await readOwned(g, workload);
  const [pod] = owned.pods.toSorted((a, b) => brokenness(b) - brokenness(a));
  if (pod) return subjectOf(g, pod);
  g.say(`${kind} without pods`);
  return { pod: undefined, owners: [workload, ...(await readOwners(g, workload))], between: owned.between };
}

function subjectOf(g: Gathering, pod: KubeObject): Subject {
  add(g, pod);
  g.say('pod');
  return { pod, owners: [], between: [] };
}

function gone(g: Gathering, kind: string, name: string): Error {
  return problem(
    `There is no ${kind.toLowerCase()} named "${name}" in namespace ${g.namespace} of cluster ${g.cluster.alias}.`,
    'NotFound',
    'not-found',
  );
}

async function readAround(g: Gathering, subject: Subject, secretKeyNames: readonly string[]): Promise<void> {
  const { pod } = subject;
  const spec = pod ? object(pod.spec) : templateSpec(subject.owners[0]);
  const podName = pod ? nameOf(pod) : '';
  const said = pod ? readLogs(g, pod) : Promise.resolve<string[]>([]);
  const node = text(at(pod, 'spec', 'nodeName'));
  await Promise.all([
    said,
    ...(pod
      ? [readEvents(g, pod, 'Event').then(() => g.say('events')), readMetrics(g, podName), readRollout(g, pod)]
      : []),
    ...(pod ? [] : [...subject.owners, ...subject.between.slice(0, NEWEST)].map((owner) => readOwnerEvents(g, owner))),
    readReferences(g, namedBy(spec, podName), spec, said, secretKeyNames),
    ...(node ? [readNode(g, node)] : []),
    readServices(g, spec, said),
    readLimits(g),
  ]);
}

async function readRollout(g: Gathering, pod: KubeObject): Promise<void> {
  const owners = await readOwners(g, pod);
  const top = owners.at(-1);
  await Promise.all([
    ...owners.map((owner) => readOwnerEvents(g, owner)),
    ...(top
      ? [
          readOwned(g, top).then((owned) =>
            addSiblings(
              g,
              owned.pods.filter((p) => uidOf(p) !== uidOf(pod)),
            ),
          ),
        ]
      : []),
  ]);
  g.say('owner and rollout');
}

/** Events of a workload that has no pod are all there is; otherwise they are only more. */
function readOwnerEvents(g: Gathering, owner: KubeObject): Promise<void> {
  return readEvents(g, owner, `Event/${owner.kind}/${nameOf(owner)}`);
}

/** Reads the logs of all containers and tells what they said, their termination messages included. */
async function readLogs(g: Gathering, pod: KubeObject): Promise<string[]> {
  const spec = object(pod.spec);
  const statuses = [
    ...objects(at(pod, 'status', 'initContainerStatuses')),
    ...objects(at(pod, 'status', 'containerStatuses')),
  ];
  const names = [...objects(spec.initContainers), ...objects(spec.containers)].map((c) => text(c.name) ?? '');
  await Promise.all(
    names.flatMap((name) => {
      const status = statuses.find((s) => s.name === name);
      // No container was ever made: there is no log to ask for.
      if (!status) return [];
      const ran = status.restartCount !== 0 || at(status, 'lastState', 'terminated') !== undefined;
      return [readLog(g, nameOf(pod), name, 'current'), ...(ran ? [readLog(g, nameOf(pod), name, 'previous')] : [])];
    }),
  );
  const messages = statuses.flatMap((s) => [
    text(at(s, 'state', 'terminated', 'message')) ?? '',
    text(at(s, 'lastState', 'terminated', 'message')) ?? '',
  ]);
  return [...g.logs.map((log) => log.text), ...messages];
}

function templateSpec(workload: KubeObject | undefined): JsonObject {
  const template =
    workload?.kind === 'CronJob'
      ? at(workload, 'spec', 'jobTemplate', 'spec', 'template')
      : at(workload, 'spec', 'template');
  return object(at(template, 'spec'));
}
