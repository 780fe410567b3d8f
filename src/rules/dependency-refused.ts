// A dependency refuses the connection: its address answers, and nobody listens on the port.

import { type ContainerCase, casesOf } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import type { LogHit } from '../core/log-signs.ts';
import { defineRule, eachCase } from '../core/rule.ts';
import { isLoopback, spoken } from './reading/address.ts';
import { dependencyOf, isAside, isTelemetry, MECHANISMS } from './reading/dependency.ts';
import { lateMesh } from './reading/mesh.ts';
import { type Said, SPOKEN, saidBy } from './reading/said.ts';
import { speaksOfApiServer } from './vocabulary/api-server.ts';
import { CLOSED, NOT_SERVING_YET } from './vocabulary/not-serving.ts';
import { REFUSED } from './vocabulary/refused.ts';

const OTHERS = /:53: |:53\b.{0,300}lookup|lookup .{0,300}:53|failed calling webhook/;

export default defineRule({
  id: 'dependency-refused',
  title: 'A dependency refuses the connection',
  explains: ['crash-loop', 'unread'],
  causes: [...MECHANISMS, 'dependency-timeout', 'dependency-connections-exhausted'],
  actions: ['restart'],
  byHand: 'Bring {host|the dependency} back, or correct its address. Nothing listens there on port {port}.',
  judge: (evidence) =>
    eachCase(
      evidence,
      SPOKEN,
      (k) =>
        saidBy(k, REFUSED, (hit) => told(hit, k, evidence, 'is refused by')) ??
        saidBy(k, NOT_SERVING_YET, (hit) => told(hit, k, evidence, 'is turned away by')) ??
        saidBy(k, CLOSED, (hit) => told(hit, k, evidence, 'is cut off by')),
    ),
  doc: {
    looksAt: 'the last words of the program, the Service with that name or address, and its endpoints',
    means:
      'The name resolves and the address answers, but nothing listens on that port: the dependency is down, not ready, or somewhere else.',
    fix: 'Bring the dependency back first; a restart of this program helps only after that.',
    prevention:
      'Let {container} retry its first connection to {host|its dependency} with growing pauses instead of ending: it then survives any start order. Ask for it in the readiness probe, not in the {killedBy} probe, which restarts {container} for nothing it could cure.',
    notThis:
      'The kubelet that is refused by the program itself (a probe), a proxy sidecar that is not up yet, or a telemetry target that the program can do without.',
  },
});

function told(hit: LogHit, k: ContainerCase, evidence: Evidence, how: string): Said | undefined {
  // A refusing name server, a refusing Kubernetes API and a refusing webhook have answers of their own.
  if (isAside(hit, k) || OTHERS.test(hit.line.text) || speaksOfApiServer(hit.line)) return undefined;
  const dependency = dependencyOf(hit, k, evidence);
  const mesh = lateMesh(dependency.host, hit, k, evidence);
  if (mesh?.by === 'logs') return undefined;
  const guess = dependency.host === '' ? emptyService(evidence) : undefined;
  const loopback = isLoopback(dependency.host);
  const down = loopback ? downBeside(k, evidence) : undefined;
  const own = loopback
    ? `, which is its own ${known(evidence.pod.hostNetwork) ? 'node' : 'pod'}: ${down ? `${down.container.name} beside it is down itself` : 'nothing listens there'}`
    : '';
  return {
    summary: `${k.container.name} ${how} ${spoken(dependency)}${own}${guess ? `; of the Services of its namespace only ${guess.name} has no ready endpoint` : ''}`,
    detail: { ...dependency.detail, ...(guess ? { host: guess.name, guessed: 'host' } : {}) },
    more: [...dependency.more, ...(guess ? guess.citation : [])],
    ...(down ? { strength: 'sign' as const } : {}),
    ...(isTelemetry(hit) || mesh?.by === 'nothing' ? { strength: 'sign' as const, more: [] } : {}),
  };
}

/** Another container of the pod that does not run: whatever ends it may be what keeps this one from its port. */
function downBeside(k: ContainerCase, evidence: Evidence): ContainerCase | undefined {
  return casesOf(evidence).find(
    (other) =>
      other !== k && other.container.kind !== 'init' && ['crash-loop', 'cannot-start', 'image'].includes(other.symptom),
  );
}

/** The error names nobody: the one Service of the namespace, other than its own, behind which nothing is ready. */
function emptyService(evidence: Evidence): { name: string; citation: Citation[] } | undefined {
  const labels = known(evidence.pod.labels);
  if (!labels) return undefined;
  const empty = (known(evidence.services) ?? []).filter(
    (s) =>
      s.namespace === evidence.namespace &&
      s.readyEndpoints === 0 &&
      !Object.entries(s.selector).every(([key, value]) => labels[key] === value),
  );
  const [only] = empty;
  if (!only || empty.length > 1) return undefined;
  const trouble = only.trouble ? ` (${only.trouble})` : '';
  return {
    name: only.name,
    citation: cite(evidence.services, `Service ${only.name} has no ready endpoint${trouble}`, `[${only.name}]`),
  };
}
