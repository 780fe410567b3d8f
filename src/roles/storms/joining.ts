// Who belongs to which storm. Invariant: there is one story of what incidents share, by its one open key, whoever looks
// first; and no incident is counted in it that has ended or stands elsewhere.

import { randomBytes } from 'node:crypto';
import { isEnded } from '../../core/incident/gathering.ts';
import { isMuted } from '../../core/incident/life.ts';
import type { IncidentState } from '../../core/incident/state.ts';
import type { Report } from '../../core/report.ts';
import { isStorm } from '../../core/storm/members.ts';
import { placeOf, rootKey } from '../../core/storm/places.ts';
import type { StormState, Subject } from '../../core/storm/state.ts';
import type { Work } from '../jobs/work.ts';
import { joinedEvent } from './joined.ts';

export function mayJoin({ now }: Work, state: IncidentState): boolean {
  return state.report !== null && !isEnded(state) && !isMuted(state, new Date(now()).toISOString());
}

/** The storm of what it shares with others, or that waits for it, whichever there is. */
export async function joinPlace(work: Work, state: IncidentState): Promise<StormState | undefined> {
  const { report } = state;
  if (!report) return undefined;
  const awaited = await work.storms.holderOf(keyOf(state, rootKey(report)));
  const storm = awaited && (await work.storms.read(awaited))?.state;
  if (storm)
    return (await work.storms.transition(awaited, joinedEvent(work, awaited, state, storm.subject, true))).state;
  const place = placeOf(report);
  if (!place) return undefined;
  const joined = await join(work, keyOf(state, place.id), state, { is: 'place', place });
  if (joined) await joinRoot(work, state, report, joined);
  return joined;
}

/** The incident of what the others wait for belongs to them, whichever came first. */
async function joinRoot(work: Work, state: IncidentState, { root }: Report, storm: StormState): Promise<void> {
  const key = root && keyOf(state, rootKey(root));
  if (!root || !key || (await work.storms.holderOf(key)) !== null) return;
  await work.storms.lead(key, storm.id);
  const { namespace, workload } = root.target;
  const own = [clusterOf(state), namespace, workload.kind, workload.name].join('/');
  for (const container of [root.container, '']) {
    const holder = await work.incidents.holderOf(`${own}/${container}`);
    const other = holder ? (await work.incidents.read(holder))?.state : undefined;
    if (!other || !mayJoin(work, other) || other.request.place.channel !== state.request.place.channel) continue;
    await work.storms.transition(storm.id, joinedEvent(work, storm.id, other, storm.subject, true));
  }
}

/** Counts it among those that come at once to its channel. */
export function joinOverview(work: Work, state: IncidentState): Promise<StormState | undefined> {
  return join(work, `storm overview/${state.request.place.channel}`, state, { is: 'overview' });
}

export function joinDigest(work: Work, state: IncidentState): Promise<StormState | undefined> {
  const at = state.life.route.digestAt;
  return join(work, `storm digest/${state.request.place.channel}/${at}`, state, { is: 'digest', at });
}

/** The story that it is a member of from now on. One that takes nobody any more has given back its key. */
async function join(work: Work, key: string, state: IncidentState, subject: Subject): Promise<StormState | undefined> {
  const isMember = (storm: StormState | undefined): boolean =>
    storm?.members.some(({ incident, ended }) => incident === state.id && ended === '') === true;
  for (let tries = 0; tries < 3; tries++) {
    const holder = await work.storms.holderOf(key);
    const known = holder === null ? undefined : (await work.storms.read(holder))?.state;
    if (known && isMember(known)) return isReady(work, known) ? checkJob(work, known) : known;
    const id = `storm-${randomBytes(12).toString('base64url')}`;
    const event = joinedEvent(work, id, state, subject);
    const { incident: storm, created } = await work.storms.open(key, id, event);
    const joined = created
      ? (await work.storms.read(storm))?.state
      : (await work.storms.transition(storm, { ...event, id: storm })).state;
    // The job does the same; in a crowd it would come too late for those that are about to be shown.
    if (joined && isMember(joined)) return isReady(work, joined) ? checkJob(work, joined) : joined;
  }
  return undefined;
}

function isReady({ now }: Work, storm: StormState): boolean {
  return storm.phase === 'gathering' && isStorm(storm, new Date(now()).toISOString());
}

/** Job `check` of a storm: what has ended since or stands elsewhere by now makes none. Answers the storm as it is then. */
export async function checkJob(work: Work, storm: StormState): Promise<StormState> {
  const ended: { [incident: string]: string } = {};
  const lasting = storm.members.filter((one) => one.ended === '').map(({ incident }) => incident);
  for (const [index, brief] of (await work.briefs(lasting)).entries()) {
    const incident = lasting[index] ?? '';
    if (!brief || brief.ended) ended[incident] = brief?.phase ?? 'gone';
    else if (brief.storm !== '' && brief.storm !== storm.id) ended[incident] = 'shown';
  }
  return (await work.storms.transition(storm.id, { type: 'checked', ended })).state;
}

/** One message per channel: whoever reads there sees what concerns them. */
function keyOf(state: IncidentState, place: string): string {
  return `storm ${clusterOf(state)}/${state.request.place.channel}/${place}`;
}

/** The cluster's uid, as the incident's own key begins with it. */
function clusterOf({ life, target }: IncidentState): string {
  return life.identity?.key.split('/')[0] ?? target?.cluster ?? '';
}
