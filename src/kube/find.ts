// Finds what somebody means: a full or partial name, a kind and a name, a selector, or nothing at all ("what is crash
// looping now"). Nothing outside the namespaces that this request may read is ever asked for, listed or named.

import { at, objects, text } from '../core/json.ts';
import { nameOf } from '../core/normalise/look.ts';
import type { Match, Wanted } from '../core/request.ts';
import type { KubeObject, Target } from '../core/snapshot.ts';
import { type Candidate, inTroubleNow, mostBrokenFirst, readCandidates } from './candidates.ts';
import { type Cluster, mayRead } from './clusters.ts';
import { isName, kindNamed, pods } from './kinds.ts';
import { nothingFound } from './nothing-found.ts';
import { getObject } from './objects.ts';
import { quoted } from './words.ts';

export type FoundTarget = Target & { cluster: string; namespace: string };

export type Found =
  | { is: 'one'; target: FoundTarget }
  /** At most 20, the most broken first. */
  | { is: 'many'; matches: Match[] }
  /** `why` is the whole sentence, with the near names in it; `matches` are the workloads among them. */
  | { is: 'none'; near: string[]; matches?: Match[]; why: string }
  | { is: 'refused'; why: string };

const MATCHES_MAX = 20;

/** Throws ClusterError when the cluster cannot be asked, or may not be asked for pods. */
export async function findTargets(cluster: Cluster, asked: Wanted, signal?: AbortSignal): Promise<Found> {
  const wanted = tidy(asked);
  const refusal = refusedBecause(cluster, wanted);
  if (refusal) return { is: 'refused', why: refusal };
  const where = namespacesToRead(cluster, wanted);
  const kind = kindNamed(wanted.kind)?.kind ?? wanted.kind;
  const anyKind = kind === '' || kind === 'Pod';
  const known = await readCandidates(cluster, {
    namespaces: where,
    labelSelector: wanted.selector,
    kind: anyKind ? '' : kind,
    signal,
  });
  const ofKind = known.all.filter((c) => anyKind || c.kind.toLowerCase() === kind.toLowerCase());
  const found = matching(ofKind, wanted, cluster.clock.nowMs());
  const [first] = found;
  if (!first) return nothingFound(cluster, wanted, where, known, signal);
  if (found.length > 1) return { is: 'many', matches: found.slice(0, MATCHES_MAX).map((c) => matchOf(cluster, c)) };
  const missing = await missingContainer(cluster, first, wanted.container, signal);
  return missing ?? { is: 'one', target: targetOf(cluster, first, wanted.container) };
}

/** `ns/name` and `kind/name` are understood in the name too. */
function tidy(wanted: Wanted): Wanted {
  const [before = '', after] = wanted.name.trim().split('/', 2);
  if (after === undefined) return { ...wanted, name: before };
  if (kindNamed(before)) return { ...wanted, kind: before, name: after };
  return { ...wanted, namespace: wanted.namespace || before, name: after };
}

function refusedBecause(cluster: Cluster, wanted: Wanted): string | undefined {
  const { namespace, name, allowedNamespaces } = wanted;
  if (!namespace && namespacesToRead(cluster, wanted).length === 0)
    return `No namespace of cluster ${cluster.alias} may be read from here.`;
  if (namespace && !isName(namespace)) return `${quoted(namespace)} cannot be the name of a namespace.`;
  if (namespace && !mayRead(cluster, namespace, allowedNamespaces))
    return `Namespace ${namespace} of cluster ${cluster.alias} may not be read from here.`;
  if (name && !isName(name)) return `${quoted(name)} cannot be the name of a pod or workload.`;
  return undefined;
}

function namespacesToRead(cluster: Cluster, { namespace, allowedNamespaces }: Wanted): (string | undefined)[] {
  if (namespace) return [namespace];
  const lists = [cluster.allowedNamespaces, allowedNamespaces].filter((names) => !names.includes('*'));
  const [first, second = first] = lists;
  return first ? [...new Set(first)].filter((name) => second?.includes(name)) : [undefined];
}

/** Exact names before partial ones; a pod's own name before its workload's. Most broken first. */
function matching(candidates: Candidate[], { name, selector }: Wanted, nowMs: number): Candidate[] {
  if (name === '') {
    const asked = candidates.filter((c) => (selector ? c.pods.length > 0 || c.weight > 0 : inTroubleNow(c, nowMs)));
    return mostBrokenFirst(selector && asked.length === 0 ? candidates : asked);
  }
  const typed = name.toLowerCase();
  const withPods = (fits: (pod: string) => boolean): Candidate[] =>
    candidates.flatMap((c) => {
      const own = c.pods.filter((pod) => fits(nameOf(pod)));
      return own.length ? [{ ...c, pods: own }] : [];
    });
  const exactPod = withPods((pod) => pod === typed);
  if (exactPod.length) return mostBrokenFirst(exactPod);
  const exact = candidates.filter((c) => c.name.toLowerCase() === typed);
  if (exact.length) return mostBrokenFirst(exact);
  const byName = candidates.filter((c) => c.name.toLowerCase().includes(typed));
  const byPod = withPods((pod) => pod.includes(typed)).filter((c) => !byName.some((known) => sameThing(known, c)));
  return mostBrokenFirst([...byName, ...byPod]);
}

function sameThing(a: Candidate, b: Candidate): boolean {
  return a.namespace === b.namespace && a.kind === b.kind && a.name === b.name;
}

export function matchOf(cluster: Cluster, { namespace, kind, name, trouble }: Candidate): Match {
  return { cluster: cluster.alias, namespace, kind, name, trouble };
}

function targetOf(cluster: Cluster, candidate: Candidate, container: string): FoundTarget {
  const { namespace, kind, name } = candidate;
  const [pod] = candidate.pods;
  return {
    cluster: cluster.alias,
    namespace,
    ...(pod ? { pod: nameOf(pod) } : {}),
    ...(kind === 'Pod' ? {} : { workload: { kind, name } }),
    ...(container ? { container } : {}),
  };
}

async function missingContainer(
  cluster: Cluster,
  { namespace, pods: [pod] }: Candidate,
  container: string,
  signal: AbortSignal | undefined,
): Promise<Found | undefined> {
  if (!container || !pod) return undefined;
  const name = nameOf(pod);
  const found = await getObject(cluster, { resource: pods, namespace, name }, { signal });
  const names = containerNames(found);
  if (names.includes(container)) return undefined;
  return {
    is: 'none',
    near: names,
    why: `Pod ${name} has no container ${quoted(container)}. It has: ${names.join(', ')}.`,
  };
}

function containerNames(pod: KubeObject): string[] {
  return [...objects(at(pod, 'spec', 'initContainers')), ...objects(at(pod, 'spec', 'containers'))].map(
    (container) => text(container.name) ?? '',
  );
}
