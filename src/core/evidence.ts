// Everything a rule may look at, about one workload: normalised, redacted, and three-state throughout.
// Rules never see raw objects. Every field that a rule may cite is a Fact with an address.

import type { Fact } from './fact.ts';
import type { JsonObject } from './json.ts';
import type { LogLine } from './log.ts';

export type ContainerKind = 'main' | 'init' | 'sidecar';

export interface Evidence {
  /** The argument as given: directory, namespace/pod, or "pasted text". */
  source: string;
  cluster: string;
  /** RFC 3339. */
  now: string;
  namespace: string;
  pod: PodEvidence;
  /** The container that was asked about, "" for all of them. */
  only: string;
  /** Init, sidecar and main containers in the order in which the kubelet starts them. */
  containers: ContainerEvidence[];
  /** Events of the pod and its owners, oldest first. */
  events: Fact<EventRecord[]>;
  workload: Fact<WorkloadEvidence>;
  /** Newest last. */
  revisions: Fact<Revision[]>;
  /** ConfigMaps, Secrets, PersistentVolumeClaims and the ServiceAccount that the pod template names. */
  references: Reference[];
  node: Fact<NodeEvidence>;
  /** Other pods of the same workload. */
  siblings: Fact<Sibling[]>;
  /** Services of the namespace, for names found in logs. */
  services: Fact<ServiceEvidence[]>;
  /** Troubled pods behind Services that this workload may need, each with evidence of its own; [] at the end of a chain. */
  behind: Backend[];
  /** Readings that failed in part, in words: "events of Deployment api". */
  unread: { what: string; why: string }[];
  quotas: Fact<QuotaEvidence[]>;
  limitRanges: Fact<LimitRangeEvidence[]>;
}

export interface PodEvidence {
  /** Absent when the workload has no pod at all. */
  name: Fact<string>;
  uid: Fact<string>;
  phase: Fact<string>;
  /** status.reason, e.g. Evicted, SysctlForbidden, OutOfcpu. */
  reason: Fact<string>;
  message: Fact<string>;
  conditions: Fact<Condition[]>;
  createdAt: Fact<string>;
  deletionTimestamp: Fact<string>;
  nodeName: Fact<string>;
  podIP: Fact<string>;
  hostNetwork: Fact<boolean>;
  restartPolicy: Fact<string>;
  serviceAccount: Fact<string>;
  enableServiceLinks: Fact<boolean>;
  volumes: Fact<Volume[]>;
  /** Pod-level securityContext: runAsUser, runAsNonRoot, fsGroup, sysctls … */
  securityContext: Fact<JsonObject>;
  nodeSelector: Fact<JsonObject>;
  terminationGracePeriodSeconds: Fact<number>;
  labels: Fact<JsonObject>;
  annotations: Fact<JsonObject>;
}

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  /** RFC 3339 or "". */
  since: string;
}

export interface Volume {
  name: string;
  /** configMap, secret, emptyDir, persistentVolumeClaim, hostPath, projected, … */
  type: string;
  /** Name of the ConfigMap, Secret or claim; path of a hostPath; "" otherwise. */
  from: string;
  /** Size limit of an emptyDir, as written, or "". */
  sizeLimit: string;
  /** emptyDir medium ("Memory") or hostPath type ("Socket"). */
  detail: string;
  optional: boolean;
  /** Keys of a ConfigMap or Secret that become files, and under which names; undefined when all keys do. */
  items?: { key: string; path: string }[];
}

export interface ContainerEvidence {
  name: string;
  kind: ContainerKind;
  /** Address of its spec, `spec.containers[0]`. */
  specAt: string;
  /** Address of its status, `status.containerStatuses[0]`. */
  statusAt: string;
  image: Fact<string>;
  imagePullPolicy: Fact<string>;
  command: Fact<string[]>;
  args: Fact<string[]>;
  workingDir: Fact<string>;
  env: Fact<EnvEntry[]>;
  envFrom: Fact<EnvFrom[]>;
  ports: Fact<Port[]>;
  memoryLimit: Fact<string>;
  memoryRequest: Fact<string>;
  cpuLimit: Fact<string>;
  cpuRequest: Fact<string>;
  probes: { liveness: Fact<Probe>; readiness: Fact<Probe>; startup: Fact<Probe> };
  postStart: Fact<Handler>;
  preStop: Fact<Handler>;
  /** Container securityContext merged over the pod's: runAsUser, readOnlyRootFilesystem, capabilities … */
  securityContext: Fact<JsonObject>;
  mounts: Fact<Mount[]>;
  terminationMessagePolicy: Fact<string>;
  state: Fact<ContainerState>;
  /** The ended run before the present state. */
  lastState: Fact<Termination>;
  ready: Fact<boolean>;
  restartCount: Fact<number>;
  logs: { previous: Fact<Log>; current: Fact<Log> };
  /** Working set in bytes from metrics.k8s.io. */
  memoryUse: Fact<number>;
}

export type ContainerState =
  | { is: 'waiting'; reason: string; message: string }
  | { is: 'running'; startedAt: string }
  | ({ is: 'terminated' } & Termination);

export interface Termination {
  exitCode: number;
  signal: number;
  reason: string;
  message: string;
  /** RFC 3339; 1970-01-01T00:00:00Z when the container never started. */
  startedAt: string;
  finishedAt: string;
}

