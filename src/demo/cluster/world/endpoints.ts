// The EndpointSlice controller: behind a Service stand the pods that its selector finds, ready or not.
import type { Kinds, Pod } from '../kinds.ts';
import type { World } from './life.ts';
import { isReady } from './pod-status.ts';

type Service = Kinds['services'];

const portOf = (pods: Pod[], target: number | string | undefined, fallback: number): number =>
  typeof target === 'number'
    ? target
    : (pods.flatMap((p) => p.spec?.containers.flatMap((c) => c.ports ?? []) ?? []).find((p) => p.name === target)
        ?.containerPort ?? fallback);

export function syncEndpoints(world: World, service: Service): void {
  const selector = Object.entries(service.spec?.selector ?? {});
  const namespace = service.metadata.namespace;
  const slice = world.store
    .list('endpointslices.discovery.k8s.io', namespace)
    .find((s) => s.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name);
  if (selector.length === 0 || !slice) return;
  const pods = world.store
    .list('pods', namespace)
    .filter((pod) => pod.status?.podIP && ['Pending', 'Running'].includes(pod.status.phase ?? ''))
    .filter((pod) => selector.every(([key, value]) => pod.metadata.labels?.[key] === value));
  world.store.edit('endpointslices.discovery.k8s.io', slice, (draft) => {
    const before = JSON.stringify(draft.endpoints ?? []);
    const endpoints = pods.map((pod) => ({
      addresses: [pod.status!.podIP!],
      conditions: {
        ready: isReady(pod),
        serving: isReady(pod),
        terminating: pod.metadata.deletionTimestamp !== undefined,
      },
      nodeName: pod.spec?.nodeName,
      targetRef: { kind: 'Pod', name: pod.metadata.name, namespace, uid: pod.metadata.uid },
    }));
    if (JSON.stringify(endpoints) === before) return;
    draft.endpoints = endpoints;
    draft.ports = service.spec?.ports?.map((p) => ({
      name: p.name ?? '',
      port: portOf(pods, p.targetPort, p.port),
      protocol: p.protocol,
    }));
    draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
  });
}
