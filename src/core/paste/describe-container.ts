// One container's block of `kubectl describe`, in the shape of the API. Keeps which keys were seen, so that what
// a cut paste does not show stays unread instead of absent.

import type { JsonObject } from '../json.ts';
import { indentOf } from './clean.ts';
import { envFromEntry, environment } from './describe-env.ts';
import { CONTAINER_KEYS, keyValue } from './describe-lines.ts';
import { STATE_KEYS, stateOf } from './describe-state.ts';
import { mountOf, portsOf, probeOf, resumedCommand } from './describe-values.ts';

export interface ContainerBlock {
  list: 'initContainers' | 'containers' | 'ephemeralContainers';
  name: string;
  spec: JsonObject;
  /** Undefined when the block shows no status (a template, or a pod that no kubelet took). */
  status: JsonObject | undefined;
  /** Keys of the block that were seen. */
  seen: Set<string>;
  /** Fields of the specification that are there and cannot be read: something of them was cut off. */
  unclear: string[];
}

/** Reads lines below the container's name; `more` says whether anything of the describe follows this block. */
export function readContainer(list: ContainerBlock['list'], name: string, lines: string[]): ContainerBlock {
  const block: ContainerBlock = { list, name, spec: { name }, status: undefined, seen: new Set(), unclear: [] };
  const keyIndent = indentOfKeys(lines);
  for (let i = 0; i < lines.length; ) {
    const pair = containerKey(lines[i]!, keyIndent);
    let end = i + 1;
    while (end < lines.length && !endsKey(lines, end, keyIndent, pair?.key ?? '')) end++;
    if (pair) {
      block.seen.add(pair.key);
      readKey(block, pair.key, pair.value, lines.slice(i + 1, end), keyIndent, lines[i]!);
    }
    i = end;
  }
  return block;
}

/** Container keys all stand at one depth; in a paste that lost its blanks it is the depth of everything. */
function indentOfKeys(lines: string[]): number {
  for (const line of lines)
    if (/^\s*(?:Image|Container ID|Image ID|Host Ports?|Restart Count|Last State):/.test(line)) return indentOf(line);
  for (const line of lines) if (CONTAINER_KEYS.has(keyValue(line)?.key ?? '')) return indentOf(line);
  return 0;
}

function containerKey(line: string, keyIndent: number): { key: string; value: string } | undefined {
  const pair = keyValue(line);
  if (!pair || indentOf(line) > keyIndent) return undefined;
  // At the depth of the keys stand also keys of versions to come; they end what stood before them.
  const isNew =
    keyIndent > 0 && indentOf(line) === keyIndent && /^[A-Z][A-Za-z ]+$/.test(pair.key) && !STATE_KEYS.has(pair.key);
  return isNew || CONTAINER_KEYS.has(pair.key) ? pair : undefined;
}

function endsKey(lines: string[], at: number, keyIndent: number, key: string): boolean {
  if (!containerKey(lines[at]!, keyIndent)) return false;
  // A termination message is printed as it is, at any depth: it ends at the exit code.
  if (key === 'State' || key === 'Last State') return !insideMessage(lines, at);
  return true;
}

const MESSAGE_REACH = 80;

function insideMessage(lines: string[], at: number): boolean {
  let open = false;
  for (let i = at - 1; i >= Math.max(0, at - MESSAGE_REACH); i--) {
    const key = keyValue(lines[i]!)?.key;
    if (key === 'Exit Code') return false;
    if (key === 'Message') {
      open = true;
      break;
    }
    if (key === 'State' || key === 'Last State') return false;
  }
  if (!open) return false;
  for (let i = at; i < Math.min(lines.length, at + MESSAGE_REACH); i++) {
    if (/^\s*Exit Code:\s+-?\d+\s*$/.test(lines[i]!)) return true;
    if (/^\s*(?:Ready|Restart Count):\s/.test(lines[i]!)) return false;
  }
  return false;
}

