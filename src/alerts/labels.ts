// Labels -> the pod or workload that an alert is about. Invariant: what a scraper says of itself is never taken for what
// it says of others, only names that Kubernetes allows get through, and no secret does.

import { redactText } from '../core/redact.ts';

type Labels = { [name: string]: string };

export interface Subject {
  namespace: string;
  kind: string;
  name: string;
  container: string;
}

const MOST_LABELS = 64;
const LONGEST_READ = 4_000;

/** At most 64 labels, names of 200 and values of 500 characters; whatever is longer is cut, a secret hidden. */
export function boundedLabels(labels: Labels): Labels {
  const kept = Object.entries(labels).slice(0, MOST_LABELS);
  return Object.fromEntries(kept.map(([name, value]) => [name.slice(0, 200), shown(name, value).slice(0, 500)]));
}

/** Redacted as the pair that it is; before it is cut, for half a secret has no shape by which it could be known. */
function shown(name: string, value: string): string {
  const pair = redactText(`${name}=${value.slice(0, LONGEST_READ)}`).text;
  return pair.startsWith(`${name}=`) ? pair.slice(name.length + 1) : redactText(value.slice(0, LONGEST_READ)).text;
}

/** `namespace` -> also `kube_namespace`, `k8s.namespace.name`, `kubernetes.namespace_name`: all as `plainName` has them. */
const spelled = (word: string): string[] =>
  ['', 'kube', 'kubernetes', 'k8s'].flatMap((before) => [before + word, `${before}${word}name`]);

/** Names under which senders know a thing; case, dots, dashes and underscores do not matter. */
const NAMES = {
  cluster: spelled('cluster'),
  namespace: [...spelled('namespace'), 'podnamespace'],
  pod: spelled('pod'),
  container: spelled('container'),
  deployment: spelled('deployment'),
  statefulset: spelled('statefulset'),
  daemonset: spelled('daemonset'),
  // `job` is the scrape job, never a Job.
  job: spelled('job').filter((name) => name !== 'job'),
  cronjob: spelled('cronjob'),
  // Container insights knows a pod's ReplicaSet, or whatever else made it, and leaves out its pod.
  controller: [...spelled('replicaset'), 'controllername'],
  node: spelled('node'),
} as const;
type What = keyof typeof NAMES;

/** Labels whose kind stands beside them: of Container insights, of kubernetes-mixin's workloads, of kube_pod_owner. */
const WITH_KIND = [
  ['controllerkind', 'controllername'],
  ['workloadtype', 'workload'],
  ['ownerkind', 'ownername'],
] as const;

/** Most telling first: a Job of a CronJob is the run that failed. */
const WORKLOADS: [What, string][] = [
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['job', 'Job'],
  ['cronjob', 'CronJob'],
];

const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Whether a name of a label means one of these things; for texts in which pairs are looked for. */
export function isKnownLabel(name: string): boolean {
  const plain = plainName(name).replace(/^exported/, '');
  return (
    plain === 'alertname' ||
    plain === 'severity' ||
    Object.values<readonly string[]>(NAMES).some((all) => all.includes(plain))
  );
}

export function clusterIn(labels: Labels): string {
  return lookIn(labels)('cluster');
}

/** The rest of a sentence that begins with the alert's title, when it names nothing that can be diagnosed. */
export function subjectIn(labels: Labels): Subject | string {
  const get = lookIn(labels);
  const namespace = get('namespace');
  const workload =
    WORKLOADS.map(([what, kind]) => ({ kind, name: get(what) })).find(({ name }) => name !== '') ?? kindBeside(labels);
  const pod = get('pod');
  const scraper = isScraper(pod, workload !== undefined, labels);
  const named = scraper ? '' : pod || (workload ? '' : get('controller'));
  const target = named !== '' ? { kind: 'Pod', name: named } : workload;
  if (!target)
    return get('node') !== '' || (scraper && NODE_EXPORTER.test(pod))
      ? 'is about a node: the pods that it breaks are found by alerts of their own'
      : 'names no pod and no workload, so there is nothing to diagnose';
  if (namespace === '') return `names a ${target.kind} but no namespace: keep the label namespace in the alert`;
  if (!NAME.test(target.name) || !NAME.test(namespace))
    return 'names something that Kubernetes does not allow as a name';
  // Container insights writes the pod's uid before it: "4a9c…/cart".
  const container = scraper ? '' : (get('container').split('/').at(-1) ?? '');
  return { namespace, ...target, container: NAME.test(container) ? container : '' };
}

const NODE_EXPORTER = /node-?exporter/;
/** What kube-state-metrics tells of that runs no pods. */
const OTHER_OBJECTS = [
  ...NAMES.node,
  'horizontalpodautoscaler',
  'persistentvolume',
  'persistentvolumeclaim',
  'poddisruptionbudget',
  'resourcequota',
];

/** Where an exporter keeps its own pod label, an alert about a workload or a node seems to be about the exporter's pod. */
function isScraper(pod: string, isOfWorkload: boolean, labels: Labels): boolean {
  if (NODE_EXPORTER.test(pod)) return NODE_EXPORTER.test(labels.job ?? '');
  const others = Object.keys(labels).some((name) => OTHER_OBJECTS.includes(plainName(name)));
  return pod.includes('kube-state-metrics') && (isOfWorkload || others);
}

/** `workload_type: deployment` and `workload: cart`. */
function kindBeside(labels: Labels): { kind: string; name: string } | undefined {
  const byName = plainly(labels);
  for (const [kindLabel, nameLabel] of WITH_KIND) {
    const name = byName.get(nameLabel) ?? '';
    const said = byName.get(kindLabel)?.toLowerCase();
    const kind = WORKLOADS.find(([, known]) => known.toLowerCase() === said)?.[1];
    if (kind && name !== '') return { kind, name };
    // A ReplicaSet is told by its pods, whose name begins with its own.
    if (said === 'replicaset' && name !== '') return { kind: 'Pod', name };
  }
  return undefined;
}

/** Labels of the target that was scraped: where one of them arrives as exported_*, the plain ones are the scraper's own. */
const OF_TARGET: readonly What[] = ['namespace', 'pod', 'container', 'node'];

function lookIn(labels: Labels): (what: What) => string {
  const byName = plainly(labels);
  const find = (what: What, prefix: string): string =>
    NAMES[what].map((name) => byName.get(prefix + name)).find((value) => value !== undefined && value !== '') ?? '';
  const exported = OF_TARGET.some((what) => find(what, 'exported') !== '');
  return (what) => find(what, 'exported') || (exported && OF_TARGET.includes(what) ? '' : find(what, ''));
}

const plainly = (labels: Labels): Map<string, string> =>
  new Map(Object.entries(labels).map(([name, value]) => [plainName(name), value.trim()]));

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
