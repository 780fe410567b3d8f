// How people and kubectl name the kinds that own pods: `deploy`, `StatefulSets`, `cj`.

const NAMES: ReadonlyMap<string, string> = new Map(
  [
    ['Pod', 'pod', 'pods', 'po'],
    ['Deployment', 'deployment', 'deployments', 'deploy'],
    ['StatefulSet', 'statefulset', 'statefulsets', 'sts'],
    ['DaemonSet', 'daemonset', 'daemonsets', 'ds'],
    ['ReplicaSet', 'replicaset', 'replicasets', 'rs'],
    ['Job', 'job', 'jobs'],
    ['CronJob', 'cronjob', 'cronjobs', 'cj'],
  ].flatMap(([kind = '', ...names]) => names.map((name) => [name, kind] as const)),
);

/** The kind that a word names, with or without its group (`deployment.apps`); undefined when it names none. */
export function kindOfWord(word: string): string | undefined {
  return NAMES.get(word.toLowerCase().split('.')[0] ?? '');
}

/** Kinds whose controllers make pods. */
export const WORKLOAD_KINDS = [
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
  'DeploymentConfig',
];
