// Snapshot -> Evidence: picks one workload and normalises everything known about it. Never throws on foreign input.

import { type Choice, choose, topmost } from './choose.ts';
import type { Backend, Evidence, PodEvidence, WorkloadEvidence } from './evidence.ts';
import { absent, type Fact, seen, unread } from './fact.ts';
import { at, flag, isObject, type JsonObject, number, object, text } from './json.ts';
import { troubledBackends } from './normalise/backends.ts';
import { containersOf } from './normalise/containers.ts';
import { eventsOf } from './normalise/events.ts';
import { type Look, lookAt, nameOf, namespaceOf, ownerChain, uidOf } from './normalise/look.ts';
import { limitRangesOf, nodeOf, quotasOf, referencesOf, servicesOf, volumesOf } from './normalise/surroundings.ts';
import { conditionsOf, revisionsOf, siblingsOf, workloadOf } from './normalise/workload.ts';
import type { KubeObject, Snapshot, Target } from './snapshot.ts';

/** Undefined when the snapshot holds neither the target nor, without one, any pod or workload. */
export function evidenceFrom(snapshot: Snapshot, target: Target, source: string): Evidence | undefined {
  const look = lookAt(snapshot);
  const choice = choose(look, target);
  return choice && evidenceOf({ look, source, made: new Map() }, choice, target.container);
}

interface Making {
  look: Look;
  source: string;
  /** Pods whose evidence is made or being made: what they need of each other is followed once. */
  made: Map<KubeObject, Evidence | undefined>;
}

const MADE_MAX = 8;

function evidenceOf(making: Making, { pod, workload }: Choice, only = ''): Evidence | undefined {
  const { look, source } = making;
  const { snapshot } = look;
  const owner = pod ?? workload;
  if (!owner) return undefined;
  making.made.set(owner, undefined);
  const specRoot = pod ? 'spec' : templateRoot(owner);
  const spec = object(specRoot.split('.').reduce<unknown>((value, step) => at(value, step), owner));
  const namespace = namespaceOf(owner);
  const containers = containersOf(look, owner, specRoot, pod ? nameOf(pod) : '');
  const owners = ownerNames(look, owner, workload);
  const references = referencesOf(look, spec, specRoot, containers, namespace);
  const nodeName = text(at(pod, 'spec', 'nodeName'));
  const evidence: Evidence = {
    source,
    cluster: snapshot.cluster,
    now: snapshot.now,
    namespace,
    pod: podOf(look, pod, spec, specRoot, owner),
    only,
    containers,
    events: eventsOf(
      look,
      `${owner.kind}/${nameOf(owner)}`,
      new Set([...owners, ...references.map((r) => `${r.kind}/${r.name}`), ...(nodeName ? [`Node/${nodeName}`] : [])]),
      namespace,
    ),
    workload: workloadFact(look, owner, workload),
    revisions: revisionsFact(look, owner, workload),
    references,
    node: nodeName ? nodeOf(look, nodeName) : nodeUnknown(look, owner),
    siblings: siblingsOf(look, pod, new Set(owners.filter((o) => !o.startsWith('Pod/'))), namespace),
    services: servicesOf(look, namespace),
    quotas: quotasOf(look, namespace),
    limitRanges: limitRangesOf(look, namespace),
    behind: backendsOf(making, owner),
    unread: partsUnread(look),
  };
  making.made.set(owner, evidence);
  return evidence;
}

const PARTS: [RegExp, (name: string) => string][] = [
  [/^Event\/(.+)$/, (name) => `events of ${name.replace('/', ' ')}`],
  [/^PodList\/Service\/(.+)$/, (name) => `pods behind Service ${name}`],
  [/^(?:Deployment|StatefulSet)List\/Service\/(.+)$/, (name) => `workloads behind Service ${name}`],
];

/** Readings that failed and that no fact of its own stands for. */
function partsUnread(look: Look): Evidence['unread'] {
  return look.snapshot.unread.flatMap(({ at, why }) =>
    PARTS.flatMap(([pattern, words]) => {
      const name = pattern.exec(at)?.[1];
      return name === undefined ? [] : [{ what: words(name), why }];
    }),
  );
}

function backendsOf(making: Making, owner: KubeObject): Backend[] {
  return troubledBackends(making.look, owner).flatMap(({ services, pod }) => {
    const known = making.made.has(pod);
    if (!known && making.made.size >= MADE_MAX) return [];
    const choice = { pod, workload: topmost(making.look, pod) };
    const evidence = known ? making.made.get(pod) : evidenceOf(making, choice);
    return evidence ? [{ services, evidence }] : [];
  });
}

function templateRoot(workload: KubeObject): string {
  return workload.kind === 'CronJob' ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec';
}

/** Everything whose events tell about this pod: itself, its owners and what they own without a pod. */
function ownerNames(look: Look, owner: KubeObject, workload: KubeObject | undefined): string[] {
  const names = [`${owner.kind}/${nameOf(owner)}`, ...ownerChain(look, owner).map((o) => `${o.kind}/${o.name}`)];
  if (workload) {
    names.push(`${workload.kind}/${nameOf(workload)}`);
    if (owner === workload) {
      for (const kind of ['ReplicaSet', 'Job', 'Pod']) {
        for (const child of look.all(kind, namespaceOf(owner))) {
          if (ownerChain(look, child).some((o) => o.kind === workload.kind && o.name === nameOf(workload)))
            names.push(`${kind}/${nameOf(child)}`);
        }
      }
    }
  }
  return [...new Set(names)];
}

function workloadFact(look: Look, owner: KubeObject, workload: KubeObject | undefined): Fact<WorkloadEvidence> {
  if (workload) return seen(workloadOf(look, workload), 'spec', `${workload.kind}/${nameOf(workload)}`);
  const known = ownerChain(look, owner).at(-1);
  if (!known) {
    const why = look.whyUnread(`${owner.kind}/${nameOf(owner)}:metadata.ownerReferences`);
    return why === undefined
      ? absent('spec', 'metadata.ownerReferences')
      : unread('spec', 'metadata.ownerReferences', why);
  }
  const why = look.whyUnread(`${known.kind}/${known.name}`) ?? 'the owner was not collected';
  return unread('spec', `${known.kind}/${known.name}`, why);
}

/** A pod that nobody owns has no revisions; of an owner that was not read nothing is known. */
function revisionsFact(look: Look, owner: KubeObject, workload: KubeObject | undefined): Evidence['revisions'] {
  if (workload) return revisionsOf(look, workload);
  const why =
    look.whyUnread(`${owner.kind}/${nameOf(owner)}:metadata.ownerReferences`) ??
    (ownerChain(look, owner).length
      ? (look.whyUnread('ReplicaSet') ?? 'the owner of the pod was not read')
      : undefined);
  return why === undefined ? absent('rollout', 'revisions') : unread('rollout', 'revisions', why);
}

function nodeUnknown(look: Look, owner: KubeObject): Evidence['node'] {
  const why = look.whyUnread(`${owner.kind}/${nameOf(owner)}:spec.nodeName`) ?? look.whyUnread('Node');
  return why === undefined ? absent('node', 'spec.nodeName') : unread('node', 'spec.nodeName', why);
}

function podOf(
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
