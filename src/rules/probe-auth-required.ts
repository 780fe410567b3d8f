// The probe is answered with 401 or 403: the endpoint wants to know who asks. The kubelet states it.

import { defineRule, eachCase } from '../core/rule.ts';
import { fatalFailure, PROBED } from './reading/probe-failures.ts';
import { citeProbe, pathOf, probeDetail, probeHolds } from './reading/probe-findings.ts';

export default defineRule({
  id: 'probe-auth-required',
  title: 'The probe is asked to log in',
  explains: PROBED,
  causes: ['probe-too-early', 'terminated-by-signal', 'entrypoint-completes', 'dependency-auth-failed'],
  actions: ['fix-probe', 'rollback'],
  byHand:
    'Point the {probe|failing} probe of {container} at a path that needs no login, or let {path|this one} answer without one.',
  judge: (evidence) =>
    eachCase(evidence, PROBED, (k) => {
      const f = fatalFailure(k, 'status', 'command');
      const status =
        f?.status ??
        (f && /\b(?:401|403|NOAUTH|Unauthorized|Forbidden|[Aa]ccess denied for user|WRONGPASS)\b/.exec(f.words)?.[0]);
      if (!f || status === undefined || (typeof status === 'number' && status !== 401 && status !== 403))
        return undefined;
      return probeHolds(k, f, {
        strength: 'proof',
        summary: `the ${f.probe} probe is answered ${status} by ${pathOf(f) ?? k.container.name}: it would have to log in`,
        evidence: [f.citation, ...citeProbe(f)],
        detail: { ...probeDetail(k, f), status: String(status) },
      });
    }),
  doc: {
    looksAt: 'the status code in the failing probe',
    means: 'The endpoint is protected, the kubelet sends no credentials, and a healthy program is restarted.',
    fix: 'Exempt the health endpoint from authentication, or probe another path or the TCP port.',
    prevention:
      'Test that {path|the probed path} answers without credentials whenever authentication is switched on for the whole program.',
    notThis: 'A program that is itself refused by a database is dependency-auth-failed.',
  },
});
