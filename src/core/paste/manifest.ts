// Objects pasted as YAML or JSON: where one begins and ends among other text, and what it says. A document that
// was cut off is read as far as it goes.

import { parseAllDocuments } from 'yaml';
import { isObject, type JsonObject, object, text, words } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { indentOf } from './clean.ts';
import { FRAGMENT_KEYS, podOfFragment } from './fragments.ts';

const YAML_START = /^\s*(?:- )?(?:apiVersion:\s+"?[\w./-]+"?|kind:\s+"?[A-Z]\w+"?)\s*$/;
const FRAGMENT = new RegExp(`^\\s*(?:${FRAGMENT_KEYS}):\\s*$`);
const TOP_KEY =
  /^(?:- )?(?:apiVersion|kind|metadata|spec|status|items|data|binaryData|stringData|type|immutable|involvedObject|regarding|reason|message|note|count|firstTimestamp|lastTimestamp|eventTime|source|reportingComponent|reportingInstance|reportingController|series|action|related|deprecated\w+|revision|endpoints|addressType|ports|subsets|secrets|imagePullSecrets|automountServiceAccountToken|rules|roleRef|subjects|containerStatuses|initContainerStatuses|lastState|state|name|image|imageID|ready|started|restartCount|containerID|hostIP|hostIPs|phase|podIP|podIPs|qosClass|startTime|conditions):(?:\s|$)/;

/** Index behind the manifest that begins at this line, or the line itself when none does. */
export function manifestEnd(lines: string[], at: number): number {
  const line = lines[at]!;
  const first = line.trimStart()[0];
  if (first === '{' || first === '[') return startsJson(lines, at) ? jsonEnd(lines, at) : at;
  if (!YAML_START.test(line) && !(FRAGMENT.test(line) && isYamlBelow(lines, at))) return at;
  if (/^\s*kind:/.test(line) && !lines.slice(at + 1, at + 5).some((l) => /^\s*(?:apiVersion|metadata):/.test(l)))
    return at;
  return yamlEnd(lines, at);
}

function isYamlBelow(lines: string[], at: number): boolean {
  const next = lines[at + 1] ?? '';
  return (
    indentOf(next) >= indentOf(lines[at]!) &&
    /^\s*(?:- )?[a-z][A-Za-z]*:(?:\s|$)/.test(next) &&
    !/^\s*[a-z][\w-]*:\s+\S+=/.test(next)
  );
}

function yamlEnd(lines: string[], at: number): number {
  const base = indentOf(lines[at]!);
  let end = at + 1;
  for (let i = at + 1; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const indent = indentOf(line);
    const rest = line.slice(indent);
    if (indent > base || rest === '---' || (indent === base && (TOP_KEY.test(rest) || rest.startsWith('- '))))
      end = i + 1;
    else break;
  }
  return end;
}

const JSON_KEY = new RegExp(`^\\s*"(?:apiVersion|kind|metadata|${FRAGMENT_KEYS})":`);

