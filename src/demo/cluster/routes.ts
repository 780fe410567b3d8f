// A URL path and method -> what is asked of the API, in the words of Kubernetes' RequestInfo (and so of RBAC).
import { type KindInfo, kinds } from './kinds.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';
export type ResourceRequest = {
  verb: Verb;
  group: string;
  version: string;
  plural: string;
  subresource: string;
  namespace: string;
  name: string;
  /** Absent for a resource that this cluster does not serve. */
  info?: KindInfo;
};

const segment = /^[A-Za-z0-9]([A-Za-z0-9._:-]*[A-Za-z0-9])?$/;

function verbOf(method: string, named: boolean, watching: boolean): Verb | undefined {
  if (method === 'GET') return named ? 'get' : watching ? 'watch' : 'list';
  if (method === 'DELETE') return named ? 'delete' : 'deletecollection';
  return ({ POST: 'create', PUT: 'update', PATCH: 'patch' } as const)[method];
}

/** Undefined for paths that name no resource (discovery, /version, anything else). */
export function routeOf(method: string, path: string, query: URLSearchParams): ResourceRequest | undefined {
  const steps = path.split('/').slice(1);
  if (steps.at(-1) === '') steps.pop();
  const root = steps.shift();
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'apis' ? (steps.shift() ?? '') : '';
  const version = steps.shift();
  if (!version || steps.length === 0 || steps.some((step) => !segment.test(step))) return undefined;

  let namespace = '';
  if (steps[0] === 'namespaces' && steps.length > 1) {
    namespace = steps[1]!;
    // A namespace read by name is asked for "in" itself, and /namespaces/x/status stays about the namespace.
    if (steps.length > 2 && !['status', 'finalize'].includes(steps[2]!)) steps.splice(0, 2);
  }
  const [plural = '', name = '', subresource = ''] = steps;
  const watching = /^(1|true)$/i.test(query.get('watch') ?? '');
  const verb = verbOf(method, name !== '', watching);
  if (!verb || steps.length > 3) return undefined;
  const info = kinds.find((k) => k.group === group && k.version === version && k.plural === plural);
  return { verb, group, version, plural, subresource, namespace, name, info };
}
