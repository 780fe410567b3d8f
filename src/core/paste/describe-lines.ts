// Which lines belong to `kubectl describe`: its keys, and how certain one line or a few make it.

import { indentOf } from './clean.ts';

export interface KeyValue {
  key: string;
  value: string;
}

const KEY = /^\s*([A-Za-z][A-Za-z0-9 _./()'-]{0,80}?):(?:\s+(.*)|)$/;

/** `Restart Count:  6` -> its two halves; undefined for a line that is no `key: value`. */
export function keyValue(line: string): KeyValue | undefined {
  if (line.length > 100_000) return undefined;
  const match = KEY.exec(line.length > 200 && !line.slice(0, 100).includes(':') ? '' : line);
  return match ? { key: match[1]!, value: (match[2] ?? '').trim() } : undefined;
}

/** Keys of one container's block, in the order in which kubectl prints them. */
export const CONTAINER_KEYS = new Set([
  'Container ID',
  'Image',
  'Image ID',
  'Port',
  'Ports',
  'Host Port',
  'Host Ports',
  'SeccompProfile',
  'LocalhostProfile',
  'Command',
  'Args',
  'State',
  'Last State',
  'Ready',
  'Restart Count',
  'Limits',
  'Requests',
  'QoS Tier',
  'Liveness',
  'Readiness',
  'Startup',
  'Environment',
  'Environment Variables',
  'Environment Variables from',
  'Mounts',
  'Devices',
  'Volume Mounts',
]);

/** Keys that open a section below the containers. */
export const SECTION_KEYS = new Set([
  'Init Containers',
  'Containers',
  'Ephemeral Containers',
  'Readiness Gates',
  'Conditions',
  'Volumes',
  'QoS Class',
  'Node-Selectors',
  'Tolerations',
  'Topology Spread Constraints',
  'Events',
  'Pod Template',
  'OldReplicaSets',
  'NewReplicaSet',
  'Volume Claims',
  'Last Schedule Time',
  'Active Jobs',
  'Priority Class Name',
]);

const SURE =
  /^\s*(?:Container ID|Host Ports?|Last State|Exit Code|Restart Count|QoS Class|Node-Selectors|Tolerations|Controlled By|Init Containers|Environment Variables from|Pod Template|PodScheduled|ContainersReady):?(?:\s|$)/;
const LIKELY =
  /^\s*(?:Name|Namespace|Node|Labels|Annotations|Status|IP|IPs|Priority|Start Time|Service Account|Containers|Conditions|Volumes|Events|Image|Image ID|Ports?|State|Reason|Started|Finished|Ready|Limits|Requests|Environment|Mounts|Liveness|Readiness|Startup|Type|Optional|Command|Args|Selector|Replicas|Data|====|Capacity|Allocatable|StorageClass|Access Modes|Taints|Roles):?(?:\s|$)/;

/** A line that hardly any program prints in its log. */
export function isDescribeLine(line: string): boolean {
  return (
    SURE.test(line) ||
    /^\s{2,}(?:State|Ready|Environment|Mounts|Limits|Requests|Image|Image ID):(?:\s|$)/.test(line) ||
    /^(?:Conditions|Volumes|Containers|Events):\s*$/.test(line) ||
    /^\s*(?:Data|BinaryData|====|----)\s*$/.test(line)
  );
}

/** Every describe opens with the object's name and, right below, its namespace or labels. */
export function startsObject(lines: string[], at: number): boolean {
  if (!/^\s*Name:\s+\S/.test(lines[at]!)) return false;
  return lines.slice(at + 1, at + 5).some((line) => /^\s*(?:Namespace|Labels|Roles|Priority):(?:\s|$)/.test(line));
}

/** What stands above the rows of a described ResourceQuota. */
export function isQuotaHeading(line: string): boolean {
  return /^\s*Resource\s+Used\s+Hard\s*$/.test(line);
}

/** The head of a pod that the kubelet or the control plane ended, cut out of its describe. */
function isPodsEnd(lines: string[], at: number): boolean {
  const [status = '', reason = '', message = ''] = lines.slice(at, at + 3);
  return (
    /^\s*Status:\s+Failed\s*$/.test(status) &&
    /^\s*Reason:\s+[A-Z]\w{2,60}\s*$/.test(reason) &&
    /^\s*Message:\s/.test(message)
  );
}

const WINDOW = 14;

/** Whether a describe, or a cut-out piece of one, begins here: one of its keys, and enough others right below. */
export function startsDescribe(lines: string[], at: number): boolean {
  const line = lines[at]!;
  const isName = startsObject(lines, at);
  // "Started at:" is a desktop client's.
  if (!isName && /^\s*(?:(?:Name|Type)|(?:Started|Finished) at):/.test(line)) return false;
  if (isName && lines.slice(at + 1, at + 6).some(isQuotaHeading)) return true;
  if (isPodsEnd(lines, at)) return true;
  const isContainerName =
    /^\s*[a-z0-9][a-z0-9.-]{0,62}:\s*$/.test(line) && /^\s*(?:Container ID|Image):/.test(lines[at + 1] ?? '');
  if (!isName && !isContainerName && !SURE.test(line) && !LIKELY.test(line)) return false;
  if (!isName && !isContainerName && keyValue(line) === undefined) return false;
  let score = isContainerName ? 2 : 0;
  const keys = new Set<string>();
  for (let i = at; i < Math.min(lines.length, at + WINDOW) && score < 3; i++) {
    const key = keyValue(lines[i]!)?.key ?? '';
    if (keys.has(key)) continue;
    keys.add(key);
    if (SURE.test(lines[i]!)) score += 2;
    else if (LIKELY.test(lines[i]!)) score += 1;
    else if (indentOf(lines[i]!) === 0 && lines[i]!.trim() !== '' && i > at + 1 && score < 2) return false;
  }
  return score >= 3;
}
