// Described objects around a pod: node, ConfigMap, Secret, claim, quota. Only what a diagnosis asks of them is read.

import type { JsonObject } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { USED_BY } from './claims.ts';
import { indentOf } from './clean.ts';
import type { Described } from './describe.ts';
import { isQuotaHeading, keyValue } from './describe-lines.ts';
import { mapOf } from './describe-pod.ts';

/** ConfigMap and Secret print `Data`, a rule of ====, then their keys. */
export function isKeyList(lines: string[]): boolean {
  return lines.some((line, i) => /^\s*Data\s*$/.test(line) && /^\s*====\s*$/.test(lines[i + 1] ?? ''));
}

export function keyListFrom(d: Described, lines: string[], asked: string): KubeObject {
  const start = lines.findIndex((line) => /^\s*====\s*$/.test(line));
  const secret = asked === 'Secret' || (asked !== 'ConfigMap' && lines.some((line) => /:\s+\d+ bytes\s*$/.test(line)));
  const data: JsonObject = {};
  const depth = indentOf(lines[start] ?? '');
  for (let i = start + 1; i < lines.length; i++) {
    const line = lines[i]!;
    if (/^\s*(?:BinaryData|Events:)/.test(line)) break;
    const pair = indentOf(line) === depth ? /^\s*([-._a-zA-Z0-9]+):(?:\s*\d+ bytes)?\s*$/.exec(line) : null;
    // A ConfigMap rules off each key with ---- and prints its value below.
    if (!pair || (!secret && !/^\s*----\s*$/.test(lines[i + 1] ?? ''))) continue;
    data[pair[1]!] = secret ? '' : valueBelow(lines, i + 2, depth);
  }
  return { apiVersion: 'v1', kind: secret ? 'Secret' : 'ConfigMap', metadata: metadataOf(d), data };
}

function valueBelow(lines: string[], from: number, depth: number): string {
  const value: string[] = [];
  for (let i = from; i < lines.length && i < from + 5_000; i++) {
    const next = /^\s*[-._a-zA-Z0-9]+:\s*$/.test(lines[i]!) && /^\s*----\s*$/.test(lines[i + 1] ?? '');
    if (next || /^\s*(?:BinaryData\s*$|Events:)/.test(lines[i]!)) break;
    value.push(lines[i]!.slice(Math.min(depth, indentOf(lines[i]!))));
  }
  return value.join('\n').trim();
}

function metadataOf(d: Described): JsonObject {
  const namespace = d.head.get('Namespace')?.[0];
  const labels = mapOf(d.head.get('Labels'), '=');
  return { name: d.head.get('Name')?.[0] ?? '', ...(namespace ? { namespace } : {}), ...(labels ? { labels } : {}) };
}

export function claimFrom(d: Described): KubeObject {
  const head = (key: string): string => d.head.get(key)?.[0] ?? '';
  const spec = {
    ...(head('StorageClass') ? { storageClassName: head('StorageClass') } : {}),
    ...(head('Volume') ? { volumeName: head('Volume') } : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...metadataOf(d),
      ...(/^[a-z0-9]/.test(head('Used By')) ? { annotations: { [USED_BY]: head('Used By') } } : {}),
    },
    spec,
    status: { phase: head('Status') },
  };
}

/** Reads the node's lines by their keys: capacity and info are printed one pair a line below their heading. */
export function nodeFrom(d: Described, lines: string[]): KubeObject {
  const sections: { [heading: string]: JsonObject } = {};
  let heading = '';
  for (const line of lines) {
    const pair = keyValue(line);
    if (pair?.value === '' && indentOf(line) === 0) heading = pair.key;
    else if (pair && indentOf(line) > 0) sections[heading] = { ...sections[heading], [pair.key]: pair.value };
  }
  const info = sections['System Info'] ?? {};
  const platform = {
    kernelVersion: info['Kernel Version'],
    operatingSystem: info['Operating System'],
    architecture: info.Architecture,
    containerRuntimeVersion: info['Container Runtime Version'],
    kubeletVersion: info['Kubelet Version'],
  };
  const taints = (d.head.get('Taints') ?? [])
    .map((t) => /^([^=:\s]+)(?:=([^:]*))?:(\w+)$/.exec(t))
    .filter((m) => m !== null);
  const conditions = lines
    .filter((line) => line.length < 1_000)
    .map((line) => /^\s*([A-Z]\w+)\s+(True|False|Unknown)\s+(?:\w{3}, .*? [+-]\d{4}\s+){2}(\S+)\s+(.*)$/.exec(line))
    .filter((m) => m !== null);
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadataOf(d),
    spec: {
      ...(d.head.get('Unschedulable')?.[0] === 'true' ? { unschedulable: true } : {}),
      taints: taints.map(([, key, value, effect]) => ({ key, ...(value ? { value } : {}), effect })),
    },
    status: {
      nodeInfo: platform,
      allocatable: sections.Allocatable ?? {},
      capacity: sections.Capacity ?? {},
      conditions: conditions.map(([, type, status, reason, message]) => ({
        type,
        status,
        reason,
        message: message?.trim(),
      })),
    },
  };
}

/** `limits.cpu  3500m  4`, a row for each resource. */
export function quotaFrom(d: Described, lines: string[]): KubeObject {
  const rows = lines
    .slice(lines.findIndex(isQuotaHeading) + 1)
    .map((line) => /^\s{0,80}([a-z][\w./-]{1,200})\s{1,80}(\d\S{0,30})\s{1,80}(\d\S{0,30})\s{0,80}$/.exec(line))
    .filter((m) => m !== null);
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: metadataOf(d),
    status: {
      used: Object.fromEntries(rows.map(([, resource, used]) => [resource, used])),
      hard: Object.fromEntries(rows.map(([, resource, , hard]) => [resource, hard])),
    },
  };
}
