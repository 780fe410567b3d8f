// A new pod from a template, with everything that admission and the kubelet add to it before anything runs.
import { defaultPodSpec, requestWhatIsLimited } from '../defaults.ts';
import type { Container, ContainerStatus, KubeObject, Pod, PodSpec, PodTemplate } from '../kinds.ts';
import type { Ids } from './ids.ts';
import { ownedBy } from './owners.ts';

type Owner = { apiVersion: string; kind: string; metadata: KubeObject['metadata'] };
type Made = { name: string; generateName?: string; labels?: Record<string, string>; now: string };

/** What the admission plug-ins add to every pod: service account, its token, tolerations. */
export function admitted(spec: PodSpec, ids: Ids): PodSpec {
  const admittedSpec = structuredClone(spec);
  defaultPodSpec(admittedSpec);
  requestWhatIsLimited(admittedSpec);
  const token = `kube-api-access-${ids.suffix()}`;
  const mount = { name: token, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true };
  const account = admittedSpec.serviceAccountName ?? 'default';
  const withToken = admittedSpec.automountServiceAccountToken !== false;
  for (const c of withToken ? [...(admittedSpec.initContainers ?? []), ...admittedSpec.containers] : [])
    c.volumeMounts = [...(c.volumeMounts ?? []), mount];
  const toleration = (key: string) => ({
    key: `node.kubernetes.io/${key}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  });
  return {
    ...admittedSpec,
    enableServiceLinks: admittedSpec.enableServiceLinks ?? true,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    serviceAccount: account,
    serviceAccountName: account,
    tolerations: [...(admittedSpec.tolerations ?? []), toleration('not-ready'), toleration('unreachable')],
    volumes: [...(admittedSpec.volumes ?? []), ...(withToken ? [tokenVolume(token)] : [])],
  };
}

function tokenVolume(name: string): NonNullable<PodSpec['volumes']>[number] {
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
    },
  };
}

export function podFrom(template: PodTemplate, owner: Owner, made: Made, ids: Ids): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: made.name,
      generateName: made.generateName,
      namespace: owner.metadata.namespace,
      uid: ids.uid(),
      resourceVersion: '',
      generation: 1,
      creationTimestamp: made.now,
      labels: { ...template.metadata?.labels, ...made.labels },
      annotations: template.metadata?.annotations,
      ownerReferences: ownedBy(owner),
    },
    spec: admitted(template.spec as PodSpec, ids),
    status: { phase: 'Pending', qosClass: qosOf(template.spec as PodSpec) },
  };
}

export function qosOf(spec: PodSpec): string {
  const all = [...(spec.initContainers ?? []), ...spec.containers].map((c) => c.resources ?? {});
  if (all.every((r) => !r.limits && !r.requests)) return 'BestEffort';
  const guaranteed = all.every((r) =>
    ['cpu', 'memory'].every((n) => r.limits?.[n] !== undefined && r.limits[n] === (r.requests?.[n] ?? r.limits[n])),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

/** A container's status before it has ever run. */
export const waitingStatus = (c: Container, reason: string): ContainerStatus => ({
  name: c.name,
  image: c.image ?? '',
  imageID: '',
  ready: false,
  started: false,
  restartCount: 0,
  lastState: {},
  state: { waiting: { reason } },
  resources: c.resources,
  allocatedResources: c.resources?.requests,
  volumeMounts: c.volumeMounts?.map((m) => ({ ...m, ...(m.readOnly ? { recursiveReadOnly: 'Disabled' } : {}) })),
});
