// Signals become incidents: every edge that hears of trouble by itself hands it in here. Invariant: a signal is kept in
// Redis before its sender hears so, and one workload has one open incident however many signals speak of it.

import { randomBytes } from 'node:crypto';
import type { IncidentEvent } from '../core/incident/events.ts';
import { isOver } from '../core/incident/life.ts';
import { type Policy, readableFrom } from '../core/policy/policy.ts';
import { labelsRouted } from '../core/policy/route.ts';
import type { Signal, Taken } from '../core/signal.ts';
import type { OpenStories } from './story.ts';

export interface IntakeSettings {
  /** Aliases of the configured clusters. */
  clusters: string[];
  /** What a signal means that names no cluster at all. */
  cluster: string;
  /** What senders call a cluster -> its alias. */
  clusterNames: { [name: string]: string };
  channel: string;
  teamId: string;
  policy(): Policy;
  stories: OpenStories['stories'];
}

/** Signals of different workloads are taken at once, so many at a time; those of one keep their order. */
const AT_A_TIME = 32;

export function intake(settings: IntakeSettings): (signals: Signal[]) => Promise<Taken[]> {
  return async (signals) => {
    const taken: Taken[] = [];
    const repeats = await repeated(settings, signals);
    const byKey = new Map<string, { signal: Signal; index: number }[]>();
    for (const [index, signal] of signals.entries()) {
      taken[index] = signal.status === 'resolved' ? 'resolved' : 'known';
      if (repeats[index]) continue;
      const key = keyOf(settings, signal);
      byKey.set(key, [...(byKey.get(key) ?? []), { signal, index }]);
    }
    const groups = [...byKey.values()];
    const work = async (): Promise<void> => {
      for (let group = groups.shift(); group; group = groups.shift())
        for (const { signal, index } of group) taken[index] = await takeSignal(settings, signal);
    };
    await Promise.all(Array.from({ length: Math.min(AT_A_TIME, groups.length) }, work));
    return taken;
  };
}

/** Most of what arrives was said before: its incident is open and has heard it. */
function repeated(settings: IntakeSettings, signals: Signal[]): Promise<boolean[]> {
  return settings.stories.reached(
    signals.map((signal) => ({
      key: keyOf(settings, signal),
      deliveries: (incident) =>
        [signal.deliveryId, heardAs(incident, signal)].slice(signal.status === 'resolved' ? 1 : 0),
    })),
  );
}

/** Under which name an incident notes that it heard a signal. */
function heardAs(incident: string, { deliveryId, status }: Pick<Signal, 'deliveryId' | 'status'>): string {
  return `${incident} ${deliveryId}${status === 'resolved' ? ' resolved' : ''}`;
}

async function takeSignal(settings: IntakeSettings, signal: Signal): Promise<Taken> {
  const { stories, teamId } = settings;
  const cluster = clusterOf(settings, signal);
  if (cluster === undefined) return 'unknown-cluster';
  const place = placeFor(settings, cluster, signal.namespace);
  if (!place) return 'not-allowed';
  const key = keyOf(settings, signal);
  if (signal.status === 'resolved') {
    const holder = await stories.holderOf(key);
    if (holder) await hear(stories, holder, signal);
    return 'resolved';
  }
  const { namespace, kind, name, container, severity, at } = signal;
  const id = newIncidentId();
  const request = {
    wanted: { cluster, namespace, kind, name, container, selector: '', allowedNamespaces: place.namespaces },
    place: { teamId, channel: place.channel },
    by: { kind: 'alert' as const, id: signal.source },
    deliveryId: signal.deliveryId,
    said: signal.title,
    alert: { severity, labels: labelsRouted(settings.policy(), signal.labels), at },
  };
  const asked: IncidentEvent = { type: 'asked', id, request };
  const first = await stories.open(key, id, asked, { delivery: signal.deliveryId });
  if (first.created) return 'opened';
  if (await hear(stories, first.incident, signal)) return 'known';
  // Its incident is over, and the sender still says that it is not: that is a new one.
  const again = await stories.open(key, id, asked, { delivery: `${signal.deliveryId} after ${first.incident}` });
  return again.created ? 'opened' : 'known';
}

/** False when the incident was over before, so that nobody would hear it. */
async function hear(stories: IntakeSettings['stories'], incident: string, signal: Signal): Promise<boolean> {
  const { source, title, severity, status, at } = signal;
  const event: IncidentEvent = { type: 'heard', signal: { source, title, severity, status, at } };
  const { state, repeated } = await stories.transition(incident, event, { delivery: heardAs(incident, signal) });
  if (state.phase === 'merged' && state.life.into) {
    if (!repeated) await stories.transition(state.life.into, event, { delivery: heardAs(state.life.into, signal) });
    return true;
  }
  return !isOver(state);
}

/** Undefined for one that is not ours: its pods are not to be looked for in another. */
function clusterOf({ clusters, cluster, clusterNames }: IntakeSettings, { cluster: said }: Signal): string | undefined {
  if (said === '') return cluster;
  const alias = Object.hasOwn(clusterNames, said) ? clusterNames[said] : said;
  return clusters.find((one) => one === alias);
}

/**
 * The first channel of the alerts and of the routes that may read this; undefined when none may. A signal is nobody in
 * particular: only rules for everybody in a channel count.
 */
function placeFor({ channel, policy }: IntakeSettings, cluster: string, namespace: string) {
  const current = policy();
  const channels = [channel, ...current.route.map((rule) => rule.channel)];
  for (const one of channels) {
    const namespaces = readableFrom(current, { channel: one, user: '' }).get(cluster) ?? [];
    if (namespaces.includes('*') || namespaces.includes(namespace)) return { channel: one, namespaces };
  }
  return undefined;
}

/** What is known without asking the cluster; the worker finds the true key. */
function keyOf(settings: IntakeSettings, signal: Signal): string {
  const { namespace, container, owner, name } = signal;
  return incidentKey({
    cluster: clusterOf(settings, signal) ?? signal.cluster,
    namespace,
    name: owner?.name ?? name,
    container,
  });
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
