// CoreDNS's loop plugin found that queries come back, and stops the server on purpose.

import { signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { details, fromLog } from './reading/said.ts';

const LOOP = signTable([
  {
    who: 'CoreDNS plugin/loop',
    pattern:
      /(?:plugin\/loop: )?Loop \((?<from>[^)]{1,120})\) detected for zone "?(?<zone>[^",\s]+)"?|Seen "HINFO IN [^"]{1,120}" more than twice, loop detected|Forwarding loop detected in "(?<zone2>[^"]+)"|plugin\/loop.{0,40}loop/i,
  },
]);

export default defineRule({
  id: 'coredns-forward-loop',
  title: 'CoreDNS asks itself',
  explains: ['crash-loop', 'unread'],
  causes: ['application-error', 'dependency-timeout', 'probe-endpoint-failing'],
  actions: ['rollback'],
  commands: [
    ['Change forward in the Corefile', 'edit configmap coredns -n kube-system'],
    ['Then let it be read', 'rollout restart deployment/coredns -n kube-system'],
  ],
  byHand:
    'Point forward in the Corefile at a real resolver instead of /etc/resolv.conf, or give the kubelet --resolv-conf=/run/systemd/resolve/resolv.conf.',
  judge: (evidence) =>
    fromLog(evidence, LOOP, (hit, k) => {
      const g = hit.groups;
      return {
        summary: `${k.container.name} forwards queries to itself (loop for zone ${g.zone ?? g.zone2 ?? '.'}) and stops on purpose`,
        detail: details({ zone: g.zone ?? g.zone2, path: g.from }),
      };
    }),
  doc: {
    looksAt: 'the last words of CoreDNS',
    means:
      'The node resolves names through a local stub such as 127.0.0.53; CoreDNS inherits that address, which inside the pod is CoreDNS itself.',
    fix: 'Forward to a real resolver. Do not remove the loop plugin: without it the loop eats the node.',
    prevention: 'Set resolvConf in the kubelet configuration of every node to the real list of resolvers.',
    notThis: 'A name that does not resolve in another program is dependency-dns-not-found.',
  },
});
