// What a storm asks of each of its members: how it stands, and where. Kept beside the whole incident, which is a hundred
// times as long, so that many can be asked at once.

import { z } from 'zod';
import { isEnded } from '../core/incident/gathering.ts';
import type { IncidentState } from '../core/incident/state.ts';

const brief = z.object({ phase: z.string(), ended: z.boolean(), storm: z.string(), held: z.boolean() });

export type Brief = z.output<typeof brief>;

export function briefOf(state: IncidentState): Brief {
  return { phase: state.phase, ended: isEnded(state), storm: state.life.storm, held: state.life.held };
}

/** One that was written by an older version is read in whole; undefined when there is none. */
export async function briefFrom(
  kept: unknown,
  readWhole: () => Promise<IncidentState | undefined>,
): Promise<Brief | undefined> {
  const found = brief.safeParse(kept);
  if (found.success) return found.data;
  const state = await readWhole();
  return state && briefOf(state);
}
