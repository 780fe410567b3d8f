// Described workloads, nodes, ConfigMaps, Secrets and claims in the shape of the API, as far as describe shows them.

import type { JsonObject } from '../json.ts';
import type { KubeObject, UnreadPart } from '../snapshot.ts';
import type { Described } from './describe.ts';
import { type Built, conditionsFrom, containerLists, mapOf } from './describe-pod.ts';
import { unreadOfContainers } from './describe-unread.ts';
import { CUT, NOT_SHOWN } from './draft.ts';
import { apiVersionOf, kindNamed } from './kinds.ts';
import { timeOf } from './times.ts';

/** The kind that only such keys can have; `asked` is what the typed command named. */
export function kindOfDescribed(d: Described, asked: string): string {
  const has = (key: string): boolean => d.head.has(key) || d.tail.has(key) || d.seen.has(key);
  if (asked && !(asked === 'Pod' && d.seen.has('Pod Template'))) return kindNamed(asked);
  if (has('Schedule')) return 'CronJob';
  if (d.seen.has('Pod Template')) {
    if (has('StrategyType') || has('NewReplicaSet')) return 'Deployment';
    if (has('Update Strategy') || has('Volume Claims')) return 'StatefulSet';
    if (has('Desired Number of Nodes Scheduled') || has('Node-Selector')) return 'DaemonSet';
    if (has('Pods Statuses') || has('Parallelism')) return 'Job';
    return 'ReplicaSet';
  }
  const replicas = d.head.get('Replicas')?.[0] ?? '';
  if (/\d desired \|/.test(replicas)) return has('Update Strategy') ? 'StatefulSet' : 'Deployment';
  if (/\d current/.test(replicas) || has('Pods Status')) return 'ReplicaSet';
  if (has('Pods Statuses') || has('Parallelism')) return 'Job';
  if (has('System Info') || has('Allocatable') || has('Roles')) return 'Node';
  if (has('StorageClass') && has('Access Modes')) return 'PersistentVolumeClaim';
  if (has('Used') && has('Resource')) return 'ResourceQuota';
  if (has('Endpoints') || has('TargetPort')) return 'Service';
  return 'Pod';
}

export function workloadFrom(d: Described, kind: string): Built {
  const head = (key: string): string => d.head.get(key)?.[0] ?? '';
  const name = head('Name');
  const metadata: JsonObject = { name };
  if (head('Namespace')) metadata.namespace = head('Namespace');
  const created = timeOf(head('CreationTimestamp'));
  if (created) metadata.creationTimestamp = created;
  const labels = mapOf(d.head.get('Labels'), '=');
  if (labels) metadata.labels = labels;
  const annotations = mapOf(d.head.get('Annotations'), ':');
  if (annotations) metadata.annotations = annotations;
  const owner = /^([A-Z]\w+)\/([\w.-]+)$/.exec(head('Controlled By'));
  if (owner)
    metadata.ownerReferences = [
      { apiVersion: apiVersionOf(owner[1]!), kind: owner[1], name: owner[2], controller: true },
    ];
  const template = templateOf(d);
  const spec: JsonObject = {
    ...countsOf(d),
    ...(kind === 'CronJob' ? { schedule: head('Schedule'), jobTemplate: { spec: { template } } } : { template }),
  };
  const conditions = conditionsFrom(d);
  const status: JsonObject = { ...statusOf(d, kind), ...(conditions.length ? { conditions } : {}) };
  const at = `${kind}/${name}`;
  const root = kind === 'CronJob' ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec';
  const unread: UnreadPart[] = [
    'metadata.uid',
    `${root}.securityContext`,
    `${root}.hostNetwork`,
    `${root}.restartPolicy`,
    `${root}.enableServiceLinks`,
    `${root}.terminationGracePeriodSeconds`,
  ].map((path) => ({ at: `${at}:${path}`, why: NOT_SHOWN }));
  if (!d.seen.has('Volumes') || d.last === 'Volumes') unread.push({ at: `${at}:${root}.volumes`, why: CUT });
  if (!d.seen.has('Containers')) unread.push({ at: `${at}:${root}.containers`, why: CUT });
  return {
    object: { apiVersion: apiVersionOf(kind), kind, metadata, spec, status } as KubeObject,
    unread: unread.concat(unreadOfContainers(at, root, d)),
  };
}

function templateOf(d: Described): JsonObject {
  const labels = mapOf(d.template.get('Labels'), '=');
  const account = d.template.get('Service Account')?.[0];
  const spec: JsonObject = {
    ...containerLists(d),
    ...(account ? { serviceAccountName: account } : {}),
    ...(d.volumes.length ? { volumes: d.volumes } : {}),
  };
  const selector = mapOf(d.tail.get('Node-Selectors'), '=');
  if (selector) spec.nodeSelector = selector;
  return { metadata: labels ? { labels } : {}, spec };
}

const COUNTS: { [key: string]: string } = {
  Parallelism: 'parallelism',
  Completions: 'completions',
  'Backoff Limit': 'backoffLimit',
  'Active Deadline Seconds': 'activeDeadlineSeconds',
};

/** "1 desired | 0 updated | …" of a Deployment, "0 current / 1 desired" of a ReplicaSet. */
function countsOf(d: Described): JsonObject {
  const spec: JsonObject = {};
  const desired = /(\d{1,9}) desired/.exec(d.head.get('Replicas')?.[0] ?? '');
  if (desired) spec.replicas = Number(desired[1]);
  for (const [key, field] of Object.entries(COUNTS)) {
    const count = /^(\d+)s?$/.exec(d.head.get(key)?.[0] ?? '');
    if (count) spec[field] = Number(count[1]);
  }
  const strategy = d.head.get('StrategyType')?.[0];
  if (strategy) spec.strategy = { type: strategy };
  const update = d.head.get('Update Strategy')?.[0];
  if (update) spec.updateStrategy = { type: update };
  const suspend = d.head.get('Suspend')?.[0];
  if (suspend) spec.suspend = /^true$/i.test(suspend);
  return spec;
}

function statusOf(d: Described, kind: string): JsonObject {
  const replicas = d.head.get('Replicas')?.[0] ?? '';
  const number = (pattern: RegExp, text: string): number | undefined => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const nodes = (key: string): number | undefined => number(/(\d+)/, d.head.get(key)?.[0] ?? '');
  const jobs = d.head.get('Pods Statuses')?.[0] ?? '';
  const counts: { [field: string]: number | undefined } = {
    replicas: number(/(\d{1,9}) (?:total|current)/, replicas),
    updatedReplicas: number(/(\d{1,9}) updated/, replicas),
    availableReplicas: number(/(\d{1,9}) available/, replicas),
    unavailableReplicas: number(/(\d{1,9}) unavailable/, replicas),
    active: number(/(\d{1,9}) (?:Active|Running)/, jobs),
    succeeded: number(/(\d{1,9}) Succeeded/, jobs),
    failed: number(/(\d{1,9}) Failed/, jobs),
    ...(kind === 'DaemonSet'
      ? {
          desiredNumberScheduled: nodes('Desired Number of Nodes Scheduled'),
          numberAvailable: nodes('Number of Nodes Scheduled with Available Pods'),
          numberReady: nodes('Number of Nodes Scheduled with Available Pods'),
        }
      : {}),
  };
  return Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== undefined));
}
