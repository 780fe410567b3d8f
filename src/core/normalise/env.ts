// Variables of a container: literal, or taken from an object, a field or a resource.

import type { EnvEntry, EnvFrom } from '../evidence/container.ts';
import { at, isObject, type JsonObject, object, text, words } from '../json.ts';

export function envOf(env: JsonObject): EnvEntry {
  const from = object(env.valueFrom);
  const name = text(env.name) ?? '';
  const key = (ref: unknown, kind: 'ConfigMap' | 'Secret'): EnvEntry => ({
    name,
    from: {
      kind,
      name: text(at(ref, 'name')) ?? '',
      key: text(at(ref, 'key')) ?? '',
      optional: at(ref, 'optional') === true,
    },
  });
  if (isObject(from.configMapKeyRef)) return key(from.configMapKeyRef, 'ConfigMap');
  if (isObject(from.secretKeyRef)) return key(from.secretKeyRef, 'Secret');
  if (isObject(from.fieldRef))
    return { name, from: { kind: 'field', name: text(from.fieldRef.fieldPath) ?? '', key: '', optional: false } };
  if (isObject(from.resourceFieldRef))
    return {
      name,
      from: { kind: 'resource', name: text(from.resourceFieldRef.resource) ?? '', key: '', optional: false },
    };
  return { name, value: words(env.value) ?? '' };
}

export function envFromOf(from: JsonObject): EnvFrom {
  const secret = isObject(from.secretRef);
  const ref = object(secret ? from.secretRef : from.configMapRef);
  return {
    kind: secret ? 'Secret' : 'ConfigMap',
    name: text(ref.name) ?? '',
    prefix: text(from.prefix) ?? '',
    optional: ref.optional === true,
  };
}
