// What a signal is about, before anything of it is shown: its incident takes the true key, or joins the incident that has
// it. Reading and taking twice does no harm.

import { formerOf } from '../../core/incident/former.ts';
import { type Former, type Identity, type MessagePlace, shownAt } from '../../core/incident/life.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import { routeFor } from '../../core/policy/route.ts';
import type { Cluster } from '../../kube/clusters.ts';
import type { FoundTarget } from '../../kube/find.ts';
import { clusterUid, type Identified, identify } from '../../kube/identify.ts';
import type { Work } from './work.ts';

/** The target to read; `merged` when another incident has it; undefined when it could not be told what is meant. */
export async function identifySignal(
  work: Work,
  cluster: Cluster,
  state: IncidentState,
  signal: AbortSignal,
): Promise<FoundTarget | 'merged' | undefined> {
  const { wanted } = state.request;
  const found = await identify(cluster, wanted, signal);
  if (!found) return undefined;
  if (state.life.identity) return found.target;
  const identity = await identityOf(cluster, found);
  const heldBy = await takeKey(work, state, found, identity);
  if (heldBy === null) return found.target;
  await join(work, state, heldBy);
  return 'merged';
}

export async function identityOf(cluster: Cluster, { kind, name, container, target }: Identified): Promise<Identity> {
  const key = [await clusterUid(cluster), target.namespace, kind, name, container].join('/');
  return { key, kind, name, container };
}

async function takeKey(
  { incidents, policy, now: nowMs }: Work,
  state: IncidentState,
  { labels, annotations, target }: Identified,
  identity: Identity,
): Promise<string | null> {
  const { alert, place } = state.request;
  const now = new Date(nowMs()).toISOString();
  const subject = {
    cluster: target.cluster,
    namespace: target.namespace,
    labels: { ...alert?.labels, ...labels },
    annotations,
    severity: alert?.severity ?? '',
  };
  const { rule, channel, mention, digestAt } = routeFor(policy(), subject, place.channel, now);
  const last = await incidents.lastOf(identity.key);
  const before = last === null || last === state.id ? null : await incidents.read(last);
  const former: Former | null = before && formerOf(before.state, now);
  const mute =
    before && Date.parse(before.state.life.mute?.until ?? '') > Date.parse(now) ? before.state.life.mute : null;
  const route = { rule, mention, digestAt };
  const event = { type: 'identified' as const, identity, channel, route, former, mute };
  return (await incidents.take(identity.key, state.id, event)).heldBy;
}

/** For a question: the open incident of the same thing, if there is one. What cannot be read here is no answer's trouble. */
export async function openIncidentOf(
  { incidents, log }: Work,
  cluster: Cluster,
  state: IncidentState,
  { namespace, pod, workload }: FoundTarget,
  signal: AbortSignal,
): Promise<MessagePlace | undefined> {
  const named = pod ? { kind: 'Pod', name: pod } : workload;
  if (!named) return undefined;
  try {
    const found = await identify(cluster, { ...state.request.wanted, ...named, namespace, selector: '' }, signal);
    const holder = found && (await incidents.holderOf((await identityOf(cluster, found)).key));
    const open = holder && holder !== state.id ? await incidents.read(holder) : null;
    return open ? { incident: open.incident, ...shownAt(open.state) } : undefined;
  } catch (error) {
    log.warn({ error: error instanceof Error ? error.name : '' }, 'an open incident could not be looked for');
    return undefined;
  }
}

/** The other incident counts the signals, and whatever led here leads there from now on. */
async function join({ incidents }: Work, state: IncidentState, into: string): Promise<void> {
  const stored = await incidents.read(state.id);
  for (const { source, title, severity, at } of state.life.heard)
    await incidents.transition(
      into,
      { type: 'heard', signal: { source, title, severity, status: 'firing', at } },
      { delivery: `${state.id} ${source} ${title}`.slice(0, 600) },
    );
  if (stored?.key) await incidents.point(stored.key, state.id, into);
  await incidents.transition(state.id, { type: 'merged', into });
}