function readKey(
  block: ContainerBlock,
  key: string,
  value: string,
  below: string[],
  keyIndent: number,
  line: string,
): void {
  const { spec } = block;
  switch (key) {
    case 'Container ID':
      status(block).containerID = unbroken(value, below);
      break;
    case 'Image':
      spec.image = unbroken(value, below);
      break;
    case 'Image ID':
      status(block).imageID = unbroken(value, below);
      break;
    case 'Port':
    case 'Ports': {
      const ports = portsOf([value, ...below].join(' '));
      if (ports.length) spec.ports = ports;
      break;
    }
    case 'Command':
    case 'Args': {
      const words = elements(value, below, keyIndent);
      if (words.length)
        spec[key.toLowerCase()] = key === 'Command' || spec.command === undefined ? resumedCommand(words) : words;
      break;
    }
    case 'State':
      status(block).state = stateOf(value, below, line);
      break;
    case 'Last State':
      status(block).lastState = stateOf(value, below, line);
      break;
    case 'Ready':
      status(block).ready = value === 'True';
      break;
    case 'Restart Count':
      if (/^\d+$/.test(value)) status(block).restartCount = Number(value);
      break;
    case 'Limits':
    case 'Requests':
      spec.resources = { ...(spec.resources as JsonObject | undefined), [key.toLowerCase()]: amounts(below) };
      break;
    case 'Liveness':
    case 'Readiness':
    case 'Startup': {
      const probe = probeOf([value, ...below.map((l) => l.trim())].join(' '));
      if (probe) spec[`${key.toLowerCase()}Probe`] = probe;
      else block.unclear.push(`${key.toLowerCase()}Probe`);
      break;
    }
    case 'Environment Variables from': {
      const from = below.map(envFromEntry).filter((e) => e !== undefined);
      if (from.length) spec.envFrom = from;
      break;
    }
    case 'Environment':
    case 'Environment Variables': {
      const env = environment(below);
      if (env.length) spec.env = env;
      break;
    }
    case 'Mounts':
    case 'Volume Mounts': {
      const mounts = rejoined(below)
        .map(mountOf)
        .filter((m) => m !== undefined);
      if (mounts.length) spec.volumeMounts = mounts;
      break;
    }
    case 'SeccompProfile':
      spec.securityContext = { seccompProfile: { type: value } };
      break;
  }
}

/** A word that a chat client moved to the next line. */
function unbroken(value: string, below: string[]): string {
  return [value, ...below.slice(0, 2).map((line) => line.trim())].join('');
}

/** Mounts begin with a slash; other lines are the broken-off ends of them. */
function rejoined(below: string[]): string[] {
  const lines: string[] = [];
  for (const line of below) {
    if (/^\s*\//.test(line) || lines.length === 0) lines.push(line);
    else lines[lines.length - 1] += ` ${line.trim()}`;
  }
  return lines;
}

function status(block: ContainerBlock): JsonObject {
  block.status ??= { name: block.name };
  return block.status;
}

/** Elements of a command stand two blanks below the key; less depth means a chat client broke a line. */
function elements(value: string, below: string[], keyIndent: number): string[] {
  const words = value === '' || value === '<none>' ? [] : [value];
  while (below.length && below.at(-1)!.trim() === '') below.pop();
  for (const line of below) {
    const depth = indentOf(line);
    if (line.trim() === '') words.push('');
    else if (words.length && keyIndent > 0 && depth < keyIndent) words[words.length - 1] += ` ${line.trim()}`;
    else words.push(line.slice(Math.min(depth, keyIndent + 2)));
  }
  return words;
}

function amounts(below: string[]): JsonObject {
  const found: JsonObject = {};
  for (const line of below) {
    const match = /^\s*([a-z][\w./-]*):\s+(\S+)\s*$/.exec(line);
    if (match) found[match[1]!] = match[2]!;
  }
  return found;
}
