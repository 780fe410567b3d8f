// Incidents that share a place, come too many at once, or wait for a collecting message: one message speaks for them.
// These are the jobs, each safe to run twice; who belongs together is decided by the pure story of the storm.

import { isTrouble } from '../../core/incident/life.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import { isAbout, isShownLater, workloadsOf } from '../../core/storm/members.ts';
import { placeOf, rootKey } from '../../core/storm/places.ts';
import type { StormState } from '../../core/storm/state.ts';
import { Later } from '../../queue/errors.ts';
import type { Work } from '../jobs/work.ts';
import { joinedEvent } from './joined.ts';
import { joinDigest, joinOverview, joinPlace, mayJoin } from './joining.ts';

/** Once others are seen, it is waited for more of them, up to so long after the diagnosis. */
const BURST_WAIT_MS = 10_000;
const AGAIN_MS = 2_500;

/** Job `join`: right after a diagnosis, long before it is shown, and whenever a member is another than it was. */
export async function joinJob(work: Work, state: IncidentState): Promise<void> {
  if (!mayJoin(work, state)) return;
  const { storm: known, route } = state.life;
  if (known !== '' && (await stays(work, state))) return;
  // Small things wait for their time, also where several share a cause.
  if (route.digestAt !== '') return;
  const storm = await joinPlace(work, state);
  if (state.life.held && !isCrowd(storm)) await joinOverview(work, state);
}

/** Job `settle`: shown by itself, or with the others. */
export async function settleJob(work: Work, state: IncidentState, ageMs: number): Promise<void> {
  const { held, route } = state.life;
  if (!held) return;
  if (mayJoin(work, state) && route.digestAt !== '') {
    const storm = await joinDigest(work, state);
    if (storm && (await gathered(work, state.id, storm, true))) return;
  } else if (mayJoin(work, state)) {
    const storm = await joinPlace(work, state);
    if (storm?.phase === 'open' && (await gathered(work, state.id, storm))) return;
    if (isCrowd(storm) && ageMs < BURST_WAIT_MS) throw new Later(AGAIN_MS);
    const overview = await joinOverview(work, state);
    if (overview?.phase === 'open' && (await gathered(work, state.id, overview))) return;
    if (overview && 2 * overview.members.length > overview.limits.perMinute && ageMs < BURST_WAIT_MS)
      throw new Later(AGAIN_MS);
  }
  await work.tell(state.id, { type: 'settled' });
}

/** Job `leave`. */
export async function leaveJob({ storms }: Work, { id, phase, life }: IncidentState): Promise<void> {
  if (life.storm !== '') await storms.transition(life.storm, { type: 'left', incident: id, how: phase });
}

/** Job `gather` of a storm: its members learn of it. */
export async function gatherJob(work: Work, storm: StormState, only: string | undefined): Promise<void> {
  for (const { incident, ended } of storm.members) {
    if (ended !== '' || (only !== undefined && incident !== only)) continue;
    const [brief] = await work.briefs([incident]);
    // What has nothing in common with others keeps the card that it has.
    const keepsCard = storm.subject.is === 'overview' && brief?.held === false && brief.storm === '';
    if (brief && !brief.ended && !keepsCard && (await gathered(work, incident, storm))) continue;
    const how = brief?.ended ? brief.phase : 'shown';
    await work.storms.transition(storm.id, { type: 'left', incident, how });
  }
}

/** False when it stands by itself all the same. */
async function gathered(
  work: Work,
  incident: string,
  storm: StormState,
  silent = isShownLater(storm, incident),
): Promise<boolean> {
  return (await work.tell(incident, { type: 'gathered', storm: storm.id, silent })).life.storm === storm.id;
}

/** Others share its place, though not enough of them yet. */
function isCrowd(storm: StormState | undefined): boolean {
  return storm !== undefined && (storm.phase === 'open' || workloadsOf(storm.members).length > 1);
}

/** A member says again what it is: it is back, or has another cause by now and belongs elsewhere. */
async function stays(work: Work, state: IncidentState): Promise<boolean> {
  const id = state.life.storm;
  const storm = (await work.storms.read(id))?.state;
  if (storm && !hasOtherCause(state, storm)) {
    const known = storm.members.find(({ incident }) => incident === state.id);
    await work.storms.transition(id, joinedEvent(work, id, state, storm.subject, known?.isRoot));
    return true;
  }
  if (storm) await work.storms.transition(id, { type: 'parted', incident: state.id });
  await work.tell(state.id, { type: 'parted', storm: id });
  return false;
}

function hasOtherCause(state: IncidentState, { subject, root }: StormState): boolean {
  const { report } = state;
  if (subject.is !== 'place' || !report || !isTrouble(state)) return false;
  if (!['confirmed', 'likely'].includes(report.verdict.grade) || rootKey(report) === root?.key) return false;
  return !isAbout(subject, placeOf(report)?.id);
}
