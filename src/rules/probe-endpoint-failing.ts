// The endpoint answers that it is not well: 5xx, NOT_SERVING, a check command that says no. The probe is honest;
// having the program restarted for it is the question. Gives way to the cause behind it, where one is known.

import type { ContainerCase } from '../core/case.ts';
import { type Citation, known } from '../core/fact.ts';
import { defineRule, eachCase } from '../core/rule.ts';
import { fatalFailure, PROBED, type ProbeFailure } from './reading/probe-failures.ts';
import { citeKill, citeProbe, pathOf, probeDetail, probeHolds } from './reading/probe-findings.ts';
import { citeLine } from './reading/said.ts';

export default defineRule({
  id: 'probe-endpoint-failing',
  title: 'The health endpoint itself reports failure',
  explains: PROBED,
  causes: ['probe-too-early', 'terminated-by-signal', 'entrypoint-completes', 'application-error'],
  actions: ['fix-probe', 'rollback'],
  byHand:
    'Find out why {path|the check} says no and cure that; let liveness check only the process, and leave dependencies to readiness.',
  judge: (evidence) =>
    eachCase(evidence, PROBED, (k) => {
      const f = fatalFailure(k, 'status', 'not-serving', 'command');
      if (!f || (f.kind === 'status' && (f.status ?? 0) < 500)) return undefined;
      return probeHolds(k, f, {
        strength: f.kind === 'command' ? 'sign' : 'proof',
        summary: summaryOf(k, f),
        evidence: [f.citation, ...healthLines(k), ...citeProbe(f), ...citeKill(k)],
        detail: { ...probeDetail(k, f), ...(f.status === undefined ? {} : { status: String(f.status) }) },
      });
    }),
  doc: {
    looksAt: 'the status code or output of the failing probe, and what the program says about its health check',
    means:
      'The health check runs and says no, usually because of something behind the program; restarting the program does not cure that.',
    fix: 'Cure what the check complains about. Move checks of dependencies from liveness to readiness.',
    prevention:
      'Let {path|the probed path} answer for the process alone when liveness asks, and ask for dependencies in the readiness probe: a broken one then takes the pod out of service instead of restarting it.',
    notThis: '404, 401 and 403 are about the probe; no answer at all is probe-timeout.',
  },
});

function summaryOf(k: ContainerCase, f: ProbeFailure): string {
  const restarts = k.symptom === 'crash-loop' ? ', so it is restarted' : '';
  if (f.kind === 'command') {
    const said = f.words.split('\n')[0]?.slice(0, 120);
    return `the check of the ${f.probe} probe says no${said ? ` ("${said}")` : ''}${restarts}`;
  }
  const answer = f.kind === 'not-serving' ? 'NOT_SERVING' : String(f.status);
  return `${k.container.name} itself answers ${answer} to the ${f.probe} probe${pathOf(f) ? ` (${pathOf(f)})` : ''}${restarts}`;
}

/** What the program says about its own health check. */
function healthLines(k: ContainerCase): Citation[] {
  if (k.log.state !== 'seen') return [];
  const path = known(k.container.probes.liveness)?.path;
  const line = k.log.value.lines.findLast(
    (l) =>
      /health|readiness|liveness/i.test(l.text) && /fail|down|error|unhealthy|degraded|not ok|unable/i.test(l.text),
  );
  const request =
    path && path.length > 1
      ? k.log.value.lines.findLast((l) => l.raw.includes(path) && /\b5\d\d\b/.test(l.raw))
      : undefined;
  return [line, request].flatMap((l) => (l ? [citeLine(k, l)] : []));
}