export interface Log {
  lines: LogLine[];
  /** Bytes between head and tail that were not read, at least so many. */
  skippedBytes: number;
}

export interface EnvEntry {
  name: string;
  /** Redacted literal; undefined when it comes from a reference. "" means set to nothing. */
  value?: string;
  from?: { kind: 'ConfigMap' | 'Secret' | 'field' | 'resource'; name: string; key: string; optional: boolean };
}

export interface EnvFrom {
  kind: 'ConfigMap' | 'Secret';
  name: string;
  prefix: string;
  optional: boolean;
}

export interface Port {
  name: string;
  containerPort: number;
  protocol: string;
}

export interface Handler {
  type: 'httpGet' | 'tcpSocket' | 'exec' | 'grpc' | 'sleep' | 'unknown';
  /** Named ports are resolved through the container's ports; `portName` keeps the name. */
  port?: number;
  portName?: string;
  path?: string;
  scheme?: string;
  host?: string;
  command?: string[];
}

export interface Probe extends Handler {
  initialDelaySeconds: number;
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
  successThreshold: number;
}

export interface Mount {
  volume: string;
  path: string;
  subPath: string;
  readOnly: boolean;
}

export interface EventRecord {
  type: string;
  reason: string;
  message: string;
  count: number;
  /** RFC 3339 or "". */
  first: string;
  last: string;
  object: { kind: string; name: string };
  /** Container named by involvedObject.fieldPath, or "". */
  container: string;
  /** `event:Unhealthy` */
  at: string;
}

export interface WorkloadEvidence {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  generation: number;
  templateHash: string;
  replicas: number;
  readyReplicas: number;
  availableReplicas: number;
  paused: boolean;
  updateStrategy: string;
  conditions: Condition[];
  /** "Helm release shop", "Argo CD application shop", "operator Kafka/main"; [] when nobody else owns it. */
  managedBy: string[];
  /** What an owner above the workload says of itself, where that is not well: Crossplane's Ready and Synced, an operator's. */
  ownerConditions: Condition[];
  labels: JsonObject;
  annotations: JsonObject;
  /** CronJob schedule, Job backoffLimit, activeDeadlineSeconds and the like. */
  detail: JsonObject;
}

export interface Revision {
  number: number;
  /** ReplicaSet or ControllerRevision name. */
  name: string;
  uid: string;
  createdAt: string;
  templateHash: string;
  /** Redacted pod template: for differences in words, never for building a patch. */
  template: JsonObject;
  current: boolean;
  readyReplicas: number;
}

export interface Reference {
  kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim' | 'ServiceAccount';
  name: string;
  /** What names it: `spec.containers[0].env[1]`, `spec.volumes[0]`. */
  usedAt: string;
  optional: boolean;
  /** Seen: it exists. Absent: the API server says it does not. */
  object: Fact<ReferencedObject>;
}

export interface ReferencedObject {
  /** Key names of a ConfigMap or Secret. */
  keys: string[];
  /** Values of ConfigMap keys that a log or parse error names; redacted. */
  values: { [key: string]: string };
  createdAt: string;
  /** Last change known from managedFields: who and when; "" when unknown. */
  changedAt: string;
  changedBy: string;
  /** Without managedFields: a time before which it was not last changed, told by resourceVersions; "" when unknown. */
  changedAfter: string;
  immutable: boolean;
  /** Phase of a claim, its storage class and such. */
  detail: JsonObject;
}

export interface NodeEvidence {
  name: string;
  architecture: string;
  os: string;
  kernel: string;
  runtime: string;
  kubelet: string;
  conditions: Condition[];
  taints: string[];
  unschedulable: boolean;
  allocatable: { [resource: string]: string };
}

export interface Sibling {
  name: string;
  ready: boolean;
  restarts: number;
  nodeName: string;
  /** Waiting or terminated reason of its worst container, or "". */
  trouble: string;
  /** Template hash label or controller-revision-hash: which revision it runs. */
  revision: string;
  /** RFC 3339 or "". */
  createdAt: string;
}

export interface ServiceEvidence {
  name: string;
  namespace: string;
  ports: number[];
  clusterIP: string;
  type: string;
  /** Number of ready endpoints; undefined when EndpointSlices could not be read. */
  readyEndpoints: number | undefined;
  /** Ready or not; 0 means that its selector matches no pod that has an address. */
  endpoints: number | undefined;
  /** The workload that would make its pods and has none wanted: "StatefulSet ledger-db"; "" when none is known. */
  scaledToZero: string;
  /** Where a Service of type ExternalName leads, "" for the others. */
  externalName: string;
  selector: JsonObject;
  /** Trouble of the pods behind it ("CrashLoopBackOff (postgres exits 1)"), "" when none is known. */
  trouble: string;
}

/** The most troubled pod behind a Service, when none of its pods is ready. */
export interface Backend {
  /** Names of the Services it stands behind, `name` or, in another namespace, `name.namespace`. */
  services: string[];
  evidence: Evidence;
}

export interface QuotaEvidence {
  name: string;
  hard: { [resource: string]: string };
  used: { [resource: string]: string };
}

export interface LimitRangeEvidence {
  name: string;
  limits: JsonObject[];
}
