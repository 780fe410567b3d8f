// Create, update and patch: decode, guard, default, validate, and only then keep. A dry run goes the whole way but the last step.
import { isDeepStrictEqual } from 'node:util';
import { type Body, checkPatched, decodeObject, type Fields, isFields, parseBody } from './decode.ts';
import { applyDefaults } from './defaults.ts';
import { asCoreEvent, asNewEvent, eventProblems } from './event-view.ts';
import type { Answer } from './http.ts';
import { applyJsonPatch } from './json-patch.ts';
import { apiVersionOf, type KindInfo, type Kinds, type KubeObject, type Pod, type PodSpec } from './kinds.ts';
import { applyMergePatch, applyStrategicMergePatch } from './merge-patch.ts';
import type { Known } from './read.ts';
import {
  alreadyExists,
  badRequest,
  conflict,
  invalid,
  notFound,
  staleVersion,
  unsupportedMediaType,
} from './status-errors.ts';
import { problemsOf } from './validation.ts';
import type { World } from './world/life.ts';
import { admitted, qosOf } from './world/pod.ts';

const kindName = (info: KindInfo): string => (info.group ? `${info.kind}.${info.group}` : info.kind);
const hasGeneration = (info: KindInfo): boolean => info.group !== '' || info.kind === 'Pod';
const namePattern = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

export function isDryRun(query: URLSearchParams, operation: string): boolean {
  const values = query.getAll('dryRun');
  const wrong = values.find((value) => value !== 'All');
  if (wrong !== undefined) {
    const message = `Unsupported value: "${wrong}": supported values: "All"`;
    throw invalid(`${operation}.meta.k8s.io`, '', [{ field: 'dryRun', message }]);
  }
  return values.length > 0;
}

const patches: Record<string, (current: Fields, patch: Fields, written: string) => unknown> = {
  'application/json-patch+json': applyJsonPatch,
  'application/merge-patch+json': applyMergePatch,
  'application/strategic-merge-patch+json': applyStrategicMergePatch,
};

/** What a patch makes of an object, before anything of that is checked; undefined without an object. */
export function patchedObject(current: KubeObject | undefined, body: Body): unknown {
  const apply = patches[body.contentType];
  if (!apply) throw unsupportedMediaType(Object.keys(patches));
  const patch = parseBody(body);
  if (!Array.isArray(patch) && !isFields(patch))
    throw badRequest('error decoding patch: the body is neither an object nor a list');
  return current && apply(current, patch as Fields, body.content.toString('utf8'));
}

export function patchObject(world: World, route: Known, body: Body, query: URLSearchParams): Answer {
  const dryRun = isDryRun(query, 'PatchOptions');
  const current = world.store.at(route.info.resource, route.namespace, route.name);
  const patched = patchedObject(current, body);
  if (!current) throw notFound(route.info.resource, route.name);
  if (!isFields(patched)) throw badRequest('the patch does not yield an object');
  checkPatched(route.info, patched, body.content, query);
  const otherUid = immutableUid(route.info, route.name);
  return save(world, route, current, patched as KubeObject, { dryRun, otherUid });
}

export function updateObject(world: World, route: Known, body: Body, query: URLSearchParams): Answer {
  const object = decodeObject(route.info, body, query);
  const dryRun = isDryRun(query, 'UpdateOptions');
  const current = world.store.at(route.info.resource, route.namespace, route.name);
  if (!current) throw notFound(route.info.resource, route.name);
  const otherUid = otherObject(route.info, current.metadata);
  return save(world, route, current, object as KubeObject, { dryRun, otherUid });
}

const immutableUid = (info: KindInfo, name: string) => (asked: string) =>
  invalid(kindName(info), name, [{ field: 'metadata.uid', message: `Invalid value: "${asked}": field is immutable` }]);

const otherObject =
  (info: KindInfo, { name, uid }: KubeObject['metadata']) =>
  (asked: string) =>
    conflict(info.resource, name, `Precondition failed: UID in precondition: ${asked}, UID in object meta: ${uid}`);

