// Where a probe asks: port, scheme and path, corrected only to what was seen to answer.

import type { ContainerEvidence } from '../core/evidence/container.ts';
import { known } from '../core/fact.ts';
import type { Refusal } from '../core/plan.ts';
import { byHand, type Case, type Fix, inHandler, setLine } from './probe-case.ts';
import type { Changeable } from './target.ts';

export function port(one: Case, found: Changeable): Fix | Refusal {
  const { detail, probe, name, container } = one;
  const to = Number(detail.listenPort ?? detail.declaredPort);
  if (!(to > 0 && to < 65_536))
    return byHand(
      one,
      found,
      `On which port ${container.name} listens is not known. Look with ss -ltn in a copy of the pod, then`,
      {
        [probe.type]: { port: 'PORT' },
      },
    );
  const from = probe.portName ?? probe.port;
  return {
    title: `Point the ${name} probe at port ${to}`,
    edits: [{ at: inHandler(one, 'port'), ...(from === undefined ? {} : { from }), to }],
    diff: [setLine(one, 'port', from, to)],
    effect: `The ${name} probe of ${container.name} asks port ${to}, ${detail.listenPort ? 'where the program says that it listens' : 'the one that it declares'}.`,
  };
}

export function scheme(one: Case, found: Changeable): Fix | Refusal {
  const { detail, probe, name, container } = one;
  const to = detail.scheme;
  if (probe.type !== 'httpGet' || (to !== 'HTTP' && to !== 'HTTPS'))
    return byHand(
      one,
      found,
      `${container.name} does not speak what the ${name} probe speaks. Ask whether the port answers`,
      {
        [probe.type]: null,
        tcpSocket: { port: probe.port ?? 'PORT' },
      },
    );
  const from = probe.scheme ?? 'HTTP';
  return {
    title: `Let the ${name} probe speak ${to}`,
    edits: [{ at: inHandler(one, 'scheme'), from, to }],
    diff: [setLine(one, 'scheme', from, to)],
    effect: `The ${name} probe of ${container.name} speaks ${to}; the kubelet does not check the certificate.`,
  };
}

/** Another probe of the same container that asks the same port with success shows a path that works. */
export function path(one: Case, found: Changeable): Fix | Refusal {
  const { container, probe, name } = one;
  const ready = known(container.ready) === true;
  const other = (['readiness', 'startup', 'liveness'] as const)
    .map((each) => ({ each, probe: known(container.probes[each]) }))
    .find(
      (o) =>
        o.each !== name &&
        ready &&
        o.probe?.path !== undefined &&
        o.probe.path !== probe.path &&
        o.probe.port === probe.port,
    );
  const to = other?.probe?.path;
  if (!to || probe.type !== 'httpGet')
    return byHand(
      one,
      found,
      `Which path of ${container.name} answers 200 is not known: ${probe.path ?? '/'} does not. Once you know it`,
      { httpGet: { path: 'PATH' } },
    );
  return {
    title: `Point the ${name} probe at ${to}`,
    edits: [{ at: inHandler(one, 'path'), from: probe.path ?? '/', to }],
    diff: [setLine(one, 'path', probe.path, to)],
    effect: `The ${name} probe of ${container.name} asks ${to}, as its ${other.each} probe does with success.`,
  };
}

export function declaredPort(container: ContainerEvidence): number | undefined {
  const [only, ...more] = known(container.ports) ?? [];
  return more.length === 0 ? only?.containerPort : undefined;
}
