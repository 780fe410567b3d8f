// The objects that a pod template names. Of ConfigMaps only the keys are kept, and values only of keys that a log names;
// Secrets are not read unless a person named them in the configuration, and then their values end in the decoder.

import { z } from 'zod';
import { at, isObject, type JsonObject, object, objects, text } from '../core/json.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { valuesWanted } from './config-values.ts';
import { kubeError } from './errors.ts';
import { add, attempt, type Gathering, look } from './gathering.ts';
import { claims, configMaps, secrets, serviceAccounts } from './kinds.ts';
import { askJson } from './objects.ts';
import { slim, valuesDropped } from './slim.ts';
import { readEvents } from './surroundings.ts';

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
    ...named.claims.map((name) => readClaim(g, name)),
    ...(named.serviceAccount ? [keep(g, look(g, serviceAccounts, named.serviceAccount))] : []),
  ]);
  g.say('what the template names');
}

async function keep(g: Gathering, reading: Promise<KubeObject | undefined>): Promise<void> {
  const found = await reading;
  if (found) add(g, found);
}

/** A claim that waits for its volume says why in events of its own. */
async function readClaim(g: Gathering, name: string): Promise<void> {
  const found = await look(g, claims, name);
  if (!found) return;
  add(g, found);
  await readEvents(g, found, `Event/PersistentVolumeClaim/${name}`);
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
