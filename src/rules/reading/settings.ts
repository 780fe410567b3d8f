// Where a container's environment variable comes from, and whether anything sets it. "Nothing sets it" is said only
// when everything that could was read: a Secret that may not be read can hold any key.

import type { ContainerCase } from '../../core/case.ts';
import type { Reference } from '../../core/evidence/around.ts';
import type { EnvEntry } from '../../core/evidence/container.ts';
import type { Evidence } from '../../core/evidence.ts';
import { type Citation, cite, citeAbsence, known, wasRead } from '../../core/fact.ts';
import { nearestName } from '../../core/nearest.ts';
import { linesAround } from './said.ts';

export interface Setting {
  is:
    | 'set' // something gives it a value
    | 'empty' // a literal ""
    | 'unset' // no entry, and nothing else provides it
    | 'missing-key' // an optional reference whose key does not exist
    | 'missing-object' // an optional reference whose object does not exist
    | 'unknown';
  /** Why, for a sentence: "no entry in the template sets it". */
  words: string;
  citations: Citation[];
  kind?: 'ConfigMap' | 'Secret';
  object?: string;
  key?: string;
  nearestKey?: string;
}

/** The trace around the line asks the environment: what is wrong there is a variable, not data. */
export function asksEnvironment(k: ContainerCase, n: number): boolean {
  return linesAround(k, n, 12, 0).some((l) =>
    /environ|getenv|validation errors? for \w{0,40}(?:Settings|Config|Env)|\bos(?:\.py|>)", line \d+, in __getitem__|\bENV\b|\$_ENV|\$_SERVER|process\.env/.test(
      l.raw,
    ),
  );
}

const UNKNOWN: Setting = { is: 'unknown', words: '', citations: [] };

export function settingOf(evidence: Evidence, k: ContainerCase, variable: string): Setting {
  const { env } = k.container;
  if (!wasRead(env)) return UNKNOWN;
  const entries = known(env) ?? [];
  const index = entries.findLastIndex((e) => e.name === variable);
  const entry = entries[index];
  if (entry) return settingOfEntry(evidence, k, entry, index);
  return provided(evidence, k, variable, entries);
}

function settingOfEntry(evidence: Evidence, k: ContainerCase, entry: EnvEntry, index: number): Setting {
  const below = `[${index}]`;
  const { env } = k.container;
  if (!entry.from) {
    return entry.value === ''
      ? { is: 'empty', words: 'the template sets it to nothing', citations: cite(env, `${entry.name}: ""`, below) }
      : { is: 'set', words: 'the template sets it', citations: cite(env, `${entry.name} is set`, below) };
  }
  const { kind, name, key } = entry.from;
  if (kind !== 'ConfigMap' && kind !== 'Secret')
    return { is: 'set', words: `it comes from ${kind} ${name}`, citations: [] };
  const reference = referenceTo(evidence, kind, name);
  const asks = cite(env, `${entry.name} asks ${kind} ${name} for the key ${key}`, below);
  const about = { kind, object: name, key };
  if (reference?.object.state === 'absent') {
    return {
      is: 'missing-object',
      words: `it comes from ${kind} ${name}, which does not exist`,
      citations: [...asks, ...citeAbsence(reference.object, `${kind} ${name} does not exist`)],
      ...about,
    };
  }
  if (reference?.object.state !== 'seen') return UNKNOWN;
  const { keys, values } = reference.object.value;
  if (keys.includes(key)) {
    const empty = kind === 'ConfigMap' && values[key]?.trim() === '';
    return {
      is: empty ? 'empty' : 'set',
      words: empty ? `the key ${key} of ${kind} ${name} is empty` : `it comes from ${kind} ${name}`,
      citations: [...asks, ...(empty ? cite(reference.object, `${key}: ""`, `:data.${key}`) : [])],
      ...about,
    };
  }
  const nearestKey = nearestName(key, keys);
  return {
    is: 'missing-key',
    words: `it asks ${kind} ${name} for the key ${key}, which does not exist${nearestKey ? ` (there is ${nearestKey})` : ''}`,
    citations: [...asks, ...cite(reference.object, `keys: ${keys.join(', ') || 'none'}`, ':data')],
    ...about,
    ...(nearestKey ? { nearestKey } : {}),
  };
}

/** Without an entry of its own a variable can still come from envFrom. */
function provided(evidence: Evidence, k: ContainerCase, variable: string, entries: EnvEntry[]): Setting {
  const { env, envFrom } = k.container;
  if (!wasRead(envFrom)) return UNKNOWN;
  const names = entries.map((e) => e.name);
  const looked: Citation[] = [];
  for (const [i, from] of (known(envFrom) ?? []).entries()) {
    const object = referenceTo(evidence, from.kind, from.name)?.object;
    if (!object || !wasRead(object)) return UNKNOWN;
    const keys = (known(object)?.keys ?? []).map((key) => from.prefix + key);
    if (keys.includes(variable)) return { is: 'set', words: `it comes from ${from.kind} ${from.name}`, citations: [] };
    names.push(...keys);
    looked.push(
      ...cite(envFrom, `envFrom ${from.kind} ${from.name}`, `[${i}]`),
      ...cite(object, `keys: ${keys.join(', ') || 'none'}`, ':data'),
      ...citeAbsence(object, `${from.kind} ${from.name} does not exist`),
    );
  }
  const near = nearestName(variable, names);
  const text = `${variable}: no such entry${near ? ` (${near} is set)` : ''}`;
  return {
    is: 'unset',
    words: `nothing in the template sets it${near ? `; there is ${near}` : ''}`,
    citations: [...(env.state === 'seen' ? cite(env, text) : citeAbsence(env, text)), ...looked],
    ...(near ? { nearestKey: near } : {}),
  };
}

export function referenceTo(evidence: Evidence, kind: Reference['kind'], name: string): Reference | undefined {
  return evidence.references.find((r) => r.kind === kind && r.name === name);
}