/** Guards what a client may not change, raises the generation as the registry of that kind does, and keeps what differs. */
function save(
  world: World,
  { info }: Known,
  current: KubeObject,
  proposed: KubeObject,
  { dryRun, otherUid }: { dryRun: boolean; otherUid: (asked: string) => Error },
): Answer {
  const { name, namespace, uid, resourceVersion, creationTimestamp, generation } = current.metadata;
  const asked = proposed.metadata ?? {};
  if (asked.name !== name)
    throw badRequest(`the name of the object (${asked.name}) does not match the name on the URL (${name})`);
  if ((asked.namespace ?? namespace) !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (asked.resourceVersion && asked.resourceVersion !== resourceVersion) throw staleVersion(info.resource, name);
  if (asked.uid && asked.uid !== uid) throw otherUid(asked.uid);
  const { deletionTimestamp, deletionGracePeriodSeconds } = current.metadata;
  const next = JSON.parse(
    JSON.stringify({
      ...proposed,
      apiVersion: current.apiVersion,
      kind: current.kind,
      metadata: {
        ...asked,
        namespace,
        uid,
        resourceVersion,
        creationTimestamp,
        generation,
        deletionTimestamp,
        deletionGracePeriodSeconds,
      },
      status: current.status,
    }),
  ) as KubeObject;
  applyDefaults(info.resource, next);
  const problems = problemsOf(info.resource, next, current);
  if (problems.length) throw invalid(kindName(info), name, problems);
  const specChanged = !isDeepStrictEqual(next.spec, current.spec);
  // A Deployment's generation also counts changes of its annotations; no other kind's does.
  const annotated =
    info.kind === 'Deployment' &&
    !isDeepStrictEqual(next.metadata.annotations ?? {}, current.metadata.annotations ?? {});
  if (hasGeneration(info) && (specChanged || annotated)) next.metadata.generation = (generation ?? 0) + 1;
  if (info.kind === 'DaemonSet') countTemplate(next, current);
  if (isDeepStrictEqual(next, current)) return { code: 200, json: current };
  return { code: 200, json: dryRun ? next : world.store.put(info.resource, next as never) };
}

function countTemplate(next: KubeObject, current: KubeObject): void {
  const template = (object: KubeObject): unknown => (object.spec as { template?: unknown }).template;
  if (isDeepStrictEqual(template(next), template(current))) return;
  const key = 'deprecated.daemonset.template.generation';
  next.metadata.annotations = {
    ...next.metadata.annotations,
    [key]: String(Number(current.metadata.annotations?.[key] ?? 1) + 1),
  };
}

export function createObject(world: World, route: Known, body: Body, query: URLSearchParams): Answer {
  const { info, namespace } = route;
  const dryRun = isDryRun(query, 'CreateOptions');
  const { status: _, ...object } = decodeObject(info, body, query);
  const {
    name: given,
    generateName,
    labels,
    annotations,
    namespace: stated,
  } = (object.metadata ?? {}) as Partial<KubeObject['metadata']>;
  if (stated && stated !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  if (info.namespaced && !world.store.get('namespaces', undefined, namespace)) throw notFound('namespaces', namespace);
  const name = given ?? (generateName ? `${generateName}${world.ids.suffix()}` : '');
  if (!name)
    throw invalid(kindName(info), '', [
      { field: 'metadata.name', message: 'Required value: name or generateName is required' },
    ]);
  if (!namePattern.test(name)) {
    const message = `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`;
    throw invalid(kindName(info), name, [{ field: 'metadata.name', message }]);
  }
  if (world.store.at(info.resource, namespace, name)) throw alreadyExists(info.resource, name);
  const metadata = {
    name,
    generateName,
    ...(info.namespaced ? { namespace } : {}),
    labels,
    annotations,
    uid: world.ids.uid(),
    resourceVersion: '',
    creationTimestamp: world.clock.now(),
    ...(hasGeneration(info) ? { generation: 1 } : {}),
  };
  const created = { ...object, apiVersion: apiVersionOf(info), kind: info.kind, metadata } as KubeObject;
  applyDefaults(info.resource, created);
  const problems = problemsOf(info.resource, created);
  if (problems.length) throw invalid(kindName(info), name, problems);
  if (info.resource === 'pods') admitPod(world, created as unknown as Pod);
  return { code: 201, json: dryRun ? created : world.store.put(info.resource, created as never) };
}

export function createNewEvent(world: World, route: Known, body: Body, query: URLSearchParams): Answer {
  const event = parseBody(body);
  if (!isFields(event)) throw badRequest('the body is no object');
  const problems = eventProblems(event, route.namespace);
  const name = String((event.metadata as { name?: unknown } | undefined)?.name ?? '');
  if (problems.length > 0) throw invalid('Event', name, problems);
  if (world.store.at('events', route.namespace, name)) throw alreadyExists('events', name, route.group);
  const content = Buffer.from(JSON.stringify(asCoreEvent(event)));
  const answer = createObject(world, route, { ...body, content }, query);
  return 'json' in answer ? { ...answer, json: asNewEvent(answer.json as Kinds['events']) } : answer;
}

function admitPod(world: World, pod: Pod): void {
  pod.spec = admitted(pod.spec as PodSpec, world.ids);
  delete pod.spec.nodeName;
  pod.status = { phase: 'Pending', qosClass: qosOf(pod.spec) };
}
