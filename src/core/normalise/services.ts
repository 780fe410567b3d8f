// Services of a namespace, and what stands behind each: endpoints, pods, or a workload scaled to zero.

import type { ServiceEvidence } from '../evidence/around.ts';
import { type Fact, seen, unread } from '../fact.ts';
import { at, type JsonObject, list, number, object, objects, text } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, nameOf } from './look.ts';
import { isReady, troubleOf } from './siblings.ts';

export function servicesOf(look: Look, namespace: string): Fact<ServiceEvidence[]> {
  const why = look.whyUnread('Service');
  if (why !== undefined) return unread('reference', 'services', why);
  const slices = look.whyUnread('EndpointSlice') === undefined ? look.all('EndpointSlice') : undefined;
  const services = look.all('Service').map((service): ServiceEvidence => {
    const own = text(service.metadata.namespace) ?? namespace;
    const selector = object(at(service, 'spec', 'selector'));
    const backends = podsBehind(look, service, own);
    const broken = backends.find((pod) => !isReady(pod));
    const ends = slices && endpointsOf(slices, nameOf(service), own);
    return {
      name: nameOf(service),
      namespace: own,
      selector,
      ports: objects(at(service, 'spec', 'ports')).map((p) => number(p.port) ?? 0),
      clusterIP: text(at(service, 'spec', 'clusterIP')) ?? '',
      type: text(at(service, 'spec', 'type')) ?? 'ClusterIP',
      readyEndpoints: ends && count(ends.filter((e) => at(e, 'conditions', 'ready') !== false)),
      endpoints: ends && count(ends),
      scaledToZero: backends.length ? '' : scaledToZero(look, selector, own),
      externalName: text(at(service, 'spec', 'externalName')) ?? '',
      trouble: broken ? `${nameOf(broken)} ${troubleOf(broken)}`.trim() : '',
    };
  });
  return seen(services, 'reference', 'services');
}

/** Pods that a Service's selector means, those that ended well left out. */
export function podsBehind(look: Look, service: KubeObject, namespace: string): KubeObject[] {
  const selector = object(at(service, 'spec', 'selector'));
  return look
    .all('Pod', namespace)
    .filter((pod) => matches(selector, at(pod.metadata, 'labels')) && at(pod, 'status', 'phase') !== 'Succeeded');
}

function matches(selector: JsonObject, labels: unknown): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => object(labels)[key] === value);
}

function scaledToZero(look: Look, selector: JsonObject, namespace: string): string {
  const idle = ['Deployment', 'StatefulSet']
    .flatMap((kind) => look.all(kind, namespace))
    .find(
      (w) =>
        number(at(w, 'spec', 'replicas')) === 0 && matches(selector, at(w, 'spec', 'template', 'metadata', 'labels')),
    );
  return idle ? `${idle.kind} ${nameOf(idle)}` : '';
}

function endpointsOf(slices: KubeObject[], service: string, namespace: string): JsonObject[] {
  return slices
    .filter(
      (s) =>
        text(at(s.metadata, 'labels', 'kubernetes.io/service-name')) === service &&
        (text(s.metadata.namespace) ?? namespace) === namespace,
    )
    .flatMap((s) => objects(s.endpoints));
}

function count(endpoints: JsonObject[]): number {
  return endpoints.reduce((sum, e) => sum + Math.max(1, list(e.addresses).length), 0);
}
