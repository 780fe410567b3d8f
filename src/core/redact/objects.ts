// Redacts Kubernetes objects by field: env values, Secret data, last-applied copies, managedFields. Every other
// string goes through the text rules. Makes a copy; the input is never changed.

import { at, isObject, type JsonObject, text, words } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Client, clientOf } from './clients.ts';
import { envValue } from './env.ts';
import type { Redaction } from './hits.ts';
import { secrecyOf } from './names.ts';
import { isNoSecret, looksRandom } from './values.ts';

export interface Redactor {
  removed: Redaction[];
  /** All text rules, and the secret values that other fields of the snapshot gave away. */
  string: (value: string, at: string) => string;
  /** `‹hidden 3›`: equal values get equal numbers, so that a difference still shows as one. */
  numbered: (value: string) => string;
}

const MAX_DEPTH = 100;

// Written by API server, kubelet and controllers, never by people.
const NEVER_SECRET = new Set(
  (
    'apiVersion kind uid resourceVersion creationTimestamp deletionTimestamp containerID imageID startedAt finishedAt phase qosClass startTime ' +
    'lastTransitionTime lastProbeTime firstTimestamp lastTimestamp eventTime time manager hostIP podIP protocol imagePullPolicy restartPolicy ' +
    'terminationMessagePolicy dnsPolicy schedulerName mountPath effect operator'
  ).split(' '),
);

export function redactObject(object: KubeObject, r: Redactor): KubeObject {
  const name = `${object.kind}/${words(at(object, 'metadata', 'name')) ?? ''}:`;
  const copy: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    if (object.kind === 'Secret' && (key === 'data' || key === 'stringData'))
      copy[key] = blanked(value, `${name}${key}`, r);
    else if (object.kind === 'ConfigMap' && key === 'binaryData') copy[key] = blanked(value, `${name}${key}`, r);
    else copy[key] = walk(value, key, `${name}${key}`, 0, r);
  }
  return copy as KubeObject;
}

function blanked(value: unknown, at: string, r: Redactor): unknown {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, secret]) => {
      if (secret !== '') note(r, 'secret-value', `${at}.${key}`, words(secret) ?? '');
      return [key, ''];
    }),
  );
}

function walk(value: unknown, key: string, at: string, depth: number, r: Redactor): unknown {
  if (typeof value === 'string') return field(key, value, at, r);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return hidden(r, 'deeply-nested', at, '');
  if (Array.isArray(value)) return items(value, key, at, depth, r);
  const copy: JsonObject = {};
  for (const [name, child] of Object.entries(value)) {
    if (name === 'managedFields' && Array.isArray(child)) copy[name] = child.filter(isObject).map(managed);
    else if (key === 'annotations' && typeof child === 'string' && isCopy(name, child))
      copy[name] = hidden(r, 'last-applied', `${at}.${name}`, child);
    else copy[name] = walk(child, name, `${at}.${name}`, depth + 1, r);
  }
  return copy;
}

function items(list: unknown[], key: string, at: string, depth: number, r: Redactor): unknown[] {
  if (list.length > 1 && list.every((item) => typeof item === 'string')) return commandLine(list as string[], at, r);
  return list.map((item, i) => {
    const here = `${at}[${i}]`;
    if (!isObject(item) || typeof item.value !== 'string' || typeof item.name !== 'string')
      return walk(item, key, here, depth + 1, r);
    return {
      ...(walk({ ...item, value: null }, key, here, depth + 1, r) as JsonObject),
      value: named(key, item.name, item.value, `${here}.value`, r),
    };
  });
}

/** `{name, value}`: an environment variable, an HTTP header, a Helm value. */
function named(key: string, name: string, value: string, at: string, r: Redactor): string {
  if (key !== 'env') return field(name, value, at, r);
  return envValue(
    name,
    value,
    (text) => r.string(text, at),
    (secret) => numbered(r, at, secret),
  );
}

