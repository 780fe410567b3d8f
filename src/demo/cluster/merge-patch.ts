// The two merge patches: RFC 7386, where a list is one value, and Kubernetes' strategic merge, where the elements of the
// well-known lists are matched by a key and `$patch` directives say what to delete or replace.
import { internal } from './status-errors.ts';

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch;
  const merged: Fields = isFields(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = applyMergePatch(merged[key], value);
  }
  return merged;
}

/** Source of fact: x-kubernetes-patch-merge-key in the API's schema. Lists that are not named here are replaced whole. */
const mergeKeys: Record<string, string[]> = {
  containers: ['name'],
  initContainers: ['name'],
  ephemeralContainers: ['name'],
  env: ['name'],
  volumes: ['name'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  volumeMounts: ['mountPath'],
  volumeDevices: ['devicePath'],
  ports: ['containerPort', 'port'],
  hostAliases: ['ip'],
  topologySpreadConstraints: ['topologyKey'],
  ownerReferences: ['uid'],
  conditions: ['type'],
};

const isDirective = (key: string): boolean => key.startsWith('$');

function mergeList(list: string, target: unknown[], patch: unknown[]): unknown[] {
  if (patch.some((item) => isFields(item) && item.$patch === 'replace' && Object.keys(item).length === 1)) {
    return patch.filter((item) => !(isFields(item) && '$patch' in item));
  }
  const candidates = mergeKeys[list] ?? [];
  const key =
    candidates.find((k) => [...patch, ...target].some((item) => isFields(item) && k in item)) ?? candidates[0]!;
  let merged = [...target];
  for (const item of patch) {
    if (!isFields(item) || !(key in item)) {
      throw internal(`map: ${JSON.stringify(item)} does not contain declared merge key: ${key}`);
    }
    const same = (other: unknown): boolean => isFields(other) && other[key] === item[key];
    const { $patch: directive, ...content } = item;
    const at = merged.findIndex(same);
    if (directive === 'delete') merged = merged.filter((other) => !same(other));
    else if (at < 0) merged.push(mergeFields({}, content));
    else merged[at] = directive === 'replace' ? content : mergeFields(merged[at] as Fields, content);
  }
  return merged;
}

function inOrder(list: string, items: unknown[], order: unknown[]): unknown[] {
  const key = mergeKeys[list]?.find((k) => order.some((item) => isFields(item) && k in item));
  const rank = (item: unknown): number => {
    const at = order.findIndex((o) => (key && isFields(o) && isFields(item) ? o[key] === item[key] : o === item));
    return at < 0 ? order.length : at;
  };
  return [...items].sort((a, b) => rank(a) - rank(b));
}

function mergeFields(target: Fields, patch: Fields): Fields {
  if (patch.$patch === 'delete') return {};
  if (patch.$patch === 'replace') return Object.fromEntries(Object.entries(patch).filter(([key]) => !isDirective(key)));
  let merged: Fields = { ...target };
  if (Array.isArray(patch.$retainKeys)) {
    const kept = patch.$retainKeys;
    merged = Object.fromEntries(Object.entries(merged).filter(([key]) => kept.includes(key)));
  }
  for (const [key, value] of Object.entries(patch)) {
    const [, directive, list] = /^\$(deleteFromPrimitiveList|setElementOrder)\/(.+)$/.exec(key) ?? [];
    if (directive === 'deleteFromPrimitiveList' && list && Array.isArray(value)) {
      merged[list] = ((merged[list] as unknown[] | undefined) ?? []).filter((item) => !value.includes(item));
    } else if (isDirective(key)) continue;
    else if (value === null) delete merged[key];
    else if (Array.isArray(value) && key in mergeKeys && value.every(isFields)) {
      merged[key] = mergeList(key, (merged[key] as unknown[] | undefined) ?? [], value);
    } else if (isFields(value)) merged[key] = mergeFields(isFields(merged[key]) ? merged[key] : {}, value);
    else merged[key] = value;
  }
  for (const [key, value] of Object.entries(patch)) {
    const list = key.startsWith('$setElementOrder/') ? key.slice('$setElementOrder/'.length) : '';
    if (list && Array.isArray(value) && Array.isArray(merged[list])) merged[list] = inOrder(list, merged[list], value);
  }
  return merged;
}

export const applyStrategicMergePatch = (target: Fields, patch: Fields): Fields => mergeFields(target, patch);
