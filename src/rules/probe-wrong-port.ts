// The probe asks a port on which nobody listens, while the program serves on another. The kubelet's refusal alone
// does not say so: a slow start and a bind to 127.0.0.1 are refused in the same words.

import type { ContainerCase } from '../core/case.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { defineRule, eachCase, type Holds } from '../core/rule.ts';
import { listens } from './reading/listens.ts';
import { fatalFailure, notListening, PROBED, type ProbeFailure } from './reading/probe-failures.ts';
import { citeProbe, probeDetail, probeHolds } from './reading/probe-findings.ts';
import { stillStarting } from './reading/start-up.ts';

export default defineRule({
  id: 'probe-wrong-port',
  title: 'The probe asks the wrong port',
  explains: PROBED,
  causes: ['probe-too-early', 'terminated-by-signal', 'entrypoint-completes', 'probe-endpoint-failing'],
  actions: ['fix-probe', 'rollback'],
  byHand:
    'Point the {probe|failing} probe of {container} at the port on which it listens instead of {port|this one}. By its own words that is {listenPort}.',
  judge: (evidence) =>
    eachCase(evidence, PROBED, (k) => {
      const unknown = fatalFailure(k, 'port-unknown');
      if (unknown) return unknownName(k, unknown);
      const refused = notListening(k);
      return refused && (elsewhere(k, refused) ?? undeclared(k, refused));
    }),
  doc: {
    looksAt: "the kubelet's words about the failing probe, what the program says it listens on, and the declared ports",
    means: 'The kubelet asks a port on which the program does not listen, is refused, and restarts a healthy program.',
    fix: 'Point the probe at the port on which the program listens; a named port keeps both in one place.',
    prevention:
      'Let the {probe|failing} probe use the name of a declared port instead of the number {port|of one}, so that both change together.',
    notThis: 'A program that is still starting, or one that listens on 127.0.0.1 only, is refused in the same words.',
  },
});

function elsewhere(k: ContainerCase, f: ProbeFailure): Holds | undefined {
  const open = listens(k);
  const first = open[0];
  if (!first || f.port === undefined || open.some((l) => l.port === f.port)) return undefined;
  return probeHolds(k, f, {
    strength: 'sign',
    summary: `the ${f.probe} probe asks port ${f.port}, but ${k.container.name} says that it listens on ${first.port}`,
    evidence: [f.citation, first.citation, ...citeProbe(f), ...citePortSetting(k, first.port)],
    detail: { ...probeDetail(k, f), listenPort: String(first.port), ...declared(k, f) },
  });
}

/** The log does not say where it listens: a port that the container does not declare is the next best sign. */
function undeclared(k: ContainerCase, f: ProbeFailure): Holds | undefined {
  const ports = known(k.container.ports) ?? [];
  const [first] = ports;
  if (listens(k).length > 0 || !first || f.port === undefined) return undefined;
  if (ports.some((p) => p.containerPort === f.port) || stillStarting(k)) return undefined;
  return probeHolds(k, f, {
    strength: 'sign',
    summary: `the ${f.probe} probe asks port ${f.port}, which ${k.container.name} does not declare; it declares ${ports.map((p) => p.containerPort).join(', ')}`,
    // An unread log might say that it listens there after all: then the declared ports add no weight.
    evidence:
      k.log.state === 'unread'
        ? [f.citation]
        : [f.citation, ...cite(k.container.ports, `containerPort ${first.containerPort}`), ...citeProbe(f)],
    detail: { ...probeDetail(k, f), ...declared(k, f) },
  });
}

function unknownName(k: ContainerCase, f: ProbeFailure): Holds {
  const name = known(f.spec)?.portName ?? '';
  return probeHolds(k, f, {
    strength: 'proof',
    summary: `the ${f.probe} probe asks the port named ${name || 'in its specification'}, which ${k.container.name} does not declare`,
    evidence: [f.citation, ...citeProbe(f)],
    detail: { ...probeDetail(k, f), ...(name ? { port: name } : {}), ...declared(k, f) },
  });
}

/** The one declared port that could be meant. */
function declared(k: ContainerCase, f: ProbeFailure): { declaredPort?: string } {
  const others = (known(k.container.ports) ?? []).map((p) => p.containerPort).filter((p) => p > 0 && p !== f.port);
  return others.length === 1 ? { declaredPort: String(others[0]) } : {};
}

/** The variable that tells the program its port. */
function citePortSetting(k: ContainerCase, port: number): Citation[] {
  const entries = known(k.container.env) ?? [];
  const i = entries.findIndex(
    (e) => /PORT|LISTEN|ADDR|BIND|URL/i.test(e.name) && e.value?.match(/(?<!\d)\d{1,5}$/)?.[0] === `${port}`,
  );
  const entry = entries[i];
  return entry ? cite(k.container.env, `${entry.name}=${entry.value}`, `[${i}]`) : [];
}
