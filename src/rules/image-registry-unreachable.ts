// The name or address of the registry cannot be reached from the node.

import { defineRule } from '../core/rule.ts';
import { fromPull } from './reading/pull.ts';

/** The last words of Go's net and crypto packages. */
const WHY =
  /x509: [^"\n]{1,120}|lookup \S{1,200}(?: on [\d.:]+)?: (?:no such host|server misbehaving|i\/o timeout)|dial tcp [^"\n]{1,120}|TLS handshake timeout|server gave HTTP response to HTTPS client|unexpected status[^"\n]{1,120}|connection reset by peer|context deadline exceeded/;

export default defineRule({
  id: 'image-registry-unreachable',
  title: 'The registry cannot be reached',
  explains: ['image', 'waits', 'cannot-start', 'unread'],
  actions: ['move-off-node'],
  byHand: 'Let the node reach {registry}: DNS, proxy, firewall, certificate; crictl pull {image} on the node shows it.',
  judge: (evidence) =>
    fromPull(evidence, 'image-registry-unreachable', ({ image, registry, message }) => {
      const why = WHY.exec(message)?.[0];
      return `the node cannot reach the registry ${registry} for ${image}${why ? `: ${why}` : ''}`;
    }),
  doc: {
    looksAt: "the registry's answer in the kubelet's words",
    means: 'The runtime on the node did not get an answer: name, route, proxy, certificate or the registry itself.',
    fix: 'Restore the path from the node to the registry. Other pods on the node keep running from images they have.',
    prevention:
      'Watch pulls from {registry|the registry} on every node with a small canary, and keep a mirror near the cluster.',
    notThis: 'A registry that answers "not found" or "denied" was reached.',
  },
});
