// The environment of a container as describe prints it: literals, also of several lines, and where values come from.

import type { JsonObject } from '../json.ts';
import { indentOf } from './clean.ts';

export function environment(below: string[]): JsonObject[] {
  const depth = below.length ? indentOf(below[0]!) : 0;
  const env: { name: string; value: string }[] = [];
  let column = 0;
  for (const line of below) {
    const start = /^(\s*[-._a-zA-Z][-._a-zA-Z0-9]*:)(?:\s+(.*))?$/.exec(line);
    const last = env.at(-1);
    const isRestOfRef = last?.value.startsWith('<set to the key') && (start?.[1]?.trim() === 'Optional:' || !start);
    if (start && (indentOf(line) <= depth || depth === 0) && !isRestOfRef) {
      column = line.length - (start[2] ?? '').length;
      env.push({ name: start[1]!.trim().slice(0, -1), value: (start[2] ?? '').trimEnd() });
    } else if (last) {
      const inColumn = indentOf(line) >= column && column > 0 && !isRestOfRef;
      last.value += inColumn ? `\n${line.slice(column)}` : line.trim() === '' ? '\n' : ` ${line.trim()}`;
    }
  }
  return env.map(({ name, value }) => envEntry(name, value.replace(/\n{1,9}$/, '')));
}

const KEY_REF = /^<set to the key '([^']*)' (in secret|of config map) '([^']*)'>\s*(?:Optional:\s*(true|false)\s*)?$/;
const FIELD = /^\(v1:([\w.[\]'/-]+)\)$/;
const RESOURCE = /^\(((?:limits|requests)\.[\w./-]+)\)$/;

function envEntry(name: string, value: string): JsonObject {
  const ref = KEY_REF.exec(value);
  if (ref) {
    const [, key, where, object, optional] = ref;
    const target = { name: object, key, ...(optional === 'true' ? { optional: true } : {}) };
    return { name, valueFrom: where === 'in secret' ? { secretKeyRef: target } : { configMapKeyRef: target } };
  }
  // The value stands before the source in brackets: `10.0.0.7 (v1:status.podIP)`.
  const source = value.endsWith(')') ? value.slice(value.lastIndexOf('(')) : '';
  const field = FIELD.exec(source)?.[1];
  if (field) return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: field } } };
  const resource = RESOURCE.exec(source)?.[1];
  if (resource) return { name, valueFrom: { resourceFieldRef: { resource } } };
  return { name, value };
}

/** `app-config  ConfigMap with prefix 'APP_'  Optional: false` */
export function envFromEntry(line: string): JsonObject | undefined {
  const match =
    /^\s{0,40}(\S*)\s+(ConfigMap|Secret)(?: with prefix '([^']*)')?(?:\s+Optional:\s*(true|false))?\s*$/.exec(line);
  if (!match) return undefined;
  const [, name, kind, prefix, optional] = match;
  const ref = { name, ...(optional === 'true' ? { optional: true } : {}) };
  return { ...(prefix ? { prefix } : {}), ...(kind === 'Secret' ? { secretRef: ref } : { configMapRef: ref }) };
}
