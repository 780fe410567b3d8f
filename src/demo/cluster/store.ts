// The cluster's memory: every object by kind, namespace and name, one rising resourceVersion, and a bounded history of changes.
// Objects in it are never edited in place, so a list that was handed out stays what it was.
import { isDeepStrictEqual } from 'node:util';
import { infoOf, type Kinds, type KubeObject, type Resource } from './kinds.ts';

export type Change = {
  revision: number;
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: Resource;
  object: KubeObject;
  before?: KubeObject;
};
export type Store = ReturnType<typeof createStore>;

const historyLength = 5000;
const keyOf = (object: KubeObject): string => `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
/** What JSON keeps of a value: fields that are undefined are gone. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export function createStore() {
  const objects = new Map<Resource, Map<string, KubeObject>>();
  const listeners = new Set<(change: Change) => void>();
  let history: Change[] = [];
  let revision = 1;
  let oldest = 1;

  const shelf = (resource: Resource): Map<string, KubeObject> => {
    const found = objects.get(resource) ?? new Map<string, KubeObject>();
    objects.set(resource, found);
    return found;
  };

  const record = (change: Change): void => {
    history.push(change);
    if (history.length > historyLength) {
      history = history.slice(-historyLength / 2);
      oldest = history[0]!.revision - 1;
    }
    for (const listener of listeners) listener(change);
  };

  const at = (resource: Resource, namespace: string | undefined, name: string): KubeObject | undefined =>
    objects.get(resource)?.get(`${infoOf(resource).namespaced ? (namespace ?? '') : ''}/${name}`);

  function put<R extends Resource>(resource: R, object: Kinds[R]): Kinds[R] {
    const draft = plain(object) as unknown as KubeObject;
    const before = shelf(resource).get(keyOf(draft));
    revision += 1;
    const stored = { ...draft, metadata: { ...draft.metadata, resourceVersion: String(revision) } };
    shelf(resource).set(keyOf(stored), stored);
    record({ revision, type: before ? 'MODIFIED' : 'ADDED', resource, object: stored, before });
    return stored as unknown as Kinds[R];
  }

  return {
    put,
    at,
    revision: () => revision,
    /** Puts an object in without telling anybody: only while the cluster is being filled. */
    load(resource: Resource, object: KubeObject): void {
      shelf(resource).set(keyOf(object), object);
      const own = Number(object.metadata.resourceVersion) || 0;
      revision = Math.max(revision, own);
      oldest = revision;
    },
    get: <R extends Resource>(resource: R, namespace: string | undefined, name: string): Kinds[R] | undefined =>
      at(resource, namespace, name) as Kinds[R] | undefined,
    /** Sorted by namespace and name, as the API lists. */
    list<R extends Resource>(resource: R, namespace?: string): Kinds[R][] {
      const all = [...shelf(resource).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
      return all.filter((o) => namespace === undefined || o.metadata.namespace === namespace) as unknown as Kinds[R][];
    },
    /** Changes a copy of what is stored now and puts it back when that made a difference; does nothing when it is gone. */
    edit<R extends Resource>(
      resource: R,
      like: { metadata: { namespace?: string; name: string } },
      change: (draft: Kinds[R]) => void,
    ): void {
      const current = at(resource, like.metadata.namespace, like.metadata.name);
      if (!current) return;
      const draft = plain(current);
      change(draft as unknown as Kinds[R]);
      if (!isDeepStrictEqual(plain(draft), current)) put(resource, draft as unknown as Kinds[R]);
    },
    remove(resource: Resource, object: { metadata: { namespace?: string; name: string } }): void {
      const current = at(resource, object.metadata.namespace, object.metadata.name);
      if (!current) return;
      shelf(resource).delete(keyOf(current));
      revision += 1;
      const last = { ...current, metadata: { ...current.metadata, resourceVersion: String(revision) } };
      record({ revision, type: 'DELETED', resource, object: last, before: current });
    },
    /** What happened after that revision, or undefined when it is older than the history. */
    since: (after: number): Change[] | undefined =>
      after < oldest ? undefined : history.filter((change) => change.revision > after),
    oldest: () => oldest,
    /** Forgets the history, as etcd does when it is compacted. */
    compact(): void {
      history = [];
      oldest = revision;
    },
    /** Counts from an earlier revision again, as an etcd does that was restored from an older copy. */
    restore(earlier: number): void {
      history = [];
      revision = earlier;
      oldest = earlier;
    },
    onChange(listener: (change: Change) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
