// What the API server fills in when a field is left out, for the parts of a pod that a remedy may touch. Without it a template
// that a person wrote by hand would never equal the one that a ReplicaSet keeps.
import type { Container, KubeObject, PodSpec, Resource } from './kinds.ts';

type Probe = NonNullable<Container['livenessProbe']>;

function probe(p: Probe | undefined): void {
  if (!p) return;
  p.timeoutSeconds ??= 1;
  p.periodSeconds ??= 10;
  p.successThreshold ??= 1;
  p.failureThreshold ??= 3;
  if (p.httpGet) {
    p.httpGet.path ??= '/';
    p.httpGet.scheme ??= 'HTTP';
  }
}

function container(c: Container): void {
  const tag = /:([^/:@]+)$/.exec(c.image ?? '')?.[1] ?? 'latest';
  c.imagePullPolicy ??= tag === 'latest' && !c.image?.includes('@') ? 'Always' : 'IfNotPresent';
  c.terminationMessagePath ??= '/dev/termination-log';
  c.terminationMessagePolicy ??= 'File';
  c.resources ??= {};
  for (const port of c.ports ?? []) port.protocol ??= 'TCP';
  for (const p of [c.livenessProbe, c.readinessProbe, c.startupProbe]) probe(p);
  for (const variable of c.env ?? []) {
    if (variable.valueFrom?.fieldRef) variable.valueFrom.fieldRef.apiVersion ??= 'v1';
  }
  // A limit without a request is also the request.
  for (const [name, limit] of Object.entries(c.resources.limits ?? {})) {
    c.resources.requests = { ...c.resources.requests, [name]: c.resources.requests?.[name] ?? limit };
  }
}

export function defaultPodSpec(spec: PodSpec): void {
  for (const c of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) container(c);
  for (const volume of spec.volumes ?? []) {
    if (volume.configMap) volume.configMap.defaultMode ??= 420;
    if (volume.secret) volume.secret.defaultMode ??= 420;
  }
  spec.dnsPolicy ??= 'ClusterFirst';
  spec.restartPolicy ??= 'Always';
  spec.schedulerName ??= 'default-scheduler';
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
}

/** Where an object keeps a pod's spec, if it has one. */
export function podSpecOf(resource: Resource, object: KubeObject): PodSpec | undefined {
  const spec = object.spec as (PodSpec & { template?: { spec?: PodSpec } }) | undefined;
  return resource === 'pods' ? spec : spec?.template?.spec;
}

export function applyDefaults(resource: Resource, object: KubeObject): void {
  const spec = podSpecOf(resource, object);
  if (spec) defaultPodSpec(spec);
}
