// What a rule may look at of one container: its spec, its states, its logs. Every field that a rule may cite is a Fact.

import type { Fact } from '../fact.ts';
import type { JsonObject } from '../json.ts';
import type { Log } from '../log.ts';

export type ContainerKind = 'main' | 'init' | 'sidecar';

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
