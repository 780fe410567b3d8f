// An admission webhook that must be asked does not answer, so nothing can be made.

import { defineRule } from '../core/rule.ts';
import { saying } from './reading/events.ts';
import { holdUp, refusalCounts } from './reading/held-up.ts';
import { details } from './reading/said.ts';

const CALL =
  /failed calling (?:admission )?webhook "(?<webhook>[^"]+)":(?: failed to call webhook:)? ?(?<why>[\s\S]+)$|(?:conversion webhook for [^:]+) failed: (?<why2>[\s\S]+)$/;

export default defineRule({
  id: 'webhook-unavailable',
  title: 'An admission webhook does not answer',
  explains: ['waits', 'unread'],
  causes: ['admission-denied', 'none'],
  actions: [],
  byHand: 'Bring the service behind the webhook {webhook} back; its owner can set failurePolicy Ignore until then.',
  judge: (evidence) => {
    const strength = refusalCounts(evidence);
    if (!strength) return [];
    const said = saying(evidence, CALL);
    if (!said) return [];
    const g = said.first.groups;
    const why = (g.why ?? g.why2 ?? '').trim();
    const service = /service "([^"]+)"|https?:\/\/([\w-]+\.[\w-]+)\.svc/.exec(why);
    return holdUp(evidence, {
      workload: true,
      strength,
      summary: `the admission webhook ${g.webhook ?? ''} does not answer, so no pod is made: ${why.slice(0, 160)}`,
      evidence: said.citations,
      detail: details({ webhook: g.webhook, host: service?.[1] ?? service?.[2] }),
    });
  },
  doc: {
    looksAt: 'the FailedCreate events and conditions of the workload',
    means:
      'The API server must ask a webhook before it makes pods; the webhook has no endpoint, times out, or shows a bad certificate.',
    fix: 'Repair the webhook (its pods, Service, certificate), or let its owner relax failurePolicy or remove the configuration.',
    prevention:
      'Run admission webhooks with several replicas, exempt their own namespace, and alert on their certificate.',
    notThis: 'A webhook that answers "denied" is admission-denied.',
  },
});