/** What `-o jsonpath` prints of a run that ended, on one line. */
const ENDED_RUN = /^\s*\{"(?:containerID|exitCode)":.{0,200}"(?:exitCode|finishedAt)":/;

function startsJson(lines: string[], at: number): boolean {
  const line = lines[at]!;
  if (line.includes('"apiVersion"') && line.includes('"kind"')) return true;
  if (ENDED_RUN.test(line)) return true;
  return /^\s*[[{]\s*$/.test(line) && lines.slice(at + 1, at + 6).some((l) => JSON_KEY.test(l));
}

/** Behind the line that closes the first bracket; the end of the text when it never closes. */
function jsonEnd(lines: string[], at: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = at; i < lines.length; i++) {
    const line = lines[i]!;
    for (let k = 0; k < line.length; k++) {
      const c = line.charCodeAt(k);
      if (quoted) {
        if (c === 92) k++;
        else if (c === 34) quoted = false;
      } else if (c === 34) quoted = true;
      else if (c === 123 || c === 91) depth++;
      else if (c === 125 || c === 93) depth--;
    }
    if (depth <= 0 && i >= at) return i + 1;
    // No string of JSON goes over a line's end: a chat client broke it.
    if (quoted && /^[`$]|```/.test(lines[i + 1] ?? '')) return i + 1;
  }
  return lines.length;
}

const MAX_JSON_CHARACTERS = 20_000_000;
/** The YAML reader takes a second per megabyte, and more where brackets nest. */
const MAX_YAML_CHARACTERS = 3_000_000;
const MAX_BRACKETS = 60;

export interface Manifest {
  objects: KubeObject[];
  /** The text ended before the document did, or part of it could not be read. */
  cut: boolean;
}

export function readManifest(lines: string[]): Manifest {
  const source = lines.join('\n');
  if (source.length > MAX_JSON_CHARACTERS) return { objects: [], cut: true };
  const parsed = fromJson(source);
  if (parsed !== undefined) return { objects: objectsIn(parsed), cut: false };
  if (source.length > MAX_YAML_CHARACTERS || brackets(source) > MAX_BRACKETS) return { objects: [], cut: true };
  let cut = /^\s*[[{]/.test(source);
  const found: KubeObject[] = [];
  for (const value of fromYaml(dedent(lines))) {
    if (value.broken) cut = true;
    for (const object of objectsIn(value.value)) found.push(object);
  }
  return { objects: found, cut };
}

/** Greatest depth of brackets, quotes left aside. */
function brackets(source: string): number {
  let depth = 0;
  let most = 0;
  for (let i = 0; i < source.length; i++) {
    const c = source.charCodeAt(i);
    if (c === 123 || c === 91) most = Math.max(most, ++depth);
    else if ((c === 125 || c === 93) && depth > 0) depth--;
  }
  return most;
}

function fromJson(source: string): unknown {
  if (!/^\s*[[{]/.test(source)) return undefined;
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function dedent(lines: string[]): string {
  const base = Math.min(
    ...lines
      .slice(0, 50)
      .filter((l) => l.trim() !== '')
      .map(indentOf),
  );
  return lines.map((line) => line.slice(Math.min(base, indentOf(line)))).join('\n');
}

/** YAML is read with all its faults forgiven; flow style makes cut JSON readable too. */
function fromYaml(source: string): { value: unknown; broken: boolean }[] {
  try {
    const documents = parseAllDocuments(source, {
      logLevel: 'silent',
      prettyErrors: false,
      strict: false,
      uniqueKeys: false,
      keepSourceTokens: false,
    });
    if (!Array.isArray(documents)) return [];
    return documents.map((document) => ({
      value: document.toJS({ maxAliasCount: 20 }) as unknown,
      broken: document.errors.length > 0,
    }));
  } catch {
    return [];
  }
}

function objectsIn(value: unknown, depth = 0): KubeObject[] {
  const piece = podOfFragment(value);
  if (piece) return [asObject({ ...piece, kind: 'Pod' })].filter((o): o is KubeObject => o !== undefined);
  if (Array.isArray(value)) return depth > 3 ? [] : value.flatMap((item) => objectsIn(item, depth + 1));
  if (!isObject(value)) return [];
  if (Array.isArray(value.items))
    return depth > 3 ? [] : value.items.flatMap((item) => objectsIn(withKind(item, value), depth + 1));
  return [asObject(value)].filter((o): o is KubeObject => o !== undefined);
}

/** Items of a typed list ("PodList") need not repeat their kind. */
function withKind(item: unknown, list: JsonObject): unknown {
  if (!isObject(item) || item.kind !== undefined) return item;
  const kind = /^(\w+)List$/.exec(text(list.kind) ?? '')?.[1];
  return kind === undefined ? item : { ...item, kind, apiVersion: list.apiVersion };
}

function asObject(value: JsonObject): KubeObject | undefined {
  const kind = text(value.kind) ?? (looksLikePod(value) ? 'Pod' : undefined);
  if (kind === undefined) return undefined;
  const metadata = object(value.metadata);
  return { ...value, kind, metadata: { ...metadata, name: words(metadata.name) ?? '' } };
}

function looksLikePod(value: JsonObject): boolean {
  const spec = object(value.spec);
  const status = object(value.status);
  return Array.isArray(spec.containers) || Array.isArray(status.containerStatuses);
}
