// Which ConfigMaps a pod template cannot start without.

import { isObject, text } from '../core/json.ts';

/** Names of those that are not optional, sorted. */
export function configMapsIn(template: unknown): string[] {
  return [...new Set(named(template))].sort();
}

function named(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(named);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const name =
      /^configMap(?:Ref|KeyRef)?$/.test(field) && isObject(inner) && inner.optional !== true
        ? text(inner.name)
        : undefined;
    return [...(name ? [name] : []), ...named(inner)];
  });
}
