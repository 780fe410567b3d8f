// The spec of a debug copy, built from the live pod in memory: everything that makes it count, serve, listen on the node
// or act in the cluster's name is left out, and its privileges stay as they are.

import { PLAN_ANNOTATION } from '../core/change.ts';
import { at, type JsonObject, object, objects, text } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';

/** The static busybox that the debug image lends: every tool by its first word, also in an image that has no shell. */
export const BUSYBOX = '/loopbreaker/busybox';
const LENT = 'loopbreaker-busybox';

/** What the copy keeps of the pod's spec; all else is left out. */
const KEPT = [
  'dnsConfig',
  'dnsPolicy',
  'enableServiceLinks',
  'hostAliases',
  'imagePullSecrets',
  'nodeSelector',
  'affinity',
  'os',
  'runtimeClassName',
  'securityContext',
  'tolerations',
];
const DROPPED = [
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'restartPolicy',
  'resizePolicy',
  'ports',
  // A block device of a claim, and a device of a claim for it: neither is there in the copy.
  'volumeDevices',
  'stdin',
  'stdinOnce',
  'tty',
];

/** Undefined when the container is not there. */
export function copyOfPod(live: KubeObject, plan: Plan, name: string, lifeSeconds: number): KubeObject | undefined {
  const spec = object(live.spec);
  const container = [...objects(spec.containers), ...objects(spec.initContainers)].find(
    (c) => c.name === plan.container,
  );
  if (!container) return undefined;
  const { variant, debugImage } = plan.intent;
  const lends = variant === 'asleep' && debugImage !== undefined && debugImage !== '';
  const volumes = objects(spec.volumes)
    .filter((v) => !isAccountToken(v))
    .map(harmless);
  const kept = new Set(volumes.map((v) => v.name));
  const ofNode = new Set(volumes.filter((v) => v.hostPath !== undefined).map((v) => v.name));
  const mounts = objects(container.volumeMounts)
    .filter((m) => kept.has(m.name))
    .map((m) => (ofNode.has(m.name) ? { ...m, readOnly: true } : m));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: plan.target.namespace,
      labels: { 'app.kubernetes.io/managed-by': 'loopbreaker', 'loopbreaker.dev/copy': 'true' },
      annotations: { [PLAN_ANNOTATION]: plan.id, 'loopbreaker.dev/copy-of': text(live.metadata.name) ?? '' },
    },
    spec: {
      ...pick(spec, KEPT),
      restartPolicy: 'Never',
      activeDeadlineSeconds: lifeSeconds,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      ...(lends ? { initContainers: [lender(debugImage, container)] } : {}),
      ...listed('volumes', [...volumes, ...(lends ? [{ name: LENT, emptyDir: {} }] : [])]),
      containers: [
        {
          ...without(container, [...DROPPED, 'volumeMounts', 'resources']),
          ...(container.resources === undefined ? {} : { resources: without(object(container.resources), ['claims']) }),
          ...listed('volumeMounts', [...mounts, ...(lends ? [MOUNTED] : [])]),
          ...(variant === 'asleep' ? asleep(lends, lifeSeconds) : {}),
        },
      ],
    },
  };
}

const MOUNTED = { name: LENT, mountPath: '/loopbreaker' };

/** Copies the tool and ends. It asks for nothing that the strictest PodSecurity level refuses. */
function lender(image: string, container: JsonObject): JsonObject {
  return {
    name: LENT,
    image,
    command: ['/bin/busybox', 'cp', '/bin/busybox', BUSYBOX],
    volumeMounts: [MOUNTED],
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: harmlessUser(container),
      seccompProfile: { type: 'RuntimeDefault' },
    },
    ...(container.resources === undefined ? {} : { resources: without(object(container.resources), ['claims']) }),
  };
}

/** The user of the container, so that it sees what that one sees; never root. */
export function harmlessUser(container: JsonObject): number {
  const user = at(container, 'securityContext', 'runAsUser');
  return typeof user === 'number' && user > 0 ? user : NOBODY;
}

const NOBODY = 65_534;

function asleep(lends: boolean, seconds: number): JsonObject {
  return { command: [...(lends ? [BUSYBOX] : []), 'sleep', String(seconds)], args: undefined };
}

function listed(field: string, items: JsonObject[]): JsonObject {
  return items.length > 0 ? { [field]: items } : {};
}

/** The token that the API server adds to every pod. */
function isAccountToken(volume: JsonObject): boolean {
  return objects(at(volume, 'projected', 'sources')).some((source) => source.serviceAccountToken !== undefined);
}

/** A claim becomes an empty directory: what the real pod writes is never written by two. */
function harmless(volume: JsonObject): JsonObject {
  return volume.persistentVolumeClaim !== undefined || volume.ephemeral !== undefined
    ? { name: volume.name, emptyDir: {} }
    : volume;
}

function pick(from: JsonObject, fields: string[]): JsonObject {
  return Object.fromEntries(fields.filter((field) => from[field] !== undefined).map((field) => [field, from[field]]));
}

function without(from: JsonObject, fields: string[]): JsonObject {
  return Object.fromEntries(Object.entries(from).filter(([field]) => !fields.includes(field)));
}
