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

/** Names under which senders know a thing; case, dots, dashes and underscores do not matter. */
const NAMES = {
  cluster: ['cluster', 'clustername', 'kubecluster', 'kubeclustername', 'k8sclustername'],
  namespace: ['namespace', 'kubenamespace', 'kubernetesnamespace', 'k8snamespacename', 'podnamespace'],
  pod: ['pod', 'podname', 'kubernetespodname', 'k8spodname'],
  container: ['container', 'containername', 'kubecontainername', 'k8scontainername'],
  deployment: ['deployment', 'kubedeployment', 'k8sdeploymentname'],
  statefulset: ['statefulset', 'kubestatefulset', 'k8sstatefulsetname'],
  daemonset: ['daemonset', 'kubedaemonset', 'k8sdaemonsetname'],
  // `job` is the scrape job, never a Job.
  job: ['jobname', 'kubejob', 'k8sjobname'],
  cronjob: ['cronjob', 'kubecronjob', 'k8scronjobname'],
  // Container insights knows a pod's ReplicaSet, or whatever else made it, and leaves out its pod.
  controller: ['controllername'],
  node: ['node', 'nodename', 'kubenode', 'k8snodename'],
} as const;
type What = keyof typeof NAMES;

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
  const workload = WORKLOADS.map(([what, kind]) => ({ kind, name: get(what) })).find(({ name }) => name !== '');
  const pod = get('pod');
  // Where kube-state-metrics keeps its own pod label, an alert about a workload seems to be about its pod.
  const scraper = workload !== undefined && pod.includes('kube-state-metrics');
  const named = scraper ? '' : pod || (workload ? '' : get('controller'));
  const target = named !== '' ? { kind: 'Pod', name: named } : workload;
  if (!target)
    return get('node') === ''
      ? 'names no pod and no workload, so there is nothing to diagnose'
      : 'is about a node: the pods that it breaks are found by alerts of their own';
  if (namespace === '') return `names a ${target.kind} but no namespace: keep the label namespace in the alert`;
  if (!NAME.test(target.name) || !NAME.test(namespace))
    return 'names something that Kubernetes does not allow as a name';
  const container = scraper ? '' : get('container');
  return { namespace, ...target, container: NAME.test(container) ? container : '' };
}

/** Labels of the target that was scraped: where one of them arrives as exported_*, the plain ones are the scraper's own. */
const OF_TARGET: readonly What[] = ['namespace', 'pod', 'container', 'node'];

function lookIn(labels: Labels): (what: What) => string {
  const byName = new Map<string, string>();
  for (const [name, value] of Object.entries(labels)) byName.set(plainName(name), value.trim());
  const find = (what: What, prefix: string): string =>
    NAMES[what].map((name) => byName.get(prefix + name)).find((value) => value !== undefined && value !== '') ?? '';
  const exported = OF_TARGET.some((what) => find(what, 'exported') !== '');
  return (what) => find(what, 'exported') || (exported && OF_TARGET.includes(what) ? '' : find(what, ''));
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
