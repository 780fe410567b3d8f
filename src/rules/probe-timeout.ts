// The endpoint answers, but slower than timeoutSeconds. The kubelet states the timeout; why it is slow is another
// question, so this finding gives way to a cause that explains the slowness.

import type { ContainerCase } from '../core/case.ts';
import { type Citation, known } from '../core/fact.ts';
import { defineRule, eachCase } from '../core/rule.ts';
import { listens } from './reading/listens.ts';
import { fatalFailure, isGrpcDial, PROBED, type ProbeFailure } from './reading/probe-failures.ts';
import { citeKill, citeProbe, pathOf, probeDetail, probeHolds } from './reading/probe-findings.ts';
import { wasStarting } from './reading/start-up.ts';

export default defineRule({
  id: 'probe-timeout',
  title: 'The probe gets its answer too late',
  explains: PROBED,
  causes: ['terminated-by-signal', 'entrypoint-completes', 'application-error'],
  actions: ['fix-probe', 'raise-cpu-limit'],
  byHand:
    'Raise timeoutSeconds of the {probe|failing} probe of {container} above {timeoutSeconds|what it is} (1 where none is set), or make its check cheaper.',
  judge: (evidence) =>
    eachCase(evidence, PROBED, (k) => {
      const f = fatalFailure(k, 'timeout', 'unreachable', 'reset');
      if (!f || wasStarting(k)) return undefined;
      const open = listens(k);
      // It says that it listens elsewhere: then nobody was there to be slow.
      if (isGrpcDial(f) && open.length > 0 && !open.some((l) => l.port === f.port)) return undefined;
      const seconds = known(f.spec)?.timeoutSeconds;
      const within = seconds === undefined ? 'in time' : `within ${seconds} s`;
      const what = asked(f);
      return probeHolds(k, f, {
        strength: 'sign',
        summary:
          f.kind === 'reset'
            ? `the ${f.probe} probe of ${k.container.name} is cut off before ${what} answers`
            : `${what} does not answer the ${f.probe} probe ${within}`,
        // A CPU limit or an end that could not be read may tell why it is slow.
        evidence:
          k.container.cpuLimit.state === 'unread' || (isGrpcDial(f) && open.length === 0) || k.exit.state === 'unread'
            ? [f.citation]
            : [f.citation, ...lateAnswer(k, f), ...citeProbe(f), ...citeKill(k)],
        detail: { ...probeDetail(k, f), ...(seconds === undefined ? {} : { timeoutSeconds: String(seconds) }) },
      });
    }),
  doc: {
    looksAt: "the kubelet's words about the failing probe, timeoutSeconds, and late answers in the log",
    means:
      'The program accepts the probe but answers later than timeoutSeconds (1 s unless set), and is restarted for it.',
    fix: 'Make the check cheap, raise timeoutSeconds to the slowest healthy answer, or give the program more CPU.',
    prevention:
      'A liveness check should not work: answer from memory, without database or disk, and set timeoutSeconds of the {probe|liveness} probe above the slowest healthy answer instead of {timeoutSeconds|1} s.',
    notThis: 'A CPU limit that starves the program is cpu-starvation; a dependency that hangs is dependency-timeout.',
  },
});

function asked(f: ProbeFailure): string {
  const p = known(f.spec);
  if (p?.type === 'exec') return `the command ${(p.command ?? []).join(' ').slice(0, 120)}`;
  return pathOf(f) ?? (f.port === undefined ? 'the program' : `port ${f.port}`);
}

/** The program's own record that it did answer, or that the kubelet had gone by then. */
function lateAnswer(k: ContainerCase, f: ProbeFailure): Citation[] {
  if (k.log.state !== 'seen') return [];
  const { at, value } = k.log;
  const path = pathOf(f);
  const line = value.lines.findLast(
    (l) =>
      (path !== undefined && path.length > 1 && l.raw.includes(path) && /\b(?:2\d\d|499)\b/.test(l.raw)) ||
      /Broken ?pipe|EPIPE|client disconnected|context canceled|ClientAbortException|connection was aborted/i.test(
        l.raw,
      ),
  );
  return line ? [{ source: 'log', at: `${at}:${line.n}`, text: line.raw.trim().slice(0, 300) }] : [];
}
