// Names of kinds as people and tables write them, and what an owner's kind says about its API.

const KINDS: { [word: string]: string } = {
  po: 'Pod',
  pod: 'Pod',
  deploy: 'Deployment',
  deployment: 'Deployment',
  rs: 'ReplicaSet',
  replicaset: 'ReplicaSet',
  rc: 'ReplicationController',
  replicationcontroller: 'ReplicationController',
  sts: 'StatefulSet',
  statefulset: 'StatefulSet',
  ds: 'DaemonSet',
  daemonset: 'DaemonSet',
  job: 'Job',
  cj: 'CronJob',
  cronjob: 'CronJob',
  no: 'Node',
  node: 'Node',
  svc: 'Service',
  service: 'Service',
  cm: 'ConfigMap',
  configmap: 'ConfigMap',
  secret: 'Secret',
  pvc: 'PersistentVolumeClaim',
  persistentvolumeclaim: 'PersistentVolumeClaim',
  pv: 'PersistentVolume',
  persistentvolume: 'PersistentVolume',
  hpa: 'HorizontalPodAutoscaler',
  horizontalpodautoscaler: 'HorizontalPodAutoscaler',
  ns: 'Namespace',
  namespace: 'Namespace',
  sa: 'ServiceAccount',
  serviceaccount: 'ServiceAccount',
  ing: 'Ingress',
  ingress: 'Ingress',
  endpoints: 'Endpoints',
  ep: 'Endpoints',
  event: 'Event',
  dc: 'DeploymentConfig',
  deploymentconfig: 'DeploymentConfig',
  quota: 'ResourceQuota',
  resourcequota: 'ResourceQuota',
  limitrange: 'LimitRange',
  limits: 'LimitRange',
  pdb: 'PodDisruptionBudget',
  poddisruptionbudget: 'PodDisruptionBudget',
};

/** `pods`, `pod`, `deployment.apps`, `Pod` -> the API's spelling; an unknown word stays as it is. */
export function kindNamed(word: string): string {
  const plain = word.toLowerCase().split('.')[0]!;
  return KINDS[plain] ?? KINDS[plain.replace(/s$/, '')] ?? word;
}

export function apiVersionOf(kind: string): string {
  if (/^(?:Deployment|ReplicaSet|StatefulSet|DaemonSet|ControllerRevision)$/.test(kind)) return 'apps/v1';
  if (/^(?:Job|CronJob)$/.test(kind)) return 'batch/v1';
  return 'v1';
}
