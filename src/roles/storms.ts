// Incidents that share a place, come too many at once, or wait for a collecting message: one message speaks for them.
// Every step is a job that may run twice; who belongs together is decided by the pure story of the storm, and that there
// is one of them by the one open key of what they share.

import { randomBytes } from 'node:crypto';
import { downBecause, downDependency, subjectOf } from '../core/headline.ts';
import { isEnded } from '../core/incident/gathering.ts';
import { isMuted, isTrouble } from '../core/incident/life.ts';
import type { IncidentState } from '../core/incident/state.ts';
import type { Report } from '../core/report.ts';
import { placeOf, rootKey } from '../core/storm/places.ts';
import type { RootSeen, StormEvent, StormState, Subject } from '../core/storm/state.ts';
import { isAbout, isShownLater, isStorm, workloadsOf } from '../core/storm/step.ts';
import { Later } from '../queue/errors.ts';
import type { Work } from './jobs/work.ts';

/** Once others are seen, it is waited for more of them, up to so long after the diagnosis. */
const BURST_WAIT_MS = 10_000;
const AGAIN_MS = 2_500;

/** Job `join`: right after a diagnosis, long before it is shown, and whenever a member is another than it was. */
export async function joinJob(work: Work, state: IncidentState): Promise<void> {
  if (!mayJoin(state)) return;
  const { storm: known, route } = state.life;
  if (known !== '' && (await stays(work, state))) return;
  // Small things wait for their time, also where several share a cause.
  if (route.digestAt !== '') return;
  const storm = await joinPlace(work, state);
  if (state.life.held && !isCrowd(storm)) await join(work, overviewKey(state), state, { is: 'overview' });
}

/** Job `settle`: shown by itself, or with the others. */
export async function settleJob(work: Work, state: IncidentState, ageMs: number): Promise<void> {
  const { held, route } = state.life;
  if (!held) return;
  if (mayJoin(state) && route.digestAt !== '') {
    const { channel } = state.request.place;
    const digest = { is: 'digest', at: route.digestAt } as const;
    const storm = await join(work, `storm digest/${channel}/${digest.at}`, state, digest);
    if (storm && (await gathered(work, state.id, storm, true))) return;
  } else if (mayJoin(state)) {
    const storm = await joinPlace(work, state);
    if (storm?.phase === 'open' && (await gathered(work, state.id, storm))) return;
    if (isCrowd(storm) && ageMs < BURST_WAIT_MS) throw new Later(AGAIN_MS);
    const overview = await join(work, overviewKey(state), state, { is: 'overview' });
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

/** Job `check` of a storm: what has ended since or stands elsewhere by now makes none. Answers the storm as it is then. */
export async function checkJob(work: Work, storm: StormState): Promise<StormState> {
  const ended: { [incident: string]: string } = {};
  for (const { incident } of storm.members.filter((one) => one.ended === '')) {
    const state = (await work.incidents.read(incident))?.state;
    if (!state || isEnded(state)) ended[incident] = state?.phase ?? 'gone';
    else if (state.life.storm !== '' && state.life.storm !== storm.id) ended[incident] = 'shown';
  }
  return (await work.storms.transition(storm.id, { type: 'checked', ended })).state;
}

/** Job `gather` of a storm: its members learn of it. */
export async function gatherJob(work: Work, storm: StormState, only: string | undefined): Promise<void> {
  for (const { incident, ended } of storm.members) {
    if (ended !== '' || (only !== undefined && incident !== only)) continue;
    const state = (await work.incidents.read(incident))?.state;
    // What has nothing in common with others keeps the card that it has.
    const keepsCard = storm.subject.is === 'overview' && state?.life.held === false && state.life.storm === '';
    if (state && !isEnded(state) && !keepsCard && (await gathered(work, incident, storm))) continue;
    const how = state && isEnded(state) ? state.phase : 'shown';
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

function mayJoin(state: IncidentState): boolean {
  return state.report !== null && !isEnded(state) && !isMuted(state, new Date().toISOString());
}

function isReady(storm: StormState): boolean {
  return storm.phase === 'gathering' && isStorm(storm, new Date().toISOString());
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

/** The storm of what it shares with others, or that waits for it, whichever there is. */
async function joinPlace(work: Work, state: IncidentState): Promise<StormState | undefined> {
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
    if (!other || !mayJoin(other) || other.request.place.channel !== state.request.place.channel) continue;
    await work.storms.transition(storm.id, joinedEvent(work, storm.id, other, storm.subject, true));
  }
}

/** The story that it is a member of from now on. One that takes nobody any more has given back its key. */
async function join(work: Work, key: string, state: IncidentState, subject: Subject): Promise<StormState | undefined> {
  const isMember = (storm: StormState | undefined): boolean =>
    storm?.members.some(({ incident, ended }) => incident === state.id && ended === '') === true;
  for (let tries = 0; tries < 3; tries++) {
    const holder = await work.storms.holderOf(key);
    const known = holder === null ? undefined : (await work.storms.read(holder))?.state;
    if (known && isMember(known)) return isReady(known) ? checkJob(work, known) : known;
    const id = `storm-${randomBytes(12).toString('base64url')}`;
    const event = joinedEvent(work, id, state, subject);
    const { incident: storm, created } = await work.storms.open(key, id, event);
    const joined = created
      ? (await work.storms.read(storm))?.state
      : (await work.storms.transition(storm, { ...event, id: storm })).state;
    // The job does the same; in a crowd it would come too late for those that are about to be shown.
    if (joined && isMember(joined)) return isReady(joined) ? checkJob(work, joined) : joined;
  }
  return undefined;
}

type Joined = Extract<StormEvent, { type: 'joined' }>;

function joinedEvent(work: Work, id: string, state: IncidentState, subject: Subject, isRoot = false): Joined {
  const { report, target, request, life } = state;
  return {
    type: 'joined',
    id,
    subject,
    limits: work.config.storms,
    cluster: target?.cluster ?? '',
    channel: request.place.channel,
    mention: life.route.mention,
    member: {
      incident: state.id,
      namespace: report?.target.namespace ?? '',
      name: report ? subjectOf(report) : '',
      cause: report?.verdict.cause ?? '',
      isRoot,
    },
    root: report && subject.is === 'place' ? rootSeen(report) : null,
  };
}

/** Why the place is broken, as far as one of those that wait for it can tell. */
function rootSeen(report: Report): RootSeen | null {
  const { root } = report;
  if (!root && downDependency(report) === '') return null;
  const proof = !root || root.grade === 'unknown' ? '' : (root.evidence[0]?.text ?? '').slice(0, 300);
  const summary = (root?.summary ?? downBecause(report)).slice(0, 500);
  return { key: root ? rootKey(root) : '', grade: root?.grade ?? report.verdict.grade, summary, proof };
}

/** One message per channel: whoever reads there sees what concerns them. */
function keyOf(state: IncidentState, place: string): string {
  return `storm ${clusterOf(state)}/${state.request.place.channel}/${place}`;
}

function overviewKey({ request }: IncidentState): string {
  return `storm overview/${request.place.channel}`;
}

/** The cluster's uid, as the incident's own key begins with it. */
function clusterOf({ life, target }: IncidentState): string {
  return life.identity?.key.split('/')[0] ?? target?.cluster ?? '';
}
