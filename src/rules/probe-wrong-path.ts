// The probe's path is answered with 404 or another status that says "not like this". The kubelet states it.

import type { ContainerCase } from '../core/case.ts';
import type { Citation } from '../core/fact.ts';
import { type LogHit, logHits, signTable } from '../core/log-signs.ts';
import { defineRule, eachCase } from '../core/rule.ts';
import { fatalFailure, PROBED } from './reading/probe-failures.ts';
import { citeProbe, pathOf, probeDetail, probeHolds } from './reading/probe-findings.ts';

// Frameworks that refuse the pod's address as host name answer 400 or 403.
const HOST_REFUSED = signTable([
  { who: 'Django', pattern: /Invalid HTTP_HOST header: '(?<host>[^']{1,200})'/ },
  { who: 'Rails HostAuthorization', pattern: /Blocked hosts?: (?<host>[\w.:-]{1,200})/ },
  { who: 'webpack, Vite', pattern: /Invalid Host header|Blocked request\. This host/ },
]);
const OTHER_CAUSES = new Set([401, 403]);

export default defineRule({
  id: 'probe-wrong-path',
  title: 'The probe asks a path that does not exist',
  explains: PROBED,
  causes: ['probe-too-early', 'terminated-by-signal', 'entrypoint-completes', 'application-error'],
  actions: ['fix-probe', 'rollback'],
  byHand: 'Point the {probe|failing} probe of {container} at a path that answers 200; {path|the present one} does not.',
  judge: (evidence) =>
    eachCase(evidence, PROBED, (k) => {
      const f = fatalFailure(k, 'status');
      const host = f && hostRefused(k);
      if (!f?.status || f.status >= 500 || (OTHER_CAUSES.has(f.status) && !host)) return undefined;
      if (f.status === 400 && !host) return undefined;
      const path = pathOf(f);
      const where = `${path ?? 'its path'}${f.port ? ` on port ${f.port}` : ''}`;
      return probeHolds(k, f, {
        strength: 'proof',
        summary: host
          ? `the ${f.probe} probe gets ${f.status} for ${where}: the program refuses the pod's address as host name`
          : `the ${f.probe} probe asks ${where}, and the program answers ${f.status}`,
        evidence: [f.citation, ...(host ? [host.citation] : requestLines(k, path, f.status)), ...citeProbe(f)],
        detail: { ...probeDetail(k, f), status: String(f.status) },
      });
    }),
  doc: {
    looksAt: 'the status code in the failing probe, and the requests in the log',
    means: 'The program is up and answers, but not on this path: the kubelet counts 404 as failure and restarts it.',
    fix: 'Point the probe at a path that answers 200 as long as the process can serve.',
    prevention:
      'Test in the build that {path|the probed path} answers 200 in the image that is shipped, and keep the path of the {probe|failing} probe beside the code that serves it.',
    notThis: '401 and 403 are probe-auth-required; 5xx says that the endpoint itself fails.',
  },
});

function hostRefused(k: ContainerCase): LogHit | undefined {
  return logHits(k, HOST_REFUSED)[0];
}

/** The program's own record of the kubelet's request. */
function requestLines(k: ContainerCase, path: string | undefined, status: number): Citation[] {
  if (k.log.state !== 'seen' || !path) return [];
  const { at, value } = k.log;
  const line = value.lines.findLast((l) => l.raw.includes(path) && l.raw.includes(String(status)));
  return line ? [{ source: 'log', at: `${at}:${line.n}`, text: line.raw.trim().slice(0, 300) }] : [];
}
