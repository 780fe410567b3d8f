// GET of one object and LIST with selectors and pages. Pages are cut from a snapshot, so they fit together however much changes
// in between; a snapshot that is too old to be kept answers 410, as etcd does after a compaction.
import { randomUUID } from 'node:crypto';
import { asNewEvent } from './event-view.ts';
import type { Answer } from './http.ts';
import { apiVersionOf, type KindInfo, type Kinds, type KubeObject } from './kinds.ts';
import type { ResourceRequest } from './routes.ts';
import { fieldMatcher, labelMatcher, type Matches } from './selectors.ts';
import { badRequest, expired, notFound, tooNewVersion } from './status-errors.ts';
import type { Store } from './store.ts';

export type Reader = ReturnType<typeof createReader>;
type Snapshot = { items: KubeObject[]; revision: number };
/** A route whose kind is known. */
export type Known = ResourceRequest & { info: KindInfo };

const snapshotsKept = 64;

export const present = (route: Known, object: KubeObject): object =>
  route.group === 'events.k8s.io' ? asNewEvent(object as unknown as Kinds['events']) : object;

export function matcher(route: Known, query: URLSearchParams): Matches {
  const byLabel = labelMatcher(query.get('labelSelector') ?? '');
  const byField = fieldMatcher(route.info.resource, query.get('fieldSelector') ?? '');
  return (object) =>
    (!route.name || object.metadata.name === route.name) &&
    (!route.namespace || !route.info.namespaced || object.metadata.namespace === route.namespace) &&
    byLabel(object) &&
    byField(object);
}

export const revisionAsked = (query: URLSearchParams): number | undefined => {
  const text = query.get('resourceVersion');
  if (!text) return undefined;
  if (!/^\d{1,15}$/.test(text))
    throw badRequest(`resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`);
  return Number(text);
};

export function getOne(store: Store, route: Known): Answer {
  const object = store.at(route.info.resource, route.namespace, route.name);
  if (!object) throw notFound(route.info.resource, route.name);
  return { code: 200, json: present(route, object) };
}

function limitOf(query: URLSearchParams): number {
  const text = query.get('limit') ?? '0';
  if (!/^-?\d{1,18}$/.test(text)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  return Number(text);
}

export function createReader(store: Store) {
  const snapshots = new Map<string, Snapshot>();

  function keep(snapshot: Snapshot): string {
    const id = randomUUID();
    snapshots.set(id, snapshot);
    const [eldest] = snapshots.keys();
    if (snapshots.size > snapshotsKept && eldest) snapshots.delete(eldest);
    return id;
  }

  function resume(token: string): { id: string; from: number; snapshot: Snapshot } {
    const [, id, from] = /^v1:([0-9a-f-]{36}):(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
    if (!id) throw badRequest(`continue key is not valid: ${token.slice(0, 80)}`);
    const snapshot = snapshots.get(id);
    if (!snapshot) {
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
      );
    }
    return { id, from: Number(from), snapshot };
  }

  function fresh(route: Known, query: URLSearchParams): Snapshot {
    const asked = revisionAsked(query) ?? 0;
    const revision = store.revision();
    if (asked > revision) throw tooNewVersion(asked, revision);
    if (query.get('resourceVersionMatch') === 'Exact' && asked < store.oldest()) {
      throw expired(`The resourceVersion for the provided list is too old.`);
    }
    const matches = matcher(route, query);
    return { items: (store.list(route.info.resource) as unknown as KubeObject[]).filter(matches), revision };
  }

  return {
    /** Forgets all pages in progress. */
    forget: (): void => snapshots.clear(),
    list(route: Known, query: URLSearchParams): Answer {
      const limit = limitOf(query);
      const token = query.get('continue');
      const { id, from, snapshot } = token ? resume(token) : { id: undefined, from: 0, snapshot: fresh(route, query) };
      const to = limit > 0 ? from + limit : snapshot.items.length;
      const left = snapshot.items.length - to;
      const metadata: Record<string, unknown> = { resourceVersion: String(snapshot.revision) };
      if (left > 0) {
        metadata.continue = Buffer.from(`v1:${id ?? keep(snapshot)}:${to}`).toString('base64url');
        // The server does not know how many more match when a selector is given.
        if (!query.get('labelSelector') && !query.get('fieldSelector')) metadata.remainingItemCount = left;
      }
      const items = snapshot.items.slice(from, to).map((object) => {
        const { kind: _, apiVersion: __, ...item } = present(route, object) as KubeObject;
        return item;
      });
      const apiVersion = route.group === 'events.k8s.io' ? 'events.k8s.io/v1' : apiVersionOf(route.info);
      return { code: 200, json: { kind: `${route.info.kind}List`, apiVersion, metadata, items } };
    },
  };
}
