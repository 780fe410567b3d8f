// The node a pod runs on: what it is, how it is, what it refuses.

import type { NodeEvidence } from '../evidence/around.ts';
import type { Evidence } from '../evidence.ts';
import { absent, type Fact, seen, unread } from '../fact.ts';
import { at, object, objects, stringMap, text, words } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, nameOf } from './look.ts';
import { conditionsOf } from './workload.ts';

export function nodeOf(look: Look, name: string): Fact<NodeEvidence> {
  const address = `Node/${name}`;
  const node = look.find('Node', name);
  if (!node) {
    const why = look.whyUnread(address);
    return why === undefined ? absent('node', address) : unread('node', address, why);
  }
  const info = object(at(node, 'status', 'nodeInfo'));
  return seen(
    {
      name,
      architecture: text(info.architecture) ?? '',
      os: text(info.operatingSystem) ?? '',
      kernel: text(info.kernelVersion) ?? '',
      runtime: text(info.containerRuntimeVersion) ?? '',
      kubelet: text(info.kubeletVersion) ?? '',
      conditions: conditionsOf(at(node, 'status', 'conditions')),
      taints: objects(at(node, 'spec', 'taints')).map(
        (t) => `${words(t.key) ?? ''}${t.value ? `=${words(t.value)}` : ''}:${words(t.effect) ?? ''}`,
      ),
      unschedulable: at(node, 'spec', 'unschedulable') === true,
      allocatable: stringMap(at(node, 'status', 'allocatable')),
    },
    'node',
    address,
  );
}

export function nodeUnknown(look: Look, owner: KubeObject): Evidence['node'] {
  const why = look.whyUnread(`${owner.kind}/${nameOf(owner)}:spec.nodeName`) ?? look.whyUnread('Node');
  return why === undefined ? absent('node', 'spec.nodeName') : unread('node', 'spec.nodeName', why);
}
