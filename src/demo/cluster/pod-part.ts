// PATCH of a part of a pod that has a door of its own: the pod as it is, and as the patch would have it.
import { type Body, checkPatched, isFields } from './decode.ts';
import type { Pod } from './kinds.ts';
import type { Known } from './read.ts';
import { badRequest, conflict, notFound, staleVersion } from './status-errors.ts';
import type { World } from './world/life.ts';
import { patchedObject } from './write.ts';

/** What of `asked` counts is for the door to say. Throws what the API server answers to a patch of another pod. */
export function askedOfPod(world: World, route: Known, body: Body, query: URLSearchParams) {
  const current = world.store.get('pods', route.namespace, route.name);
  if (!current) throw notFound('pods', route.name);
  const patched = patchedObject(current as never, body);
  if (!isFields(patched)) throw badRequest('the patch does not yield an object');
  checkPatched(route.info, patched, body.content, query);
  const asked = patched as unknown as Pod;
  const { name, uid, resourceVersion } = current.metadata;
  if (asked.metadata.resourceVersion !== resourceVersion) throw staleVersion('pods', name);
  if (asked.metadata.uid !== uid)
    throw conflict(
      'pods',
      name,
      `Precondition failed: UID in precondition: ${asked.metadata.uid}, UID in object meta: ${uid}`,
    );
  return { current, asked };
}
