// One Kubernetes Event on the workload for each plan that was carried out, so that whoever looks with kubectl learns of it.
// Its name is made from the plan: a second try finds the first one's Event.

import type { Permission } from '../core/action.ts';
import type { Plan } from '../core/plan.ts';
import type { Cluster } from './clusters.ts';
import { ClusterError } from './errors.ts';
import type { Resource } from './kinds.ts';
import { sendObject } from './objects.ts';

const newEvents: Resource = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  names: [],
  scope: 'namespace',
};

/** Besides what the remedies need. */
export const NOTE_PERMISSION: Permission = { apiGroup: newEvents.group, resource: newEvents.plural, verbs: ['create'] };

/** The API server takes 1,024 bytes, whatever its words call them. */
const NOTE_BYTES_MAX = 1_000;

/** Throws ClusterError; an Event that is there already is as good. `at` is RFC 3339. */
export async function noteOutcome(
  cluster: Cluster,
  plan: Plan,
  { reason, note, at }: { reason: 'Recovered' | 'NotRecovered' | 'Done'; note: string; at: string },
): Promise<void> {
  const { apiVersion, kind, namespace, name, uid } = plan.target;
  const body = {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: `${name.slice(0, 200)}.loopbreaker-${plan.id.slice(0, 16)}`, namespace },
    eventTime: at.replace(/(?:\.(\d{1,6})\d*)?Z$/, (_, digits = '') => `.${digits.padEnd(6, '0')}Z`),
    reportingController: 'loopbreaker.dev/worker',
    reportingInstance: 'loopbreaker',
    action: plan.action,
    reason,
    regarding: { apiVersion, kind, namespace, name, uid },
    note: bounded(note),
    type: 'Normal',
  };
  try {
    await sendObject(cluster, { verb: 'create', resource: newEvents, namespace, body });
  } catch (error) {
    if (error instanceof ClusterError && error.failure.kind === 'conflict') return;
    throw error;
  }
}

/** A character that was cut in two is left out. */
function bounded(note: string): string {
  return new TextDecoder().decode(Buffer.from(note).subarray(0, NOTE_BYTES_MAX)).replace(/\ufffd$/, '');
}
