// What lies around a pod: the objects its template names, its node, the Services and quotas of its namespace.

import type { Condition } from '../evidence.ts';
import type { Fact } from '../fact.ts';
import type { JsonObject } from '../json.ts';

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

export interface QuotaEvidence {
  name: string;
  hard: { [resource: string]: string };
  used: { [resource: string]: string };
  /** It counts only pods that match all of these; [] counts every pod. */
  scopes: { name: string; operator: string; values: string[] }[];
}

export interface LimitRangeEvidence {
  name: string;
  limits: JsonObject[];
}
