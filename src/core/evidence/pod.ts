// What a rule may look at of the pod itself, apart from its containers. Every field that a rule may cite is a Fact.

import type { Condition } from '../evidence.ts';
import type { Fact } from '../fact.ts';
import type { JsonObject } from '../json.ts';

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
