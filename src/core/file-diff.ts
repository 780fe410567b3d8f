// A change as a unified diff of the file it belongs in, for whoever owns the workload elsewhere. The file's path is what
// the object itself says; without such a note there is no file to speak of.

import { createTwoFilesPatch } from 'diff';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { isObject, type JsonObject, object, text } from './json.ts';
import { redactSnapshot } from './redact.ts';
import type { KubeObject, Snapshot } from './snapshot.ts';

/** Ours, for any repository: a path from its root. */
export const SOURCE_ANNOTATION = 'loopbreaker.dev/source-path';

/** Kustomize's `buildMetadata: [originAnnotations]`: YAML with `path`, and `repo` and `ref` for a remote base. */
const ORIGIN_ANNOTATION = 'config.kubernetes.io/origin';
/** Written by kustomize and kpt functions that keep the file of each object. */
const PATH_ANNOTATION = 'config.kubernetes.io/path';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const Origin = z.object({ path: z.string() });
/**
 * Printed as the head of a diff and perhaps given to `git apply`: nothing but a plain path below the root. A chart's values
 * and templates are not manifests: no difference of one would fit them.
 */
const Path = z
  .string()
  .regex(/^(?!\/)[\w./@ +-]{1,300}\.ya?ml$/)
  .refine((path) => !path.split('/').includes('..') && !/(?:^|\/)(?:templates\/|values[\w.-]*$)/.test(path));

/** The file that an object comes from, as its annotations say; undefined when none says it in a usable way. */
export function sourcePathOf(found: KubeObject): string | undefined {
  const notes = object(found.metadata.annotations);
  const said = [
    text(notes[SOURCE_ANNOTATION]),
    originPath(text(notes[ORIGIN_ANNOTATION])),
    text(notes[PATH_ANNOTATION]),
  ];
  return said.map((path) => path?.replace(/^(?:\.\.?\/)+/, '')).find((path) => Path.safeParse(path).success);
}

function originPath(yaml: string | undefined): string | undefined {
  if (!yaml || yaml.length > 2_000) return undefined;
  try {
    return Origin.safeParse(parse(yaml, { maxAliasCount: 0 })).data?.path;
  } catch {
    return undefined;
  }
}

/**
 * The object as its file has it, without secrets: what was last applied where the cluster keeps that, and else what runs,
 * without the fields that the API server adds to every object.
 */
export function manifestOf(found: KubeObject): KubeObject {
  const manifest = lastApplied(found) ?? found;
  const { status: _, ...rest } = manifest;
  const { name, namespace, labels, annotations } = manifest.metadata;
  const notes = object(annotations);
  const own = Object.fromEntries(Object.entries(notes).filter(([key]) => !OF_THE_CLUSTER.test(key)));
  const metadata = { name, namespace, labels, ...(Object.keys(own).length > 0 ? { annotations: own } : {}) };
  const plain = { ...rest, metadata } as KubeObject;
  const alone: Snapshot = { cluster: '', now: '', objects: [plain], logs: [], unread: [], templateHashes: {} };
  return redactSnapshot(alone).snapshot.objects[0] ?? plain;
}

const OF_THE_CLUSTER =
  /^(?:kubectl\.kubernetes\.io\/|deployment\.kubernetes\.io\/|config\.kubernetes\.io\/|internal\.config\.|loopbreaker\.dev\/plan)/;

function lastApplied(found: KubeObject): KubeObject | undefined {
  try {
    const applied: unknown = JSON.parse(text(object(found.metadata.annotations)[LAST_APPLIED]) ?? '');
    const isSame = isObject(applied) && applied.kind === found.kind && isObject(applied.metadata);
    return isSame ? (applied as JsonObject as KubeObject) : undefined;
  } catch {
    return undefined;
  }
}

/** `git apply`'s format; three lines of context. */
export function fileDiff(path: string, before: KubeObject, after: KubeObject): string {
  const [old, now] = [before, after].map((manifest) => stringify(manifest, { lineWidth: 0 }));
  const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, old ?? '', now ?? '', '', '', { context: 3 });
  const [, ...lines] = patch.trim().split('\n');
  return lines.map((line, n) => (n < 2 ? line.trimEnd() : line)).join('\n');
}
