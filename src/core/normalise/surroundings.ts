// What lies around a pod: its node, the objects its template names, the Services and quotas of its namespace.

import type {
  ContainerEvidence,
  LimitRangeEvidence,
  NodeEvidence,
  QuotaEvidence,
  Reference,
  ReferencedObject,
  ServiceEvidence,
  Volume,
} from '../evidence.ts';
import { absent, type Fact, known, seen, unread } from '../fact.ts';
import { at, flag, type JsonObject, list, number, object, objects, text, words } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { changedAfter } from './changed-after.ts';
import { type Look, nameOf } from './look.ts';
import { conditionsOf, isReady, troubleOf } from './workload.ts';

const VOLUME_NAMES: { [type: string]: string } = {
  configMap: 'name',
  secret: 'secretName',
  persistentVolumeClaim: 'claimName',
  hostPath: 'path',
  nfs: 'server',
  csi: 'driver',
};

export function volumesOf(spec: JsonObject): Volume[] {
  return objects(spec.volumes).map((volume) => {
    const type = Object.keys(volume).find((key) => key !== 'name') ?? '';
    const body = object(volume[type]);
    return {
      name: text(volume.name) ?? '',
      type,
      from: words(body[VOLUME_NAMES[type] ?? '']) ?? '',
      sizeLimit: words(body.sizeLimit) ?? '',
      detail: text(body.medium) ?? text(body.type) ?? '',
      optional: body.optional === true,
      ...(body.items === undefined ? {} : { items: objects(body.items).map(itemOf) }),
    };
  });
}

function itemOf(item: JsonObject): { key: string; path: string } {
  return { key: text(item.key) ?? '', path: text(item.path) ?? '' };
}

/** Every ConfigMap, Secret, claim and ServiceAccount that the template names, each looked up. */
export function referencesOf(
  look: Look,
  spec: JsonObject,
  specAt: string,
  containers: ContainerEvidence[],
  namespace: string,
): Reference[] {
  const named: Omit<Reference, 'object'>[] = [];
  for (const container of containers) {
    for (const [i, env] of (known(container.env) ?? []).entries()) {
      if (env.from?.kind === 'ConfigMap' || env.from?.kind === 'Secret') {
        named.push({
          kind: env.from.kind,
          name: env.from.name,
          usedAt: `${container.specAt}.env[${i}]`,
          optional: env.from.optional,
        });
      }
    }
    for (const [i, from] of (known(container.envFrom) ?? []).entries()) {
      named.push({
        kind: from.kind,
        name: from.name,
        usedAt: `${container.specAt}.envFrom[${i}]`,
        optional: from.optional,
      });
    }
  }
  for (const [i, volume] of objects(spec.volumes).entries()) {
    const usedAt = `${specAt}.volumes[${i}]`;
    const add = (kind: Reference['kind'], name: unknown, optional: unknown): void => {
      if (typeof name === 'string') named.push({ kind, name, usedAt, optional: optional === true });
    };
    add('ConfigMap', at(volume, 'configMap', 'name'), at(volume, 'configMap', 'optional'));
    add('Secret', at(volume, 'secret', 'secretName'), at(volume, 'secret', 'optional'));
    add('PersistentVolumeClaim', at(volume, 'persistentVolumeClaim', 'claimName'), false);
    if (text(volume.name)?.startsWith('kube-api-access-')) continue;
    for (const source of objects(at(volume, 'projected', 'sources'))) {
      add('ConfigMap', at(source, 'configMap', 'name'), at(source, 'configMap', 'optional'));
      add('Secret', at(source, 'secret', 'name'), at(source, 'secret', 'optional'));
    }
  }
  const account = text(spec.serviceAccountName);
  if (account)
    named.push({ kind: 'ServiceAccount', name: account, usedAt: `${specAt}.serviceAccountName`, optional: false });
  return named.map((reference) => ({
    ...reference,
    object: referenced(look, reference.kind, reference.name, namespace),
  }));
}

