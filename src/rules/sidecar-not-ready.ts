// The program starts before the proxy in its own pod does, and is refused at 127.0.0.1. Order cures it, not the proxy.

import type { Symptom } from '../core/case/symptom.ts';
import type { ContainerCase } from '../core/case.ts';
import { casesOf } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import type { LogHit } from '../core/log-signs.ts';
import { defineRule, EDIT_TEMPLATE } from '../core/rule.ts';
import { isLoopback } from './reading/address.ts';
import { dependencyOf } from './reading/dependency.ts';
import { listens } from './reading/listens.ts';
import { lateMesh, MESH } from './reading/mesh.ts';
import { probeFailures } from './reading/probe-failures.ts';
import { citeLine, details, fromLog, linesAround, type Said } from './reading/said.ts';
import { REFUSED } from './vocabulary/refused.ts';

const PROXY =
  /proxy|mesh|envoy|istio|linkerd|consul-dataplane|kuma|dapr|sidecar|cloud-?sql|pgbouncer|ambassador|tunnel|vault-agent|oauth2|agent/i;

// Ports on which only these proxies listen.
const PORTS: { [port: string]: string } = {
  15000: 'istio',
  15001: 'istio',
  15006: 'istio',
  15020: 'istio',
  15021: 'istio',
  15090: 'istio',
  4140: 'linkerd',
  4143: 'linkerd',
  4190: 'linkerd',
  4191: 'linkerd',
  3500: 'dapr',
  3501: 'dapr',
  50001: 'dapr',
};
const NAMED =
  /\b(?:dapr|istio|envoy|linkerd|cloud[- ]?sql[- ](?:auth[- ])?proxy|vault[- ]agent|consul-dataplane|pgbouncer|sidecar)\b/i;

export default defineRule({
  id: 'sidecar-not-ready',
  title: 'The proxy in the pod was not up yet',
  explains: ['crash-loop', 'recovered', 'unread'],
  causes: ['dependency-refused', 'dependency-timeout', 'application-error', 'none-recovered'],
  actions: ['restart'],
  commands: [EDIT_TEMPLATE],
  byHand:
    'Run {sidecar|the sidecar} as a native sidecar (an init container with restartPolicy Always and a startupProbe), so that it is up first.',
  judge: (evidence) =>
    fromLog(
      evidence,
      REFUSED,
      (hit, k) => {
        const race = throughMesh(hit, k, evidence);
        if (race) return race;
        const local = loopbackOf(hit, k);
        const sidecar = local && sidecarAt(local.port, hit, k, evidence);
        if (!local || !sidecar) return undefined;
        return {
          summary: `${k.container.name} started before ${sidecar.name} listened on ${local.host}:${local.port} in the same pod`,
          detail: details({ sidecar: sidecar.name, host: local.host, port: local.port }),
          more: [...local.more, ...sidecar.more],
          ...(sidecar.guessed ? { strength: 'sign' as const } : {}),
        };
      },
      ['crash-loop', 'recovered', 'unread'],
    ),
  doc: {
    looksAt: 'a refused connection to 127.0.0.1, and the other containers of the pod',
    means:
      'Containers of a pod start side by side: the program asked its proxy before that was ready, and ended instead of waiting.',
    fix: 'Make the proxy a native sidecar, hold the program until the proxy is ready (holdApplicationUntilProxyStarts and its like), or retry.',
    prevention:
      'Start {sidecar|the proxy} first, as a native sidecar with a startupProbe: the race then comes back with no new pod.',
    notThis: 'A proxy that crashes has a cause of its own; a refusal at another address is dependency-refused.',
  },
});

/** 127.0.0.1 in the refusal itself, or in what the program said that it connects to. */
function loopbackOf(hit: LogHit, k: ContainerCase): { host: string; port: string; more: Citation[] } | undefined {
  const host = hit.groups.host ?? hit.groups.host2 ?? '';
  const port = hit.groups.port ?? hit.groups.port2 ?? '';
  if (host !== '' && !isLoopback(host)) return undefined;
  if (host !== '' && port !== '') return { host, port, more: [] };
  for (const line of [hit.line, ...linesAround(k, hit.line.n, 40, 2).reverse()]) {
    const match = /\b(?<host>127\.0\.0\.1|localhost|\[::1\]):(?<port>\d{2,5})\b/.exec(line.text)?.groups;
    if (match?.host && match.port)
      return { host: match.host, port: match.port, more: line.n === hit.line.n ? [] : [citeLine(k, line)] };
  }
  return undefined;
}

/** Through a mesh the program is refused by whatever host it asks. */
function throughMesh(hit: LogHit, k: ContainerCase, evidence: Evidence): Said | undefined {
  const { host, port } = dependencyOf(hit, k, evidence);
  const mesh = lateMesh(host, hit, k, evidence);
  if (!mesh || mesh.by === 'nothing') return undefined;
  return {
    strength: 'sign',
    summary: `${k.container.name} was refused by ${host || 'a dependency'} while ${mesh.name}, through which it connects, was not up`,
    detail: details({ sidecar: mesh.name, host, port }),
    more: mesh.citations,
  };
}

const DOWN: readonly Symptom[] = ['crash-loop', 'cannot-start', 'image'];

interface Sidecar {
  name: string;
  more: Citation[];
  /** No container of the pod bears it out: only the port or the program's words do. */
  guessed?: boolean;
}

function sidecarAt(port: string, hit: LogHit, k: ContainerCase, evidence: Evidence): Sidecar | undefined {
  const mesh = PORTS[port] ?? '';
  const others = casesOf(evidence).filter((o) => o.container.name !== k.container.name && o.container.kind !== 'init');
  for (const other of others) {
    const { name, ports, args, state } = other.container;
    const declared = (known(ports) ?? []).some((p) => String(p.containerPort) === port);
    const says = listens(other).find((l) => String(l.port) === port);
    const unready = probeFailures(other).find((f) => String(f.port) === port);
    const told = (known(args) ?? []).find((a) => new RegExp(`(?:^|\\D)${port}(?:$|\\D)`).test(a));
    const itsMesh = mesh !== '' && name.includes(mesh);
    if (!declared && !says && !unready && !told && !itsMesh) continue;
    // One that ends itself is not late: what ends it is the cause.
    if (DOWN.includes(other.symptom)) return undefined;
    return {
      name,
      more: [
        ...(unready ? [unready.citation] : []),
        ...(declared ? cite(ports, `${name}: containerPort ${port}`) : []),
        ...(told ? cite(args, `${name}: ${told.slice(0, 120)}`) : []),
        ...(says ? [says.citation] : []),
        ...(itsMesh ? cite(state, `${name} is a container of the same pod`) : []),
      ],
    };
  }
  // A mesh proxy does not stand in for databases: only proxies whose port is a matter of their own settings do.
  const [only] = others.filter(
    (o) => PROXY.test(o.container.name) && !MESH.test(o.container.name) && !DOWN.includes(o.symptom),
  );
  if (only)
    return {
      name: only.container.name,
      more: cite(only.container.state, `${only.container.name} is a container of the same pod`),
    };
  if (mesh !== '') return { name: mesh, more: [] };
  const named = [hit.line, ...linesAround(k, hit.line.n, 10, 0)].map((l) => NAMED.exec(l.text)?.[0]).find((n) => n);
  return named && !others.length ? { name: named.toLowerCase(), more: [], guessed: true } : undefined;
}
