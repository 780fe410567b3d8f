// metrics.k8s.io: what the running containers use, as far as their world files say. Only where the cluster is started with it.
import type { Answer } from './http.ts';
import type { Pod } from './kinds.ts';
import type { ResourceRequest } from './routes.ts';
import { labelMatcher } from './selectors.ts';
import { ApiError } from './status-errors.ts';
import type { World } from './world/life.ts';

function metricsOf(world: World, pod: Pod): object | undefined {
  const running = (pod.status?.containerStatuses ?? []).filter((s) => s.state?.running).map((s) => s.name);
  const containers = (pod.spec?.containers ?? [])
    .filter((c) => running.includes(c.name))
    .map((c) => ({ name: c.name, usage: world.programs.of(pod, c).uses ?? { cpu: '3m', memory: '24Mi' } }));
  const { name, namespace, labels } = pod.metadata;
  if (containers.length === 0) return undefined;
  const metadata = { name, namespace, labels, creationTimestamp: world.clock.now() };
  return {
    kind: 'PodMetrics',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata,
    timestamp: world.clock.now(),
    window: '15s',
    containers,
  };
}

export function readMetrics(world: World, route: ResourceRequest, query: URLSearchParams): Answer {
  const pods = world.store.list('pods', route.namespace || undefined);
  if (route.verb === 'get') {
    const pod = pods.find((p) => p.metadata.name === route.name);
    const metrics = pod && metricsOf(world, pod);
    if (metrics) return { code: 200, json: metrics };
    const details = { name: route.name, group: 'metrics.k8s.io', kind: 'pods' };
    throw new ApiError(
      404,
      'NotFound',
      `podmetrics.metrics.k8s.io "${route.namespace}/${route.name}" not found`,
      details,
    );
  }
  const matches = labelMatcher(query.get('labelSelector') ?? '');
  const items = pods.filter((pod) => matches(pod as never)).flatMap((pod) => metricsOf(world, pod) ?? []);
  return { code: 200, json: { kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items } };
}
