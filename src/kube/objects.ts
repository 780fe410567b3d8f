// Objects and lists as the API server sends them. Only their outline is checked (a kind, a name); every field below that
// is foreign and is read as such.
import { z } from 'zod';
import type { KubeObject } from '../core/snapshot.ts';
import { type Ask, ask, textOf } from './ask.ts';
import type { Cluster } from './clusters.ts';
import { ClusterError, LocalFailure, NOT_KUBERNETES } from './errors.ts';
import type { Place, Resource } from './kinds.ts';

const objectSchema = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });
const listSchema = z.looseObject({
  metadata: z.looseObject({ continue: z.string().optional() }).optional(),
  // Go writes an empty list as null.
  items: z.array(objectSchema).nullable(),
});

const PAGE_SIZE = 500;
const ITEMS_MAX = 20_000;

export interface GetOptions {
  query?: { [name: string]: string };
  signal?: AbortSignal;
}

export async function getObject(
  cluster: Cluster,
  place: Required<Pick<Place, 'resource' | 'name'>> & Place,
  options: GetOptions = {},
): Promise<KubeObject> {
  const found = await askJson(cluster, { ...place, ...options, verb: 'get' }, objectSchema);
  return asObject(place.resource, found);
}

/** The same, or undefined when the API server says that there is no such object. */
export async function findObject(...asked: Parameters<typeof getObject>): Promise<KubeObject | undefined> {
  try {
    return await getObject(...asked);
  } catch (error) {
    if (error instanceof ClusterError && error.failure.kind === 'not-found') return undefined;
    throw error;
  }
}

export interface ListOptions {
  labelSelector?: string;
  fieldSelector?: string;
  signal?: AbortSignal;
  /** Stops after so many items. */
  itemsMax?: number;
  /** Makes each item small as its page arrives, so that a large list is never held whole. */
  keep?: (item: KubeObject) => KubeObject | undefined;
}

export interface Listed {
  items: KubeObject[];
  /** False when there are more than were read. */
  whole: boolean;
}

/** All pages of a list. A list that expires between two pages (410) is begun once more. */
export async function listObjects(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  options: ListOptions = {},
): Promise<Listed> {
  try {
    return await pages(cluster, resource, namespace, options);
  } catch (error) {
    if (error instanceof ClusterError && error.failure.code === 410)
      return pages(cluster, resource, namespace, options);
    throw error;
  }
}

async function pages(
  cluster: Cluster,
  resource: Resource,
  namespace: string | undefined,
  options: ListOptions,
): Promise<Listed> {
  const { labelSelector, fieldSelector, signal, itemsMax = ITEMS_MAX, keep = (item) => item } = options;
  const items: KubeObject[] = [];
  let from = '';
  do {
    const query = {
      limit: String(Math.min(PAGE_SIZE, itemsMax)),
      ...(labelSelector ? { labelSelector } : {}),
      ...(fieldSelector ? { fieldSelector } : {}),
      ...(from ? { continue: from } : {}),
    };
    const page = await askJson(cluster, { verb: 'list', resource, namespace, query, signal }, listSchema);
    for (const item of page.items ?? []) {
      const kept = keep(asObject(resource, item));
      if (kept) items.push(kept);
    }
    from = page.metadata?.continue ?? '';
  } while (from !== '' && items.length < itemsMax);
  return { items: items.slice(0, itemsMax), whole: from === '' && items.length <= itemsMax };
}

/** Sends something and reads the object that comes back. */
export function sendObject(cluster: Cluster, request: Ask): Promise<KubeObject> {
  return askJson(cluster, request, z.looseObject({})).then((found) =>
    asObject(request.resource, { metadata: {}, ...found }),
  );
}

/** Items of a list carry neither kind nor apiVersion. */
function asObject(
  resource: Resource,
  found: { [key: string]: unknown; metadata: { [key: string]: unknown } },
): KubeObject {
  const apiVersion = resource.group ? `${resource.group}/${resource.version}` : resource.version;
  return { apiVersion, ...found, kind: resource.kind };
}

/** An answer read as JSON of this shape. */
export function askJson<T>(cluster: Cluster, request: Ask, schema: z.ZodType<T>): Promise<T> {
  return ask(cluster, request, async (chunks) => checkedAs(schema, parsedAnswer(await textOf(chunks))));
}

export function checkedAs<T>(schema: z.ZodType<T>, answer: unknown): T {
  const checked = schema.safeParse(answer);
  if (!checked.success) throw notKubernetes('the answer is JSON, but not what a Kubernetes API server sends');
  return checked.data;
}

export function parsedAnswer(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    const page = /^\s*</.test(body);
    throw notKubernetes(
      page ? 'a web page answered instead of a Kubernetes API server' : 'the answer broke off or is not JSON',
    );
  }
}

function notKubernetes(message: string): LocalFailure {
  return new LocalFailure(NOT_KUBERNETES, message);
}
