// The pod's own fields as facts; for a workload without pods, those of its template.

import type { PodEvidence } from '../evidence/pod.ts';
import { absent, type Fact, seen } from '../fact.ts';
import { flag, isObject, type JsonObject, number, object, text } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, nameOf, uidOf } from './look.ts';
import { volumesOf } from './volumes.ts';
import { conditionsOf } from './workload.ts';

export function podOf(
  look: Look,
  pod: KubeObject | undefined,
  spec: JsonObject,
  specRoot: string,
  owner: KubeObject,
): PodEvidence {
  const label = `${owner.kind}/${nameOf(owner)}`;
  const field = <T>(path: string, value: T | undefined): Fact<T> => look.field(label, path, value);
  const status = object(pod?.status);
  return {
    name: pod ? seen(nameOf(pod), 'status', 'metadata.name') : absent('status', 'pods'),
    uid: field('metadata.uid', pod ? uidOf(pod) || undefined : undefined),
    phase: field('status.phase', text(status.phase)),
    reason: field('status.reason', text(status.reason)),
    message: field('status.message', text(status.message)),
    conditions: field(
      'status.conditions',
      status.conditions === undefined ? undefined : conditionsOf(status.conditions),
    ),
    createdAt: field('metadata.creationTimestamp', text(pod?.metadata.creationTimestamp)),
    deletionTimestamp: field('metadata.deletionTimestamp', text(pod?.metadata.deletionTimestamp)),
    nodeName: field(`${specRoot}.nodeName`, text(spec.nodeName)),
    podIP: field('status.podIP', text(status.podIP)),
    hostNetwork: field(`${specRoot}.hostNetwork`, flag(spec.hostNetwork)),
    restartPolicy: field(`${specRoot}.restartPolicy`, text(spec.restartPolicy)),
    serviceAccount: field(`${specRoot}.serviceAccountName`, text(spec.serviceAccountName)),
    enableServiceLinks: field(`${specRoot}.enableServiceLinks`, flag(spec.enableServiceLinks)),
    volumes: field(`${specRoot}.volumes`, spec.volumes === undefined ? undefined : volumesOf(spec)),
    securityContext: field(
      `${specRoot}.securityContext`,
      isObject(spec.securityContext) ? spec.securityContext : undefined,
    ),
    nodeSelector: field(`${specRoot}.nodeSelector`, isObject(spec.nodeSelector) ? spec.nodeSelector : undefined),
    terminationGracePeriodSeconds: field(
      `${specRoot}.terminationGracePeriodSeconds`,
      number(spec.terminationGracePeriodSeconds),
    ),
    labels: field('metadata.labels', isObject(owner.metadata.labels) ? owner.metadata.labels : undefined),
    annotations: field(
      'metadata.annotations',
      isObject(owner.metadata.annotations) ? owner.metadata.annotations : undefined,
    ),
  };
}
