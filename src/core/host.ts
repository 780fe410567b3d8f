// The name of a dependency as programs print it (`db`, `db.billing.svc.cluster.local:5432`, `tcp://10.0.0.7:80/x`), and
// the Service of the cluster that it means.

import type { ServiceEvidence } from './evidence/around.ts';
import type { Evidence } from './evidence.ts';
import { known } from './fact.ts';

export interface Host {
  /** In lower case, without scheme, user, port and path. */
  name: string;
  port: number | undefined;
}

const HOST =
  /^(?:[a-z][\w+.-]{0,20}:\/\/)?(?:[^/@\s]{0,300}@)?(?<name>\[[0-9a-f:.]+\]|[^\s:/,;?#]+)(?::(?<port>\d{1,5})\b)?/i;

export function hostIn(words: string): Host {
  const trimmed = words.trim().slice(0, 500);
  // An IPv6 address without brackets has colons of its own.
  if (/^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}$/i.test(trimmed)) return { name: trimmed.toLowerCase(), port: undefined };
  const { name = '', port } = HOST.exec(trimmed)?.groups ?? {};
  return { name: name.replace(/^\[|\]$|\.$/g, '').toLowerCase(), port: port === undefined ? undefined : Number(port) };
}

export function isAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || name.includes(':');
}

/** What a host name can mean in a cluster; undefined for addresses and for names of the world outside. */
export interface ServiceName {
  service: string;
  namespace: string;
  /** `db-0` of `db-0.db.billing.svc` */
  pod: string;
}

/**
 * Kubernetes' names: `service`, `service.namespace`, `service.namespace.svc…`, and before each of them the name of a
 * pod. Two or three parts without `svc` are taken for a Service only when such a Service or namespace is known.
 */
export function serviceNameOf(name: string, evidence: Evidence): ServiceName | undefined {
  if (name === '' || isAddress(name) || name === 'localhost') return undefined;
  const own = evidence.namespace;
  const parts = name.split('.');
  const [a = '', b = '', c = ''] = parts;
  const svc = parts.indexOf('svc');
  if (parts.length === 1) return { service: a, namespace: own, pod: '' };
  if (svc === 2) return { service: a, namespace: b, pod: '' };
  if (svc === 3) return { service: b, namespace: c, pod: a };
  const services = known(evidence.services) ?? [];
  const has = (service: string, namespace: string): boolean =>
    services.some((s) => s.name === service && s.namespace === namespace);
  if (parts.length === 2 && (b === own || services.some((s) => s.namespace === b)))
    return { service: a, namespace: b, pod: '' };
  if (parts.length === 2 && has(b, own)) return { service: b, namespace: own, pod: a };
  if (parts.length === 3 && has(b, c)) return { service: b, namespace: c, pod: a };
  return undefined;
}

/** The Service that a host name or cluster address means. */
export function serviceMeant({ name }: Host, evidence: Evidence): ServiceEvidence | undefined {
  const services = known(evidence.services) ?? [];
  if (isAddress(name)) return services.find((s) => s.clusterIP === name);
  const meant = serviceNameOf(name, evidence);
  return meant && services.find((s) => s.name === meant.service && s.namespace === meant.namespace);
}

/** As `Backend.services` names it. */
export function qualified(service: ServiceEvidence, evidence: Evidence): string {
  return service.namespace === evidence.namespace ? service.name : `${service.name}.${service.namespace}`;
}
