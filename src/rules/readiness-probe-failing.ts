// Running, never killed, not ready: no crash loop, only no traffic. Said so, with what the readiness probe gets.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { defineRule, eachCase, type Holds, holds, holdsForPod } from '../core/rule.ts';
import { listens } from './reading/listens.ts';
import { type ProbeFailure, probeFailures } from './reading/probe-failures.ts';
import { citeProbe, pathOf, probeDetail } from './reading/probe-findings.ts';
import { closedGate } from './reading/readiness-gates.ts';

export default defineRule({
  id: 'readiness-probe-failing',
  title: 'Runs, but is not ready',
  explains: ['not-ready', 'healthy'],
  causes: ['probe-wrong-port', 'probe-wrong-path', 'probe-timeout'],
  actions: ['fix-probe'],
  byHand:
    'Correct the {probe} probe of {container}, or cure what it complains about. Find out why nobody opens the readiness gate {gate}: its controller sets that condition. Nothing needs a restart.',
  judge: (evidence) => [
    ...gated(evidence),
    ...eachCase(evidence, ['not-ready'], (k) => {
      const f = probeFailures(k).find((p) => p.probe === 'readiness');
      const probe = known(k.container.probes.readiness);
      if (!f && !probe) return undefined;
      const open = listens(k)[0];
      const elsewhere = f?.kind === 'refused' && open && !listens(k).some((l) => l.port === f.port) ? open : undefined;
      return holds(k, {
        strength: f ? 'proof' : 'sign',
        summary: `${k.container.name} runs and was never killed; it is only not ready: ${f ? got(f, elsewhere?.port) : 'its readiness probe has not succeeded'}`,
        evidence: [
          ...(f ? [f.citation] : []),
          ...cite(k.container.ready, 'ready: false'),
          ...(f
            ? citeProbe(f)
            : cite(k.container.probes.readiness, `readiness probe ${probe?.path ?? probe?.type ?? ''}`)),
          ...(elsewhere ? [elsewhere.citation] : []),
          ...request(k, f),
        ],
        detail: {
          ...(f ? probeDetail(k, f) : { container: k.container.name, probe: 'readiness' }),
          ...(elsewhere ? { listenPort: String(elsewhere.port) } : {}),
        },
      });
    }),
  ],
  doc: {
    looksAt:
      'a container that runs and is not ready, and what its readiness probe gets; the readiness gates of the pod',
    means:
      'The program is alive and gets no traffic, because its readiness probe fails or a readiness gate is closed. Nothing crashes.',
    fix: 'Correct path, port or timing of the readiness probe, or cure what the endpoint reports. A readiness gate is opened by its controller alone: look there.',
    prevention:
      'Let rollouts of {workload|the workload} wait for readiness (minReadySeconds, progressDeadlineSeconds), so that a readiness probe that never succeeds stops them.',
    notThis: 'A failing liveness or startup probe has the container restarted.',
  },
});

/** No probe at all: a controller has not said yet that the pod may get traffic. */
function gated(evidence: Evidence): Holds[] {
  const closed = closedGate(evidence);
  if (!closed) return [];
  const { gate, setter } = closed;
  return [
    holdsForPod({
      strength: 'proof',
      summary: `all containers run and are ready, and nothing crashed; the pod is only not ready, because ${setter} has not opened its readiness gate${gate ? ` ${gate}` : ''}`,
      evidence: closed.citations,
      detail: gate ? { gate } : {},
    }),
  ];
}

function got(f: ProbeFailure, listenPort: number | undefined): string {
  const where = pathOf(f) ?? (f.port === undefined ? 'its check' : `port ${f.port}`);
  if (f.kind === 'status') return `its readiness probe gets ${f.status} for ${where}`;
  if (f.kind === 'refused')
    return `its readiness probe is refused on port ${f.port ?? '?'}${listenPort ? `, while it listens on ${listenPort}` : ''}`;
  if (f.kind === 'timeout' || f.kind === 'unreachable') return `${where} does not answer its readiness probe in time`;
  return `its readiness probe says "${f.words.split('\n')[0]?.slice(0, 120)}"`;
}

function request(k: ContainerCase, f: ProbeFailure | undefined): Citation[] {
  const path = f && pathOf(f);
  if (!path || path.length < 2 || k.log.state !== 'seen') return [];
  const line = k.log.value.lines.findLast((l) => l.raw.includes(path));
  return line ? [{ source: 'log', at: `${k.log.at}:${line.n}`, text: line.raw.trim().slice(0, 300) }] : [];
}
