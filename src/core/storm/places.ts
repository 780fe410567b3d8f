// What an incident can share with others: a node, a dependency, an object it reads, a registry, a quota, a webhook, the
// name service, the API server. One place for each incident, the one that explains most, so that no two storms speak of
// the same workloads.

import { type Host, hostIn, isAddress } from '../host.ts';
import type { Cause, Report } from '../report.ts';

export type PlaceKind =
  | 'node'
  | 'dependency'
  | 'dns'
  | 'api-server'
  | 'configmap'
  | 'secret'
  | 'image'
  | 'registry'
  | 'quota'
  | 'webhook';

export interface Place {
  kind: PlaceKind;
  /** The same for all that share it, within one cluster. At most 300 characters. */
  id: string;
  /** As people call it: "ledger-db", "node-3". */
  name: string;
}

type Judged = Pick<Report, 'causes' | 'context' | 'target' | 'root'>;

/** Undefined when nothing is shared, or what is shared is only possibly the cause. */
export function placeOf(report: Judged): Place | undefined {
  const node = nodeDown(report);
  if (node) return place('node', node, node);
  const [cause] = report.causes;
  if (!cause || cause.grade === 'possible') return undefined;
  return dependencyOf(report, cause) ?? objectOf(report, cause);
}

/** Where a report's own workload would be the dependency of others: incidents of both belong together. */
export function rootKey({ target }: Pick<Report, 'target'>): string {
  const { kind, name } = target.workload;
  return `workload/${target.namespace}/${kind}/${name}`.slice(0, 300);
}

function place(kind: PlaceKind, id: string, name: string): Place {
  return { kind, id: `${kind}/${id}`.slice(0, 300), name: name.slice(0, 200) };
}

/** A node that is not ready explains its pods, whatever they say. */
function nodeDown({ causes, context }: Judged): string | undefined {
  if (causes[0]?.cause === 'node-not-ready') return causes[0].detail.node;
  const told = context.find((fact) => fact.kind === 'node' && /^node \S{1,253}: Ready=/.test(fact.text))?.text ?? '';
  return /^node (\S{1,253}): /.exec(told)?.[1];
}

const UNANSWERED = [
  'dependency-refused',
  'dependency-timeout',
  'dependency-dns-not-found',
  'dependency-connections-exhausted',
  'init-container-waiting',
  'probe-endpoint-failing',
];

function dependencyOf(report: Judged, { cause, detail }: Cause): Place | undefined {
  if (!UNANSWERED.includes(cause)) return undefined;
  const root = report.root?.through.at(-1);
  if (root) return place('dependency', inNamespace(root, report.root?.target.namespace ?? ''), root);
  const host = hostIn(detail.host ?? detail.service ?? '');
  if (host.name === '' || host.name === 'localhost' || host.name.startsWith('127.')) return undefined;
  // A name that the cluster does have and nobody can resolve is the name service's trouble.
  if (cause === 'dependency-dns-not-found' && isKnownService(report)) return place('dns', '', 'DNS');
  return place('dependency', canonical(host, report.target.namespace), shortName(host.name));
}

function isKnownService({ context }: Judged): boolean {
  return context.some((fact) => fact.kind === 'dependency' && fact.text.startsWith('Service '));
}

/** `db`, `db.billing` and `db.billing.svc.cluster.local` mean the same; an address or a name of the world is itself. */
function canonical({ name, port }: Host, namespace: string): string {
  if (isAddress(name)) return port === undefined ? name : `${name}:${port}`;
  const [service = '', second = '', third = ''] = name.split('.');
  if (second === '') return inNamespace(service, namespace);
  return third === 'svc' || third === '' ? `${service}.${second}` : name;
}

function inNamespace(service: string, namespace: string): string {
  return service.includes('.') ? service : `${service}.${namespace}`;
}

function shortName(name: string): string {
  const svc = name.indexOf('.svc');
  return isAddress(name) || svc < 0 ? name : name.slice(0, svc);
}

function objectOf({ target }: Judged, { cause, detail }: Cause): Place | undefined {
  const { namespace } = target;
  const own = (kind: PlaceKind, name: string | undefined): Place | undefined =>
    name ? place(kind, `${namespace}/${name}`, name) : undefined;
  switch (cause) {
    case 'configmap-missing':
    case 'secret-missing':
    case 'config-key-missing':
    case 'config-malformed':
    case 'config-value-invalid':
    case 'dependency-auth-failed':
      return own('configmap', detail.configMap) ?? own('secret', detail.secret);
    case 'image-not-found':
      return detail.image ? place('image', detail.image, detail.image) : undefined;
    // Credentials, limits and reach are a registry's, whichever image is asked for.
    case 'image-pull-denied':
    case 'image-registry-unreachable':
    case 'image-pull-rate-limited': {
      const registry = registryOf(detail.image ?? '');
      return registry ? place('registry', registry, registry) : undefined;
    }
    case 'quota-exceeded':
      return place('quota', namespace, namespace);
    case 'webhook-unavailable':
      return detail.webhook ? place('webhook', detail.webhook, detail.webhook) : undefined;
    case 'coredns-forward-loop':
      return place('dns', '', 'DNS');
    case 'apiserver-unreachable':
      return place('api-server', '', 'the API server');
    default:
      return undefined;
  }
}

/** `docker.io` where an image names none. */
function registryOf(image: string): string | undefined {
  const [first = '', ...rest] = image.split('/');
  if (image === '') return undefined;
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}
