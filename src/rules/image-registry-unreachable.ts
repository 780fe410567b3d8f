// The name or address of the registry cannot be reached from the node.

import { defineRule } from '../core/rule.ts';
import { fromPull } from './reading/pull.ts';

export default defineRule({
  id: 'image-registry-unreachable',
  title: 'The registry cannot be reached',
  explains: ['image', 'waits', 'cannot-start', 'unread'],
  actions: ['move-off-node'],
  byHand: 'Let the node reach {registry}: DNS, proxy, firewall, certificate; crictl pull {image} on the node shows it.',
  judge: (evidence) =>
    fromPull(
      evidence,
      'image-registry-unreachable',
      ({ image, registry }) => `the node cannot reach the registry ${registry} for ${image}`,
    ),
  doc: {
    looksAt: "the registry's answer in the kubelet's words",
    means: 'The runtime on the node did not get an answer: name, route, proxy, certificate or the registry itself.',
    fix: 'Restore the path from the node to the registry. Other pods on the node keep running from images they have.',
    prevention:
      'Watch pulls from {registry|the registry} on every node with a small canary, and keep a mirror near the cluster.',
    notThis: 'A registry that answers "not found" or "denied" was reached.',
  },
});
