// Signals become incidents: every edge that hears of trouble by itself hands it in here. Invariant: a signal is kept in
// Redis before its sender hears so, and one workload has one open incident however many signals speak of it.

import { randomBytes } from 'node:crypto';
import { type Policy, readableFrom } from '../core/policy/policy.ts';
import type { Signal, Taken } from '../core/signal.ts';
import type { OpenStories } from './story.ts';

/** An incident that nothing has happened to for so long no longer swallows new alerts. */
const STALE_AFTER_MS = 12 * 3_600_000;

export interface IntakeSettings {
  /** Aliases of the configured clusters. */
  clusters: string[];
  /** What a signal means that names none of them. */
  cluster: string;
  channel: string;
  teamId: string;
  policy(): Policy;
  stories: OpenStories['stories'];
}

export function intake(settings: IntakeSettings): (signals: Signal[]) => Promise<Taken[]> {
  return async (signals) => {
    const taken: Taken[] = [];
    for (const signal of signals) taken.push(await takeSignal(settings, signal));
    return taken;
  };
}

async function takeSignal(settings: IntakeSettings, signal: Signal): Promise<Taken> {
  const { clusters, channel, teamId, policy, stories } = settings;
  const cluster = clusters.includes(signal.cluster) ? signal.cluster : settings.cluster;
  // A signal is nobody in particular: only rules for everybody in the channel let it in.
  const allowedNamespaces = readableFrom(policy(), { channel, user: '' }).get(cluster) ?? [];
  if (!allowedNamespaces.includes('*') && !allowedNamespaces.includes(signal.namespace)) return 'not-allowed';
  if (signal.status === 'resolved') return 'resolved';
  const { namespace, kind, name, container } = signal;
  const key = incidentKey({ cluster, namespace, name: signal.owner?.name ?? name, container });
  const id = newIncidentId();
  const request = {
    wanted: { cluster, namespace, kind, name, container, selector: '', allowedNamespaces },
    place: { teamId, channel },
    by: { kind: 'alert' as const, id: signal.source },
    deliveryId: signal.deliveryId,
    said: signal.title,
  };
  const open = () => stories.open(key, id, { type: 'asked', id, request }, { delivery: signal.deliveryId });
  const first = await open();
  if (first.created) return 'opened';
  const stored = await stories.read(first.incident);
  if (!stored || Date.now() - Date.parse(stored.at) < STALE_AFTER_MS) return 'known';
  await stories.close(key, first.incident);
  return (await open()).created ? 'opened' : 'known';
}

/** One incident per workload: the hash and suffix that a ReplicaSet adds are left out of the key. */
export function incidentKey({
  cluster,
  namespace,
  name,
  container,
}: Pick<Signal, 'cluster' | 'namespace' | 'name' | 'container'>): string {
  const stem = name.replace(/-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '');
  return [cluster, namespace, stem, container].join('/');
}

/** Unguessable, and short enough for a button's value. */
function newIncidentId(): string {
  return randomBytes(16).toString('base64url');
}