/** A flag and its secret stand in two elements; joined they read as the command line they are. */
function commandLine(list: string[], at: string, r: Redactor): string[] {
  const out = list.map((item, i) => r.string(item, `${at}[${i}]`));
  for (const [i, item] of list.entries()) {
    const known = clientOf(list.slice(0, i).join(' '), item);
    if (known && known.flag !== item && known.client.value !== 'next')
      out[i] = behind(known.client, item.slice(known.flag.length), `${at}[${i}]`, r, known.flag);
    const next = list[i + 1];
    if (next === undefined || item.includes('=') || isNoSecret(next)) continue;
    const isSecretFlag = /^--?[A-Za-z]/.test(item) && secrecyOf(item) === 'strong' && !next.startsWith('-');
    const isDirective = /^-{0,2}(?:requirepass|masterauth)$/.test(item);
    if (isSecretFlag || isDirective) out[i + 1] = hidden(r, 'password', `${at}[${i + 1}]`, next);
    else if (known?.flag === item && known.client.value !== 'glued' && !next.startsWith('-'))
      out[i + 1] = behind(known.client, next, `${at}[${i + 1}]`, r);
  }
  return out;
}

/** What a client reads as a password; before its mark (`user:`) nothing is hidden. */
function behind({ after }: Client, value: string, at: string, r: Redactor, before = ''): string {
  const mark = after ? value.indexOf(after) : -1;
  if (after && mark < 0) return before + value;
  return hidden(r, 'password', at, value.slice(mark + 1), before + value.slice(0, mark + 1));
}

function field(key: string, value: string, at: string, r: Redactor): string {
  if (NEVER_SECRET.has(key)) return value;
  const shown = r.string(value, at);
  const secrecy = value.includes('\n') || key.startsWith('checksum/') ? undefined : secrecyOf(key);
  if (secrecy === undefined || isNoSecret(shown.trim()) || namesAnObject(key, value)) return shown;
  return secrecy === 'strong' || looksRandom(value) ? numbered(r, at, value) : shown;
}

/** `secretKey: api-token`, `secret: shop/invoice-db`: a name of an object or of a key in it. */
function namesAnObject(key: string, value: string): boolean {
  return (
    /secret(?:key)?$/i.test(key) && /^[a-z0-9]+(?:[._/-][a-z0-9]+)+$/.test(value.slice(0, 254)) && !looksRandom(value)
  );
}

/** Annotations in which appliers keep a whole copy of the object, env values and Secret data included. */
function isCopy(name: string, value: string): boolean {
  if (/last-applied|last-handled|last_applied|lastApplied/i.test(name)) return true;
  return /(?:original|applied|configuration|manifest)$/i.test(name) && (value.length > 400 || /^\s*[{[]/.test(value));
}

/** Who changed the object, when and how; of the fields only which data keys of a ConfigMap. */
function managed(entry: JsonObject): JsonObject {
  const { manager, operation, time, subresource, apiVersion } = entry;
  const data = at(entry, 'fieldsV1', 'f:data');
  const keys = isObject(data) ? Object.keys(data).filter((key) => key.startsWith('f:')) : [];
  const kept = { manager, operation, time, subresource, apiVersion };
  const fieldsV1 = keys.length ? { fieldsV1: { 'f:data': Object.fromEntries(keys.map((key) => [key, {}])) } } : {};
  return { ...Object.fromEntries(Object.entries(kept).filter(([, v]) => text(v) !== undefined)), ...fieldsV1 };
}

function numbered(r: Redactor, at: string, value: string): string {
  note(r, 'value', at, value);
  return r.numbered(value);
}

function hidden(r: Redactor, what: string, at: string, value: string, before = ''): string {
  if (value.startsWith('‹hidden')) return before + value;
  note(r, what, at, value);
  return `${before}‹hidden ${what}›`;
}

function note(r: Redactor, what: string, at: string, value: string): void {
  r.removed.push({ what, at, characters: value.length });
}
