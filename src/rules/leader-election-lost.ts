// The program lost its lease and ended on purpose, so that two leaders never act at once.

import { signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { details, fromLog } from './reading/said.ts';
import { together } from './vocabulary/row.ts';

const LOST = signTable([
  {
    who: 'client-go: controllers and operators',
    pattern:
      /leader ?election lost|(?:lost|losing) (?:the )?(?:leader(?:ship)?|master|lease)\b|[Ff]ailed to renew lease (?<lease>[\w./-]+)?|stopped leading|no longer (?:the )?(?:leader|master)|leadership (?:was )?lost|error renewing (?:the )?lease|leader lease (?:lost|expired)|stopped being (?:the )?leader|renew deadline .{0,20}exceeded|could not renew .{0,40}lease/i,
  },
  together('\\b(?:leader )?lease\\b|\\bleadership\\b', '\\b(?:taken over|lost|stolen|expired|now held by)\\b'),
]);

export default defineRule({
  id: 'leader-election-lost',
  title: 'It lost its leader lease and ended on purpose',
  explains: ['crash-loop', 'unread'],
  causes: ['apiserver-unreachable', 'dependency-timeout', 'application-error', 'entrypoint-completes'],
  actions: [],
  commands: [['See who holds the leases', 'get leases -n {namespace}']],
  byHand:
    'Find why the lease {lease|of the program} could not be renewed in time: a slow API server or etcd, a throttled CPU, a cut network.',
  judge: (evidence) =>
    fromLog(evidence, LOST, (hit, k) => ({
      summary: `${k.container.name} could not renew its leader lease${hit.groups.lease ? ` ${hit.groups.lease}` : ''} and ended on purpose`,
      detail: details({ lease: hit.groups.lease }),
    })),
  doc: {
    looksAt: 'the last words of the program',
    means:
      'A controller that cannot renew its lease in time ends, so that another can lead. The end is right; the slowness before it is the matter.',
    fix: 'Look at the latency of API server and etcd, at the CPU limit of this pod, and at the network of its node.',
    prevention: 'Give {container} enough CPU to renew in time, and a longer leaseDuration where the API is slow.',
    notThis: 'A lease that may not be read or written is rbac-forbidden.',
  },
});
