// The node that has most memory for its pods: what no node has, no pod can use. Where the nodes may not be listed, or are
// more than one page, there is no such bound.

import { at, text } from '../core/json.ts';
import { nameOf } from '../core/normalise/look.ts';
import { parseQuantity } from '../core/quantity.ts';
import type { Cluster } from './clusters.ts';
import { nodes } from './kinds.ts';
import { listObjects } from './objects.ts';

/** `memory` in bytes. */
export interface LargestNode {
  name: string;
  memory: number;
}

export async function readLargestNode(cluster: Cluster, signal?: AbortSignal): Promise<LargestNode | undefined> {
  const listed = await listObjects(cluster, nodes, undefined, { itemsMax: 500, ...(signal ? { signal } : {}) }).catch(
    () => undefined,
  );
  if (!listed?.whole) return undefined;
  const open = listed.items.filter((node) => at(node, 'spec', 'unschedulable') !== true);
  const sized = open.flatMap((node) => {
    const memory = parseQuantity(text(at(node, 'status', 'allocatable', 'memory')) ?? '');
    return memory ? [{ name: nameOf(node), memory }] : [];
  });
  return sized.sort((a, b) => b.memory - a.memory)[0];
}
