// One failing probe as the corrections see it, and the change that a person makes where nobody knows what would be right.

import type { PlanInput } from '../core/action.ts';
import type { ContainerEvidence, Probe } from '../core/evidence/container.ts';
import type { Json } from '../core/json.ts';
import type { Edit, Refusal } from '../core/plan.ts';
import { patchCommand } from './by-hand.ts';
import type { Changeable } from './target.ts';

export type ProbeName = 'liveness' | 'readiness' | 'startup';

export interface Fix {
  title: string;
  edits: Edit[];
  diff: string[];
  effect: string;
  warnings?: string[];
}

export interface Case {
  container: ContainerEvidence;
  name: ProbeName;
  probe: Probe;
  detail: { [name: string]: string };
  /** Path to the probe in the template. */
  at: string[];
  input: PlanInput;
}

/** The field of httpGet, tcpSocket or grpc. */
export const inHandler = ({ at, probe }: Case, field: string): string[] => [...at, probe.type, field];

export const setLine = ({ container, name }: Case, field: string, from: Json | undefined, to: Json): string =>
  `~ ${container.name}: ${name} probe ${field} ${from ?? 'unset'} → ${to}`;

/** The exact change for a person, as a patch that only lacks what nobody could read. */
export function byHand(
  { container, name, at, input }: Case,
  { workload }: Changeable,
  why: string,
  probe: Json,
): Refusal {
  const [list = 'containers'] = at;
  const podSpec = { [list]: [{ name: container.name, [`${name}Probe`]: probe }] };
  return { refusal: `${why}: ${patchCommand(workload, input.evidence.namespace, podSpec)}` };
}
