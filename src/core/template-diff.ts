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
      differences.push(...fieldDifferences(field, oldSpec[field], newSpec[field]));
  }
  return [...differences, ...metadataDifference(object(before.metadata), object(after.metadata))];
}

/** Labels and annotations start a rollout too; what controllers add themselves is left out. */
function metadataDifference(before: JsonObject, after: JsonObject): string[] {
  return (['label', 'annotation'] as const).flatMap((what) => {
    const olds = object(before[`${what}s`]);
    const news = object(after[`${what}s`]);
    const keys = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((k) => !BY_CONTROLLERS.has(k));
    return keys
      .filter((key) => canonical(olds[key]) !== canonical(news[key]))
      .map((key) =>
        key === 'kubectl.kubernetes.io/restartedAt' && news[key] !== undefined
          ? `restarted by hand at ${words(news[key])}`
          : fieldDifference(`${what} ${key}`, olds[key], news[key]),
      );
  });
}

const BY_CONTROLLERS = new Set(['pod-template-hash', 'controller-revision-hash', 'controller-uid', 'job-name']);

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
    if (/Probe$/.test(field) && isObject(a[field]) && isObject(b[field]))
      differences.push(...nestedDifference(field, a[field], b[field]));
    else if (field === 'image') differences.push(imageDifference(words(a.image) ?? 'none', words(b.image) ?? 'none'));
    else differences.push(...fieldDifferences(field, a[field], b[field]));
  }
  return differences;
}

/** Of one repository only its last name is said: a phone has room for the two tags. */
function imageDifference(was: string, is: string): string {
  const repository = (image: string): string => image.replace(/(?:@[^/]*|:[^/:@]*(?:@[^/]*)?)$/, '');
  if (repository(was) !== repository(is)) return fieldDifference('image', was, is);
  const tagged = (image: string): string => short(image.slice(image.lastIndexOf('/') + 1));
  return `image ${tagged(was)} → ${tagged(is)}`;
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

/** Lists whose members have a name of their own, and how one of them is called. */
const MEMBERS: { [field: string]: { key: string; word: string } } = {
  volumes: { key: 'name', word: 'volume' },
  volumeMounts: { key: 'mountPath', word: 'mount' },
  ports: { key: 'containerPort', word: 'port' },
  imagePullSecrets: { key: 'name', word: 'pull secret' },
  tolerations: { key: 'key', word: 'toleration' },
};

/** A list of named things is told by its members; anything else as it was and is. */
function fieldDifferences(field: string, was: unknown, is: unknown): string[] {
  const members = MEMBERS[field];
  if (!members) return [fieldDifference(field, was, is)];
  const named = (list: unknown) => new Map(objects(list).map((o) => [words(o[members.key]) ?? '', o] as const));
  const olds = named(was);
  const news = named(is);
  return [
    ...[...olds.keys()].filter((name) => !news.has(name)).map((name) => `${members.word} ${name} removed`),
    ...[...news.keys()].filter((name) => !olds.has(name)).map((name) => `${members.word} ${name} added`),
    ...[...news]
      .filter(([name, body]) => olds.has(name) && canonical(olds.get(name)) !== canonical(body))
      .map(([name]) => `${members.word} ${name} changed`),
  ];
}

function fieldDifference(field: string, was: unknown, is: unknown): string {
  if (was === undefined) return `${field} added: ${short(is)}`;
  if (is === undefined) return `${field} removed`;
  return `${field} ${short(was)} → ${short(is)}`;
}

function short(value: unknown): string {
  const scalars = Array.isArray(value) ? value.map(words) : [];
  const spoken = scalars.length && scalars.every((word) => word !== undefined) ? scalars.join(' ') : undefined;
  const plain = words(value) ?? spoken ?? canonical(value);
  return plain.length > 80 ? `${plain.slice(0, 77)}…` : plain;
}
