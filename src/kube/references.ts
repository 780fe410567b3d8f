// The objects that a pod template names. Of ConfigMaps only the keys are kept, and values only of keys that a log names;
// Secrets are not read unless a person named them in the configuration, and then their values end in the decoder.

import { z } from 'zod';
import { at, isObject, type JsonObject, list, object, objects, text } from '../core/json.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { kubeError } from './errors.ts';
import { add, attempt, type Gathering, look } from './gathering.ts';
import { claims, configMaps, secrets, serviceAccounts } from './kinds.ts';
import { askJson } from './objects.ts';
import { slim, valuesDropped } from './slim.ts';

export interface Named {
  configMaps: string[];
  secrets: string[];
  claims: string[];
  serviceAccount: string;
}

/** What a pod spec names. `podName` completes the names of ephemeral claims. */
export function namedBy(spec: JsonObject, podName: string): Named {
  const maps = new Set<string>();
  const hidden = new Set<string>();
  const volumes = new Set<string>();
  const note = (names: Set<string>, name: unknown): void => {
    if (typeof name === 'string' && name !== '') names.add(name);
  };
  for (const container of [...objects(spec.initContainers), ...objects(spec.containers)]) {
    for (const env of objects(container.env)) {
      note(maps, at(env, 'valueFrom', 'configMapKeyRef', 'name'));
      note(hidden, at(env, 'valueFrom', 'secretKeyRef', 'name'));
    }
    for (const from of objects(container.envFrom)) {
      note(maps, at(from, 'configMapRef', 'name'));
      note(hidden, at(from, 'secretRef', 'name'));
    }
  }
  for (const volume of objects(spec.volumes)) {
    // The volume that Kubernetes itself adds for the API token; the control plane keeps its ConfigMap.
    if (text(volume.name)?.startsWith('kube-api-access-')) continue;
    for (const source of [volume, ...objects(at(volume, 'projected', 'sources'))]) {
      note(maps, at(source, 'configMap', 'name'));
      note(hidden, at(source, 'secret', 'secretName') ?? at(source, 'secret', 'name'));
    }
    note(volumes, at(volume, 'persistentVolumeClaim', 'claimName'));
    if (isObject(volume.ephemeral) && podName) note(volumes, `${podName}-${text(volume.name)}`);
  }
  for (const pull of objects(spec.imagePullSecrets)) note(hidden, pull.name);
  return {
    configMaps: [...maps],
    secrets: [...hidden],
    claims: [...volumes],
    serviceAccount: text(spec.serviceAccountName) ?? '',
  };
}

/** `said`: what the containers said, logs and termination messages, once it is there. */
export async function readReferences(
  g: Gathering,
  named: Named,
  spec: JsonObject,
  said: Promise<string[]>,
  secretKeyNames: readonly string[],
): Promise<void> {
  await Promise.all([
    ...named.configMaps.map((name) => readConfigMap(g, name, spec, said)),
    ...named.secrets.map((name) => readSecretKeys(g, name, secretKeyNames)),
    ...named.claims.map((name) => keep(g, look(g, claims, name))),
    ...(named.serviceAccount ? [keep(g, look(g, serviceAccounts, named.serviceAccount))] : []),
  ]);
  g.say('what the template names');
}

async function keep(g: Gathering, reading: Promise<KubeObject | undefined>): Promise<void> {
  const found = await reading;
  if (found) add(g, found);
}

const VALUE_LENGTH_MAX = 64 * 1024;

async function readConfigMap(g: Gathering, name: string, spec: JsonObject, said: Promise<string[]>): Promise<void> {
  const found = await look(g, configMaps, name);
  if (!found) return;
  const kept = slim(found);
  const wanted = valuesWanted(name, Object.keys(object(found.data)), spec, await said);
  for (const key of wanted)
    kept.data = { ...object(kept.data), [key]: text(at(found.data, key))?.slice(0, VALUE_LENGTH_MAX) ?? '' };
  add(g, found, kept);
}

const PARSE_ERROR =
  /(?:pars|syntax|config(?:uration)?\b.*(?:error|line \d)|unknown (?:directive|keyword|field)|unexpected|malformed|invalid|mapping values|line \d+)/i;
const TAIL_LENGTH = 16_000;

/**
 * Keys of a ConfigMap whose value may be kept: those that a log names, by key or by the file name they are mounted as;
 * and, where a log tells of a parse error without naming any file, those that the container's command line names.
 */
export function valuesWanted(configMap: string, keys: string[], spec: JsonObject, said: string[]): string[] {
  const tails = said.map((words) => words.slice(-TAIL_LENGTH));
  const commands = [...objects(spec.initContainers), ...objects(spec.containers)].flatMap((container) =>
    [...list(container.command), ...list(container.args)].map((word) => text(word) ?? ''),
  );
  const parseError = tails.some((tail) => PARSE_ERROR.test(tail));
  return keys.filter((key) =>
    namesOf(configMap, key, spec).some(
      (name) => tails.some((tail) => mentions(tail, name)) || (parseError && commands.some((c) => mentions(c, name))),
    ),
  );
}

/** The key itself and the file names under which volumes present it. */
function namesOf(configMap: string, key: string, spec: JsonObject): string[] {
  const names = [key];
  const containers = [...objects(spec.initContainers), ...objects(spec.containers)];
  for (const volume of objects(spec.volumes)) {
    for (const source of [volume, ...objects(at(volume, 'projected', 'sources'))]) {
      if (at(source, 'configMap', 'name') !== configMap) continue;
      const items = objects(at(source, 'configMap', 'items')).filter((item) => item.key === key);
      const paths = items.length ? items.map((item) => text(item.path) ?? '') : [key];
      names.push(...paths.map(lastStep));
      const mounts = containers.flatMap((container) => objects(container.volumeMounts));
      for (const mount of mounts)
        if (mount.name === volume.name && paths.includes(text(mount.subPath) ?? ''))
          names.push(lastStep(text(mount.mountPath) ?? ''));
    }
  }
  return [...new Set(names)].filter((name) => name.length >= 3);
}

function lastStep(path: string): string {
  return path.split('/').filter(Boolean).at(-1) ?? '';
}

/** As a word of its own: `config.yaml` is not mentioned by `app-config.yaml`. */
function mentions(haystack: string, name: string): boolean {
  for (let from = haystack.indexOf(name); from >= 0; from = haystack.indexOf(name, from + 1)) {
    const around = `${haystack[from - 1] ?? ' '}${haystack[from + name.length] ?? ' '}`;
    if (!/^[\w-]|[\w-]$/.test(around)) return true;
  }
  return false;
}

/** A Secret as it may be known: its outline and the names of its keys. Everything else ends here. */
const secretOutline = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    uid: z.string().optional(),
    creationTimestamp: z.string().optional(),
  }),
  type: z.string().optional(),
  data: z
    .record(z.string(), z.unknown())
    .optional()
    .transform((data) => valuesDropped(data ?? {})),
});

async function readSecretKeys(g: Gathering, name: string, secretKeyNames: readonly string[]): Promise<void> {
  const at = `Secret/${name}`;
  if (!secretKeyNames.includes(`${g.namespace}/${name}`)) {
    g.unread.push({ at, why: 'secrets are not read (by design)' });
    return;
  }
  await attempt(g, at, async () => {
    try {
      const place = { resource: secrets, namespace: g.namespace, name };
      const outline = await askJson(g.cluster, { ...place, verb: 'get', signal: g.signal }, secretOutline);
      add(g, { apiVersion: 'v1', kind: 'Secret', ...outline });
    } catch (error) {
      if (kubeError(error).kind !== 'not-found') throw error;
    }
  });
}
