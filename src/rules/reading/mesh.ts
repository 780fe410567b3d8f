// A mesh takes every connection of the pod through its proxy: until that is up, the program is refused by whatever host
// it asks. Whether it was up is told by its status, or by the times in the two logs.

import { type ContainerCase, casesOf } from '../../core/case.ts';
import type { Evidence } from '../../core/evidence.ts';
import { type Citation, cite, known } from '../../core/fact.ts';
import { timeOfLine } from '../../core/log/time-of-line.ts';
import type { LogHit } from '../../core/log-signs.ts';
import { isLoopback } from './address.ts';
import { citeAt, linesAround } from './said.ts';

export const MESH = /istio|linkerd|kuma/i;

const UP = /Envoy proxy is ready|all dependencies initialized|starting main dispatch loop|proxy is ready/i;

const RACE_SECONDS = 5;

export interface LateMesh {
  name: string;
  /** What says that it was late; `nothing` where neither its status nor the times in the logs tell. */
  by: 'status' | 'logs' | 'nothing';
  citations: Citation[];
}

/** The proxy that may not have been up when the host refused; undefined where there is none, or it was. */
export function lateMesh(host: string, hit: LogHit, k: ContainerCase, evidence: Evidence): LateMesh | undefined {
  const mesh = casesOf(evidence).find((o) => o.container.kind === 'main' && MESH.test(o.container.name));
  if (isLoopback(host) || !mesh || mesh === k) return undefined;
  return mesh.container.state.state === 'unread' ? byLogs(hit, k, mesh) : byStatus(host, k, mesh);
}

function byStatus(host: string, k: ContainerCase, mesh: ContainerCase): LateMesh | undefined {
  const { name, ready } = mesh.container;
  if (host === '') return undefined;
  const state = known(mesh.container.state);
  const ended = Date.parse(known(k.exit)?.finishedAt ?? '');
  const began = state?.is === 'running' ? state.startedAt : '';
  if ((ended - Date.parse(began)) / 1000 <= RACE_SECONDS)
    return { name, by: 'status', citations: cite(mesh.container.state, `${name} started ${began}`) };
  return known(ready) === false ? { name, by: 'status', citations: cite(ready, `${name} is not ready`) } : undefined;
}

function byLogs(hit: LogHit, k: ContainerCase, mesh: ContainerCase): LateMesh | undefined {
  const { name } = mesh.container;
  if (mesh.log.state !== 'seen') return { name, by: 'nothing', citations: [] };
  const up = mesh.log.value.lines.find((l) => UP.test(l.text));
  const refused = linesAround(k, hit.line.n, 20, 0)
    .map((l) => timeOfLine(l.raw))
    .findLast((t) => !Number.isNaN(t));
  const upAt = up ? timeOfLine(up.raw) : Number.NaN;
  if (!up || refused === undefined || Number.isNaN(upAt)) return { name, by: 'nothing', citations: [] };
  return refused <= upAt + 1000 ? { name, by: 'logs', citations: [citeAt(mesh.log.at, up)] } : undefined;
}
