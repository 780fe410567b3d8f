// What findings about a dependency have in common: its address, and the failing probe that is only the mechanism
// when the program answers 5xx, hangs or does not listen because of it.

import type { ContainerCase } from '../../core/case.ts';
import type { CauseId } from '../../core/cause.ts';
import type { Evidence } from '../../core/evidence.ts';
import type { Citation } from '../../core/fact.ts';
import { isAftermath } from '../../core/last-words.ts';
import type { LogLine } from '../../core/log.ts';
import type { LogHit } from '../../core/log-signs.ts';
import { TELEMETRY } from '../vocabulary/telemetry.ts';
import { type Address, addressOf } from './address.ts';
import { listens } from './listens.ts';
import { fatalFailures } from './probe-failures.ts';
import { details } from './said.ts';

/** Mechanisms by which a dependency's trouble ends a container. */
export const MECHANISMS: readonly CauseId[] = [
  'probe-endpoint-failing',
  'probe-too-early',
  'probe-timeout',
  'probe-wrong-port',
  'terminated-by-signal',
  'entrypoint-completes',
  'init-script-failed',
  'application-error',
];

export function isTelemetry(hit: LogHit): boolean {
  return TELEMETRY.test(hit.line.raw.slice(0, 2_000));
}

/** Trouble with telemetry before the end: the program went on without it, as what it says of its work thereafter shows. */
export function isAside(hit: LogHit, k: ContainerCase): boolean {
  if (!isTelemetry(hit)) return false;
  return hit.position === 'earlier' || k.heard.some((line) => line.n > hit.line.n && isCalm(line));
}

function isCalm(line: LogLine): boolean {
  const about = TELEMETRY.test(line.raw.slice(0, 2_000));
  return !about && /^[[\w]/.test(line.raw) && (line.level === 'info' || !line.notable) && !isAftermath(line);
}

/** The failing probe, when a dependency can be what makes it fail. */
export function probeMechanism(k: ContainerCase): Citation[] {
  const [failure] = fatalFailures(k);
  if (!failure) return [];
  const { kind, status } = failure;
  const follows =
    (kind === 'status' && status !== undefined && status >= 500) ||
    kind === 'timeout' ||
    kind === 'not-serving' ||
    kind === 'command' ||
    ((kind === 'refused' || kind === 'reset') && listens(k).length === 0);
  return follows ? [failure.citation] : [];
}

export interface Dependency extends Address {
  detail: { [name: string]: string };
}

export function dependencyOf(hit: LogHit, k: ContainerCase, evidence: Evidence): Dependency {
  const address = addressOf(hit, k, evidence);
  const probe = probeMechanism(k);
  const killedBy = probe.length ? fatalFailures(k)[0]?.probe : undefined;
  return {
    ...address,
    more: [...address.more, ...probe],
    detail: details({ host: address.host, port: address.port, killedBy }),
  };
}
