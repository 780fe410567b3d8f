// What the API server fills in when a field is left out, for the parts of a pod that a remedy may touch. Without it a template
// that a person wrote by hand would never equal the one that a ReplicaSet keeps.
// Source of fact: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go, and what an API server of 1.20 answered to the contract test.
import type { Container, KubeObject, PodSpec, Resource } from './kinds.ts';
import { canonicalQuantity } from './quantity.ts';

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

type Quantities = { [name: string]: string };
const canonical = (quantities: Quantities | undefined): void => {
  for (const [name, value] of Object.entries(quantities ?? {})) quantities![name] = canonicalQuantity(value);
};

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
    if (variable.value === '') delete variable.value;
  }
  canonical(c.resources.limits);
  canonical(c.resources.requests);
  for (const hook of [c.lifecycle?.postStart, c.lifecycle?.preStop]) {
    if (!hook?.httpGet) continue;
    hook.httpGet.path ??= '/';
    hook.httpGet.scheme ??= 'HTTP';
  }
}

function volume(v: NonNullable<PodSpec['volumes']>[number]): void {
  if (Object.keys(v).length === 1) v.emptyDir = {};
  if (v.configMap) v.configMap.defaultMode ??= 420;
  if (v.secret) v.secret.defaultMode ??= 420;
  if (v.downwardAPI) v.downwardAPI.defaultMode ??= 420;
  if (v.projected) v.projected.defaultMode ??= 420;
  if (v.hostPath) v.hostPath.type ??= '';
  if (v.emptyDir?.sizeLimit) v.emptyDir.sizeLimit = canonicalQuantity(v.emptyDir.sizeLimit);
  for (const item of v.downwardAPI?.items ?? []) if (item.fieldRef) item.fieldRef.apiVersion ??= 'v1';
  for (const { serviceAccountToken } of v.projected?.sources ?? [])
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600;
}

/** In a pod, and only there, a limit without a request is also the request; a template keeps what was written. */
export function requestWhatIsLimited(spec: PodSpec): void {
  for (const { resources } of [...(spec.initContainers ?? []), ...(spec.containers ?? [])])
    if (resources?.limits) resources.requests = { ...resources.limits, ...resources.requests };
}

export function defaultPodSpec(spec: PodSpec): void {
  for (const c of [...(spec.initContainers ?? []), ...(spec.containers ?? [])]) container(c);
  for (const v of spec.volumes ?? []) volume(v);
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
  if (spec && resource === 'pods') requestWhatIsLimited(spec);
}
