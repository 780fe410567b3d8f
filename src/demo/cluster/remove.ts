// DELETE: preconditions first, pods gracefully, everything else at once, and what an object controlled goes with it unless the
// caller asked for orphans.
import { z } from 'zod';
import { type Body, parseBody } from './decode.ts';
import type { Answer } from './http.ts';
import type { KubeObject, Pod } from './kinds.ts';
import type { Known } from './read.ts';
import { badRequest, invalid, notFound, notWhatWasMeant, type Status } from './status-errors.ts';
import type { World } from './world/life.ts';
import { controllerOf } from './world/owners.ts';
import { deletePod } from './world/replicaset.ts';
import { isDryRun } from './write.ts';

const POLICIES = ['Foreground', 'Background', 'Orphan'] as const;
const optionsSchema = z.looseObject({
  gracePeriodSeconds: z.number().int().min(0).optional(),
  propagationPolicy: z.string().optional(),
  preconditions: z.object({ uid: z.string().optional(), resourceVersion: z.string().optional() }).optional(),
  dryRun: z.array(z.string()).optional(),
});

function optionsOf(body: Body, query: URLSearchParams) {
  const grace = query.get('gracePeriodSeconds');
  const fromQuery = {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(query.get('propagationPolicy') ? { propagationPolicy: query.get('propagationPolicy') } : {}),
  };
  const parsed = optionsSchema.safeParse({ ...fromQuery, ...(body.content.length ? (parseBody(body) as object) : {}) });
  if (!parsed.success) throw badRequest(`DeleteOptions: ${z.prettifyError(parsed.error)}`);
  const { propagationPolicy: policy } = parsed.data;
  if (policy !== undefined && !POLICIES.some((known) => known === policy)) {
    const supported = [...POLICIES, 'nil'].map((known) => `"${known}"`).join(', ');
    const message = `Unsupported value: "${policy}": supported values: ${supported}`;
    throw invalid('DeleteOptions.meta.k8s.io', '', [{ field: 'propagationPolicy', message }]);
  }
  for (const value of parsed.data.dryRun ?? []) query.append('dryRun', value);
  return { ...parsed.data, isDryRun: isDryRun(query, 'DeleteOptions') };
}

export function deleteObject(
  world: World,
  { info, namespace, name }: Known,
  body: Body,
  query: URLSearchParams,
): Answer {
  const options = optionsOf(body, query);
  const object = world.store.at(info.resource, namespace, name);
  if (!object) throw notFound(info.resource, name);
  const { uid, resourceVersion } = object.metadata;
  const wanted = options.preconditions ?? {};
  if (wanted.uid !== undefined && wanted.uid !== uid) {
    const why = `the UID in the precondition (${wanted.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw notWhatWasMeant(info.resource, name, why);
  }
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion) {
    const why = `the ResourceVersion in the precondition (${wanted.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`;
    throw notWhatWasMeant(info.resource, name, why);
  }
  if (!options.isDryRun && options.propagationPolicy === 'Orphan') orphan(world, object);
  if (info.resource === 'pods') return deleteGracefully(world, object as unknown as Pod, options);
  if (!options.isDryRun) world.store.remove(info.resource, object);
  const details = { name, ...(info.group ? { group: info.group } : {}), kind: info.plural, uid };
  const done: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  return { code: 200, json: done };
}

function deleteGracefully(world: World, pod: Pod, options: { gracePeriodSeconds?: number; isDryRun: boolean }): Answer {
  if (options.isDryRun) return { code: 200, json: pod };
  if (options.gracePeriodSeconds === 0) {
    world.store.remove('pods', pod);
    return { code: 200, json: pod };
  }
  deletePod(world, pod, options.gracePeriodSeconds);
  return { code: 200, json: world.store.get('pods', pod.metadata.namespace, pod.metadata.name) ?? pod };
}

function orphan(world: World, parent: KubeObject): void {
  for (const resource of ['replicasets.apps', 'pods', 'controllerrevisions.apps'] as const) {
    for (const child of world.store.list(resource, parent.metadata.namespace)) {
      if (controllerOf(child as unknown as KubeObject)?.uid !== parent.metadata.uid) continue;
      world.store.edit(resource, child, (draft) => {
        draft.metadata.ownerReferences = draft.metadata.ownerReferences?.filter((o) => o.uid !== parent.metadata.uid);
      });
    }
  }
}
