// The template names a ServiceAccount that does not exist: the API server makes no pod at all.

import { citeAbsence } from '../core/fact.ts';
import { defineRule } from '../core/rule.ts';
import { saying } from './reading/events.ts';
import { holdUp, refusalCounts } from './reading/held-up.ts';
import { details } from './reading/said.ts';

const MISSING =
  /error looking up service account (?<namespace>[^/\s]{1,63})\/(?<account>[^:\s]{1,253}): .{0,300}not found|serviceaccounts? "(?<account2>[^"]{1,253})" (?:not found|is forbidden)|no API token found for service account "(?<account3>[^"]{1,253})"/;

export default defineRule({
  id: 'service-account-missing',
  title: 'The ServiceAccount does not exist',
  explains: ['waits', 'unread'],
  causes: ['admission-denied', 'none'],
  actions: ['rollback'],
  commands: [['Create it', 'create serviceaccount {account} -n {namespace}']],
  byHand: 'Create the ServiceAccount {account} in the namespace, or correct serviceAccountName.',
  judge: (evidence) => {
    const said = saying(evidence, MISSING);
    if (!said) return [];
    const strength = refusalCounts(evidence);
    if (!strength) return [];
    const g = said.first.groups;
    const account = g.account ?? g.account2 ?? g.account3 ?? '';
    const reference = evidence.references.find((r) => r.kind === 'ServiceAccount' && r.name === account);
    return holdUp(evidence, {
      workload: true,
      strength,
      summary: `the ServiceAccount ${account} does not exist in ${g.namespace ?? evidence.namespace}, so no pod is made`,
      evidence: [
        ...said.citations,
        ...(reference ? citeAbsence(reference.object, `ServiceAccount ${account} does not exist`) : []),
      ],
      detail: details({ account, namespace: g.namespace ?? evidence.namespace }),
    });
  },
  doc: {
    looksAt: 'the FailedCreate events of the workload, and the ServiceAccount that the template names',
    means: 'Every pod needs its ServiceAccount; without it the API server refuses to make the pod.',
    fix: 'Create the ServiceAccount (or restore it), or name one that exists. The controller tries again by itself.',
    prevention: 'Ship the ServiceAccount {account|of the template} in the same release as the workload that names it.',
    notThis: 'A ServiceAccount that exists and lacks rights is rbac-forbidden.',
  },
});
