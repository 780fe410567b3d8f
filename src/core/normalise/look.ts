// Turns fields of foreign objects into facts: seen with its value, absent when somebody looked, unread otherwise.

import { absent, type Fact, type Source, seen, unread } from '../fact.ts';
import { at, objects, text } from '../json.ts';
import type { KubeObject, Snapshot } from '../snapshot.ts';

export interface Look {
  snapshot: Snapshot;
  /** A fact about `value`, read at `path` of `owner` ("Pod/api-1"); `path` is also the address shown. */
  field: <T>(owner: string, path: string, value: T | undefined) => Fact<T>;
  /** Why an address was not read, or undefined when it was. */
  whyUnread: (address: string) => string | undefined;
  /** Objects of a kind, optionally only those of one namespace. */
  all: (kind: string, namespace?: string) => KubeObject[];
  find: (kind: string, name: string, namespace?: string) => KubeObject | undefined;
}

export function lookAt(snapshot: Snapshot): Look {
  const byKind = new Map<string, KubeObject[]>();
  for (const object of snapshot.objects) {
    const list = byKind.get(object.kind) ?? [];
    list.push(object);
    byKind.set(object.kind, list);
  }
  const whyUnread = (address: string): string | undefined =>
    snapshot.unread.find((part) => isBelow(address, part.at))?.why;
  const all = (kind: string, namespace?: string): KubeObject[] =>
    (byKind.get(kind) ?? []).filter(
      (o) => namespace === undefined || namespaceOf(o) === '' || namespaceOf(o) === namespace,
    );
  return {
    snapshot,
    whyUnread,
    all,
    find: (kind, name, namespace) => all(kind, namespace).find((o) => nameOf(o) === name),
    field: (owner, path, value) => {
      const source = sourceOf(path);
      if (value !== undefined) return seen(value, source, path);
      const why = whyUnread(`${owner}:${path}`);
      return why === undefined ? absent(source, path) : unread(source, path, why);
    },
  };
}

function isBelow(address: string, prefix: string): boolean {
  if (!address.startsWith(prefix)) return false;
  const next = address[prefix.length];
  return next === undefined || ':.[/'.includes(next) || prefix.endsWith('/');
}

function sourceOf(path: string): Source {
  return path.startsWith('status') ? 'status' : 'spec';
}

export function nameOf(object: KubeObject): string {
  return text(object.metadata?.name) ?? '';
}

export function namespaceOf(object: KubeObject): string {
  return text(object.metadata?.namespace) ?? '';
}

export function uidOf(object: KubeObject): string {
  return text(object.metadata?.uid) ?? '';
}

/** The controlling owner reference, or the first one. */
export function ownerOf(
  object: KubeObject,
): { kind: string; name: string; uid: string; apiVersion: string } | undefined {
  const owners = objects(at(object, 'metadata', 'ownerReferences'));
  const owner = owners.find((o) => o.controller === true) ?? owners[0];
  if (!owner) return undefined;
  return {
    kind: text(owner.kind) ?? '',
    name: text(owner.name) ?? '',
    uid: text(owner.uid) ?? '',
    apiVersion: text(owner.apiVersion) ?? '',
  };
}

/** The object and its owners, nearest first, as far as the snapshot holds them; the last may be known by name only. */
export function ownerChain(
  look: Look,
  object: KubeObject,
): { kind: string; name: string; apiVersion: string; object: KubeObject | undefined }[] {
  const chain = [];
  let here: KubeObject | undefined = object;
  for (let depth = 0; here && depth < 6; depth++) {
    const owner = ownerOf(here);
    if (!owner?.kind) break;
    const found: KubeObject | undefined = look.find(owner.kind, owner.name, namespaceOf(object) || undefined);
    chain.push({ kind: owner.kind, name: owner.name, apiVersion: owner.apiVersion, object: found });
    here = found;
  }
  return chain;
}
