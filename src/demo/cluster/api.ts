// One request -> one answer: route, authorise, and hand over to the verb. Nothing is looked at before the rules allow it.
import { z } from 'zod';
import { forbidden, mayDo } from './access.ts';
import { parseBody } from './decode.ts';
import { discover } from './discovery.ts';
import { joinPod } from './ephemeral.ts';
import type { Answer, Asked } from './http.ts';
import { infoOf } from './kinds.ts';
import { readLog } from './logs.ts';
import { readMetrics } from './metrics.ts';
import { getOne, type Known, type Reader } from './read.ts';
import { deleteObject } from './remove.ts';
import { resizePod } from './resize.ts';
import { type ResourceRequest, routeOf } from './routes.ts';
import { pinnedName } from './selectors.ts';
import { badRequest, methodNotAllowed, noSuchResource } from './status-errors.ts';
import { watch } from './watch.ts';
import type { World } from './world/life.ts';
import { createNewEvent, createObject, patchObject, updateObject } from './write.ts';

export type Api = { world: World; reader: Reader; metrics: boolean; podResize: boolean; bookmarkEveryMs: number };

const noPage: Answer = { code: 404, text: '404 page not found\n' };

const reviewSchema = z.object({
  spec: z.object({
    resourceAttributes: z
      .object({
        verb: z.string(),
        group: z.string().default(''),
        resource: z.string(),
        subresource: z.string().default(''),
        namespace: z.string().default(''),
        name: z.string().default(''),
      })
      .partial({ verb: true, resource: true })
      .optional(),
    nonResourceAttributes: z.object({ path: z.string().optional(), verb: z.string().optional() }).optional(),
  }),
});

/** "May I?": every authenticated user may ask it about itself. */
function reviewAccess({ user, body, contentType }: Asked): Answer {
  const review = parseBody({ content: body, contentType });
  const parsed = reviewSchema.safeParse(review);
  if (!parsed.success) throw badRequest(`SelfSubjectAccessReview: ${z.prettifyError(parsed.error)}`);
  const asked = parsed.data.spec.resourceAttributes;
  const allowed =
    asked !== undefined &&
    mayDo(user, { ...asked, verb: (asked.verb ?? '') as ResourceRequest['verb'], plural: asked.resource ?? '' });
  const status = allowed ? { allowed, reason: 'RBAC: allowed by a rule of this token' } : { allowed };
  return {
    code: 201,
    json: {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: parsed.data.spec,
      status,
    },
  };
}

function known(route: ResourceRequest): Known | undefined {
  if (route.group === 'events.k8s.io' && route.version === 'v1' && route.plural === 'events')
    return { ...route, info: infoOf('events') };
  return route.info ? { ...route, info: route.info } : undefined;
}

export function answer({ world, reader, metrics, podResize, bookmarkEveryMs }: Api, asked: Asked): Answer {
  const { path, query, user } = asked;
  const route = routeOf(asked.method, path, query);
  if (!route) {
    const page = asked.method === 'GET' ? discover(path.replace(/(.)\/$/, '$1'), metrics, podResize) : undefined;
    return page ? { code: 200, json: page } : noPage;
  }
  if (route.group === 'authorization.k8s.io' && route.plural === 'selfsubjectaccessreviews' && route.verb === 'create')
    return reviewAccess(asked);
  // A list or watch that pins one name asks for that name.
  const name =
    route.name || (['list', 'watch'].includes(route.verb) ? (pinnedName(query.get('fieldSelector') ?? '') ?? '') : '');
  if (!mayDo(user, { ...route, name })) throw forbidden(user, { ...route, name });
  if (route.group === 'metrics.k8s.io')
    return metrics && route.plural === 'pods' ? readMetrics(world, route, query) : noPage;
  const found = known(route);
  if (!found) {
    // An unknown group is no page at all; an unknown kind of a served group is a Status.
    if (discover(route.group ? `/apis/${route.group}/${route.version}` : `/api/${route.version}`, metrics))
      throw noSuchResource();
    return noPage;
  }
  const body = { contentType: asked.contentType, content: asked.body };
  if (found.info.resource === 'pods' && route.subresource === 'log' && route.verb === 'get') {
    return readLog(world.store, world.runs, route.namespace, route.name, query);
  }
  if (podResize && found.info.resource === 'pods' && route.subresource === 'resize' && route.verb === 'patch')
    return resizePod(world, found, body, query);
  if (found.info.resource === 'pods' && route.subresource === 'ephemeralcontainers' && route.verb === 'patch')
    return joinPod(world, found, body, query);
  if (route.subresource) throw noSuchResource();
  if (route.verb === 'get') return getOne(world.store, found);
  if (route.verb === 'list') return reader.list(found, query);
  if (route.verb === 'watch') return watch(world.store, found, query, { bookmarkEveryMs });
  if (route.group === 'events.k8s.io' && route.verb === 'create' && route.namespace)
    return createNewEvent(world, found, body, query);
  if (route.group === 'events.k8s.io' || (found.info.namespaced && !route.namespace)) throw methodNotAllowed();
  if (route.verb === 'create') return createObject(world, found, body, query);
  if (route.verb === 'patch') return patchObject(world, found, body, query);
  if (route.verb === 'update') return updateObject(world, found, body, query);
  if (route.verb === 'delete') return deleteObject(world, found, body, query);
  throw methodNotAllowed();
}
