// The difference between two pod templates in words: "memory limit 256Mi → 64Mi", "env REDIS_ADDR removed".

import { canonical, isObject, type JsonObject, object, objects, text, words } from './json.ts';

/** Sentences, most telling first; [] when the templates say the same. Values are shown as redacted. */
export function templateDifference(before: JsonObject, after: JsonObject): string[] {
  const differences: string[] = [];
  const oldSpec = object(before.spec);
  const newSpec = object(after.spec);
  for (const kind of ['initContainers', 'containers'] as const) {
    const olds = byName(oldSpec[kind]);
    const news = byName(newSpec[kind]);
    for (const name of new Set([...olds.keys(), ...news.keys()])) {
      const a = olds.get(name);
      const b = news.get(name);
      const label = Math.max(olds.size, news.size) > 1 ? `${name}: ` : '';
      if (!a) differences.push(`container ${name} added`);
      else if (!b) differences.push(`container ${name} removed`);
      else differences.push(...containerDifference(a, b).map((d) => label + d));
    }
  }
  for (const field of new Set([...Object.keys(oldSpec), ...Object.keys(newSpec)])) {
    if (field === 'containers' || field === 'initContainers') continue;
    if (canonical(oldSpec[field]) !== canonical(newSpec[field]))
      differences.push(fieldDifference(field, oldSpec[field], newSpec[field]));
  }
  return differences;
}

function byName(value: unknown): Map<string, JsonObject> {
  return new Map(objects(value).map((c) => [text(c.name) ?? '', c]));
}

function containerDifference(a: JsonObject, b: JsonObject): string[] {
  const differences: string[] = [...envDifference(a.env, b.env)];
  for (const [title, path] of [
    ['memory limit', 'limits.memory'],
    ['cpu limit', 'limits.cpu'],
    ['memory request', 'requests.memory'],
    ['cpu request', 'requests.cpu'],
  ] as const) {
    const [group, resource] = path.split('.') as [string, string];
    const was = words(object(object(a.resources)[group])[resource]);
    const is = words(object(object(b.resources)[group])[resource]);
    if (was !== is) differences.push(`${title} ${was ?? 'none'} → ${is ?? 'none'}`);
  }
  for (const field of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (['env', 'resources', 'name'].includes(field)) continue;
    if (canonical(a[field]) === canonical(b[field])) continue;
    if (/Probe$/.test(field)) differences.push(...nestedDifference(field, object(a[field]), object(b[field])));
    else differences.push(fieldDifference(field, a[field], b[field]));
  }
  return differences;
}

function envDifference(a: unknown, b: unknown): string[] {
  const olds = byName(a);
  const news = byName(b);
  const removed = [...olds.keys()].filter((n) => !news.has(n));
  const added = [...news.keys()].filter((n) => !olds.has(n));
  const changed = [...news.keys()].filter((n) => olds.has(n) && canonical(olds.get(n)) !== canonical(news.get(n)));
  return [
    ...removed.map((n) => `env ${n} removed`),
    ...added.map((n) => `env ${n} added`),
    ...changed.map((n) => {
      const was = envWords(olds.get(n));
      const is = envWords(news.get(n));
      return was === is ? `env ${n} changed` : `env ${n} ${was} → ${is}`;
    }),
  ];
}

function envWords(env: JsonObject | undefined): string {
  const from = object(env?.valueFrom);
  for (const [field, kind] of [
    ['configMapKeyRef', 'ConfigMap'],
    ['secretKeyRef', 'Secret'],
  ] as const) {
    const ref = from[field];
    if (isObject(ref)) return `${kind} ${words(ref.name)}[${words(ref.key)}]`;
  }
  return `"${words(env?.value) ?? ''}"`;
}

function nestedDifference(field: string, a: JsonObject, b: JsonObject): string[] {
  const differences: string[] = [];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (canonical(a[key]) === canonical(b[key])) continue;
    if (isObject(a[key]) && isObject(b[key]))
      differences.push(...nestedDifference(`${field}.${key}`, object(a[key]), object(b[key])));
    else differences.push(fieldDifference(`${field}.${key}`, a[key], b[key]));
  }
  return differences;
}

function fieldDifference(field: string, was: unknown, is: unknown): string {
  if (was === undefined) return `${field} added: ${short(is)}`;
  if (is === undefined) return `${field} removed`;
  return `${field} ${short(was)} → ${short(is)}`;
}

function short(value: unknown): string {
  const plain = words(value) ?? canonical(value);
  return plain.length > 80 ? `${plain.slice(0, 77)}…` : plain;
}
