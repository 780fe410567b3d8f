// An admission webhook that must be asked does not answer, so nothing can be made.

import type { ContainerCase } from '../core/case.ts';
import { type LogHit, signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { MECHANISMS } from './reading/dependency.ts';
import { saying } from './reading/events.ts';
import { holdUp, refusalCounts } from './reading/held-up.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, fromLog, type Said } from './reading/said.ts';

const CALL =
  /failed calling (?:admission )?webhook "(?<webhook>[^"]{1,300})":(?: failed to call webhook:)? ?(?<why>[\s\S]+)$|(?:conversion webhook for [^:]{1,300}) failed: (?<why2>[\s\S]+)$/;

/** Operators, installers and jobs that make objects meet it in the answer of the API server. */
const CALLED = signTable([{ who: 'API server', pattern: CALL }]);

export default defineRule({
  id: 'webhook-unavailable',
  title: 'An admission webhook does not answer',
  explains: ['waits', 'unread', 'crash-loop'],
  causes: [
    'admission-denied',
    'none',
    ...MECHANISMS,
    'dependency-refused',
    'dependency-timeout',
    'dependency-dns-not-found',
    'tls-verification-failed',
    'certificate-expired',
  ],
  actions: [],
  commands: [['See whose webhook it is', 'get validatingwebhookconfigurations,mutatingwebhookconfigurations']],
  byHand: 'Bring the service behind the webhook {webhook} back; its owner can set failurePolicy Ignore until then.',
  judge: (evidence) => {
    const strength = refusalCounts(evidence);
    const said = strength && saying(evidence, CALL);
    if (!said) return fromLog(evidence, CALLED, askedInVain);
    const g = said.first.groups;
    const why = (g.why ?? g.why2 ?? '').trim();
    return holdUp(evidence, {
      workload: true,
      strength,
      summary: `the admission webhook ${g.webhook ?? ''} does not answer, so no pod is made: ${inBrief(why)}`,
      evidence: said.citations,
      detail: details({ webhook: g.webhook, host: serviceIn(why) }),
    });
  },
  doc: {
    looksAt: 'the FailedCreate events and conditions of the workload',
    means:
      'The API server must ask a webhook before it makes pods; the webhook has no endpoint, times out, or shows a bad certificate.',
    fix: 'Repair the webhook (its pods, Service, certificate), or let its owner relax failurePolicy or remove the configuration.',
    prevention:
      'Run {webhook|admission webhooks} with several replicas, exempt its own namespace, and alert on its certificate.',
    notThis: 'A webhook that answers "denied" is admission-denied.',
  },
});

function askedInVain(hit: LogHit, k: ContainerCase): Said {
  const { webhook, why = '' } = hit.groups;
  return {
    summary: `the admission webhook ${webhook ?? ''} does not answer when ${k.container.name} makes an object: ${inBrief(why)}`,
    detail: details({ webhook, host: serviceIn(why) }),
  };
}

function serviceIn(why: string): string | undefined {
  const match = /service "([^"]+)"|https?:\/\/([\w-]+\.[\w-]+)\.svc/.exec(why);
  return match?.[1] ?? match?.[2];
}