function referenced(look: Look, kind: Reference['kind'], name: string, namespace: string): Fact<ReferencedObject> {
  const address = `${kind}/${name}`;
  const found = look.find(kind, name, namespace || undefined);
  if (found) return seen(referencedObject(look, found), 'reference', address);
  const why = look.whyUnread(address);
  return why === undefined ? absent('reference', address) : unread('reference', address, why);
}

function referencedObject(look: Look, found: KubeObject): ReferencedObject {
  const data = { ...object(found.data), ...object(found.binaryData) };
  const changes = objects(found.metadata.managedFields)
    .map((f) => ({ by: text(f.manager) ?? '', at: text(f.time) ?? '' }))
    .filter((c) => c.at !== '')
    .sort((a, b) => a.at.localeCompare(b.at));
  const last = changes.at(-1);
  const created = text(found.metadata.creationTimestamp) ?? '';
  return {
    keys: Object.keys(data),
    values:
      found.kind === 'Secret'
        ? {}
        : Object.fromEntries(Object.entries(object(found.data)).map(([k, v]) => [k, text(v) ?? ''])),
    createdAt: created,
    changedAt: last?.at ?? '',
    changedBy: last?.by ?? '',
    changedAfter: last ? '' : changedAfter(look, found, created),
    immutable: flag(found.immutable) ?? false,
    detail:
      found.kind === 'PersistentVolumeClaim'
        ? {
            phase: at(found, 'status', 'phase'),
            storageClassName: at(found, 'spec', 'storageClassName'),
            volumeName: at(found, 'spec', 'volumeName'),
          }
        : {},
  };
}

export function nodeOf(look: Look, name: string): Fact<NodeEvidence> {
  const address = `Node/${name}`;
  const node = look.find('Node', name);
  if (!node) {
    const why = look.whyUnread(address);
    return why === undefined ? absent('node', address) : unread('node', address, why);
  }
  const info = object(at(node, 'status', 'nodeInfo'));
  return seen(
    {
      name,
      architecture: text(info.architecture) ?? '',
      os: text(info.operatingSystem) ?? '',
      kernel: text(info.kernelVersion) ?? '',
      runtime: text(info.containerRuntimeVersion) ?? '',
      kubelet: text(info.kubeletVersion) ?? '',
      conditions: conditionsOf(at(node, 'status', 'conditions')),
      taints: objects(at(node, 'spec', 'taints')).map(
        (t) => `${words(t.key) ?? ''}${t.value ? `=${words(t.value)}` : ''}:${words(t.effect) ?? ''}`,
      ),
      unschedulable: at(node, 'spec', 'unschedulable') === true,
      allocatable: stringMap(at(node, 'status', 'allocatable')),
    },
    'node',
    address,
  );
}

function stringMap(value: unknown): { [key: string]: string } {
  return Object.fromEntries(Object.entries(object(value)).map(([k, v]) => [k, words(v) ?? '']));
}

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

export function quotasOf(look: Look, namespace: string): Fact<QuotaEvidence[]> {
  const why = look.whyUnread('ResourceQuota');
  if (why !== undefined) return unread('reference', 'resourcequotas', why);
  const quotas = look.all('ResourceQuota', namespace).map((q) => ({
    name: nameOf(q),
    hard: stringMap(at(q, 'status', 'hard') ?? at(q, 'spec', 'hard')),
    used: stringMap(at(q, 'status', 'used')),
  }));
  return seen(quotas, 'reference', 'resourcequotas');
}

export function limitRangesOf(look: Look, namespace: string): Fact<LimitRangeEvidence[]> {
  const why = look.whyUnread('LimitRange');
  if (why !== undefined) return unread('reference', 'limitranges', why);
  const ranges = look
    .all('LimitRange', namespace)
    .map((r) => ({ name: nameOf(r), limits: objects(at(r, 'spec', 'limits')) }));
  return seen(ranges, 'reference', 'limitranges');
}
