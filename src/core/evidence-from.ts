// Snapshot -> Evidence: picks one workload and normalises everything known about it. Never throws on foreign input.

import { type Choice, choose } from './choose.ts';
import type { Backend, Evidence } from './evidence.ts';
import { at, object, text } from './json.ts';
import { troubledBackends } from './normalise/backends.ts';
import { containersOf } from './normalise/containers.ts';
import { eventsOf } from './normalise/events.ts';
import { limitRangesOf, quotasOf } from './normalise/limits.ts';
import { type Look, lookAt, nameOf, namespaceOf } from './normalise/look.ts';
import { nodeOf, nodeUnknown } from './normalise/node.ts';
import { ownerNames, revisionsFact, workloadFact } from './normalise/owners.ts';
import { podOf } from './normalise/pod.ts';
import { referencesOf } from './normalise/references.ts';
import { resizesPodsOf } from './normalise/resizes-pods.ts';
import { servicesOf } from './normalise/services.ts';
import { siblingsOf } from './normalise/siblings.ts';
import type { KubeObject, Snapshot, Target } from './snapshot.ts';
import { whichContainer } from './spoken.ts';
import { topmost } from './topmost.ts';

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
    resizesPods: resizesPodsOf(look),
    behind: backendsOf(making, owner),
    unread: partsUnread(look, nameOf(owner)),
  };
  making.made.set(owner, evidence);
  return evidence;
}

const PARTS: [RegExp, (name: string) => string][] = [
  [/^Event\/(.+)$/, (name) => `events of ${name.replace('/', ' ')}`],
  [/^ContainerNames\/(.+)$/, whichContainer],
  [/^PodList\/Service\/(.+)$/, (name) => `pods behind Service ${name}`],
  [/^(?:Deployment|StatefulSet)List\/Service\/(.+)$/, (name) => `workloads behind Service ${name}`],
];

/** Readings that failed and that no fact of its own stands for. */
function partsUnread(look: Look, pod: string): Evidence['unread'] {
  return look.snapshot.unread.flatMap(({ at, why }) =>
    PARTS.flatMap(([pattern, words]) => {
      const name = pattern.exec(at)?.[1];
      const isOthers = words === whichContainer && name !== pod;
      return name === undefined || isOthers ? [] : [{ what: words(name), why }];
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
