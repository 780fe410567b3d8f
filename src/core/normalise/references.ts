// Every ConfigMap, Secret, claim and ServiceAccount that a pod template names, each looked up: there, absent or unread.

import type { Reference, ReferencedObject } from '../evidence/around.ts';
import type { ContainerEvidence } from '../evidence/container.ts';
import { absent, type Fact, known, seen, unread } from '../fact.ts';
import { at, flag, type JsonObject, object, objects, text } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { changedAfter } from './changed-after.ts';
import type { Look } from './look.ts';

/** Every ConfigMap, Secret, claim and ServiceAccount that the template names, each looked up. */
export function referencesOf(
  look: Look,
  spec: JsonObject,
  specAt: string,
  containers: ContainerEvidence[],
  namespace: string,
): Reference[] {
  const named: Omit<Reference, 'object'>[] = [];
  for (const container of containers) {
    for (const [i, env] of (known(container.env) ?? []).entries()) {
      if (env.from?.kind === 'ConfigMap' || env.from?.kind === 'Secret') {
        named.push({
          kind: env.from.kind,
          name: env.from.name,
          usedAt: `${container.specAt}.env[${i}]`,
          optional: env.from.optional,
        });
      }
    }
    for (const [i, from] of (known(container.envFrom) ?? []).entries()) {
      named.push({
        kind: from.kind,
        name: from.name,
        usedAt: `${container.specAt}.envFrom[${i}]`,
        optional: from.optional,
      });
    }
  }
  for (const [i, volume] of objects(spec.volumes).entries()) {
    const usedAt = `${specAt}.volumes[${i}]`;
    const add = (kind: Reference['kind'], name: unknown, optional: unknown): void => {
      if (typeof name === 'string') named.push({ kind, name, usedAt, optional: optional === true });
    };
    add('ConfigMap', at(volume, 'configMap', 'name'), at(volume, 'configMap', 'optional'));
    add('Secret', at(volume, 'secret', 'secretName'), at(volume, 'secret', 'optional'));
    add('PersistentVolumeClaim', at(volume, 'persistentVolumeClaim', 'claimName'), false);
    if (text(volume.name)?.startsWith('kube-api-access-')) continue;
    for (const source of objects(at(volume, 'projected', 'sources'))) {
      add('ConfigMap', at(source, 'configMap', 'name'), at(source, 'configMap', 'optional'));
      add('Secret', at(source, 'secret', 'name'), at(source, 'secret', 'optional'));
    }
  }
  const account = text(spec.serviceAccountName);
  if (account)
    named.push({ kind: 'ServiceAccount', name: account, usedAt: `${specAt}.serviceAccountName`, optional: false });
  return named.map((reference) => ({
    ...reference,
    object: referenced(look, reference.kind, reference.name, namespace),
  }));
}

function referenced(look: Look, kind: Reference['kind'], name: string, namespace: string): Fact<ReferencedObject> {
  const address = `${kind}/${name}`;
  const found = look.find(kind, name, namespace || undefined);
  if (found) return seen(referencedObject(look, found), 'reference', address);
  const why = look.whyUnread(address);
  return why === undefined ? absent('reference', address) : unread('reference', address, why);
}

function referencedObject(look: Look, found: KubeObject): ReferencedObject {
  const data = { ...object(found.data), ...object(found.binaryData) };
  const changes = objects(found.metadata.managedFields)
    .map((f) => ({ by: text(f.manager) ?? '', at: text(f.time) ?? '' }))
    .filter((c) => c.at !== '')
    .sort((a, b) => a.at.localeCompare(b.at));
  const last = changes.at(-1);
  const created = text(found.metadata.creationTimestamp) ?? '';
  return {
    keys: Object.keys(data),
    values:
      found.kind === 'Secret'
        ? {}
        : Object.fromEntries(Object.entries(object(found.data)).map(([k, v]) => [k, text(v) ?? ''])),
    createdAt: created,
    changedAt: last?.at ?? '',
    changedBy: last?.by ?? '',
    changedAfter: last ? '' : changedAfter(look, found, created),
    immutable: flag(found.immutable) ?? false,
    detail:
      found.kind === 'PersistentVolumeClaim'
        ? {
            phase: at(found, 'status', 'phase'),
            storageClassName: at(found, 'spec', 'storageClassName'),
            volumeName: at(found, 'spec', 'volumeName'),
          }
        : {},
  };
}
