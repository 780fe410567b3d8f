// A dependency does not answer: packets vanish, or no route leads there.

import { defineRule } from '../core/rule.ts';
import { isLoopback, spoken } from './reading/address.ts';
import { dependencyOf, MECHANISMS } from './reading/dependency.ts';
import { fromLog } from './reading/said.ts';
import { speaksOfApiServer } from './vocabulary/api-server.ts';
import { UNANSWERED } from './vocabulary/unanswered.ts';

export default defineRule({
  id: 'dependency-timeout',
  title: 'A dependency does not answer',
  explains: ['crash-loop', 'unread'],
  causes: MECHANISMS,
  actions: ['restart'],
  byHand: 'Check from the pod that {host} can be reached: route, firewall, network policy, and whether it runs.',
  judge: (evidence) =>
    fromLog(evidence, UNANSWERED, (hit, k) => {
      if (speaksOfApiServer(hit.line) || /lookup [\w.-]+ on |getaddrinfo/.test(hit.line.text)) return undefined;
      const dependency = dependencyOf(hit, k, evidence);
      // A bare "timed out" that names nobody does not say that a dependency is meant.
      if (hit.sign.weak && (dependency.host === '' || isLoopback(dependency.host))) return undefined;
      return {
        summary: `${spoken(dependency)} does not answer ${k.container.name}`,
        detail: dependency.detail,
        more: dependency.more,
      };
    }),
  doc: {
    looksAt: 'the last words of the program, the Service with that name or address, and its endpoints',
    means:
      'The connection is neither accepted nor refused: a firewall or network policy drops it, the address is gone, or the other side hangs.',
    fix: 'Find out who swallows the packets to {host}: network policy, firewall, security group, a dead address. Restart helps only after that.',
    prevention: 'Alert on the reachability of {host} itself, and let {container} retry at its start instead of ending.',
    notThis: '"Connection refused" means that something answered: that is dependency-refused.',
  },
});
