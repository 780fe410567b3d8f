// Who is counted in a storm: its members as they join and end, whether they are enough, and which of them is the thing
// itself that the others wait for.

import type { Member, RootSeen, StormEvent, StormState, Subject } from './state.ts';

export const MINUTE = 60_000;
/** Of an overview so many stand in its thread at once; in a burst there are better uses for what Slack takes. */
const SHOWN_AT_ONCE = 10;
const MEMBERS_MAX = 300;
const MENTIONS_MAX = 3;

type Joined = Extract<StormEvent, { type: 'joined' }>;

export function withMember(before: StormState, { member, mention, root }: Joined, now: string): StormState {
  const known = before.members.find((one) => one.incident === member.incident);
  const after: Member = { ...member, at: known?.at ?? now, ended: '', isRoot: member.isRoot || known?.isRoot === true };
  // As long as an overview is none, only the last minute counts.
  const isRecent = (one: Member): boolean =>
    before.subject.is !== 'overview' || before.phase !== 'gathering' || Date.parse(now) - Date.parse(one.at) < MINUTE;
  const kept = before.members.filter((one) => one === known || isRecent(one));
  const members = known ? kept.map((one) => (one === known ? after : one)) : [...kept, after];
  const isNewMention = mention !== '' && !before.mentions.includes(mention) && before.mentions.length < MENTIONS_MAX;
  return {
    ...before,
    mentions: isNewMention ? [...before.mentions, mention] : before.mentions,
    members,
    takes: before.takes && members.length < MEMBERS_MAX,
    root: surer(before.root, root),
    joinedAt: known ? before.joinedAt : now,
  };
}

/** Enough of them last. */
export function isStorm({ subject, limits, members }: StormState, now: string): boolean {
  const lasting = members.filter((one) => one.ended === '');
  switch (subject.is) {
    case 'place':
      return workloadsOf(lasting.filter((one) => !one.isRoot)).length >= limits.workloads;
    case 'overview':
      return lasting.filter((one) => Date.parse(now) - Date.parse(one.at) < MINUTE).length > limits.perMinute;
    case 'digest':
      return false;
  }
}

/** How members ended, by incident. */
export function ending(members: Member[], ended: { [incident: string]: string }): Member[] {
  return members.map((one) =>
    Object.hasOwn(ended, one.incident) ? { ...one, ended: ended[one.incident] ?? '' } : one,
  );
}

/** The incident of the broken thing itself, while it lasts. */
export function rootOf({ members }: StormState): Member | undefined {
  return members.find((one) => one.isRoot && one.ended === '');
}

/** Whether a member is shown later, when its overview is calm. */
export function isShownLater({ subject, takes, members }: StormState, incident: string): boolean {
  if (subject.is !== 'overview' || !takes) return false;
  return members.findIndex((one) => one.incident === incident) >= SHOWN_AT_ONCE;
}

/** Two containers of one workload are one. */
export function workloadsOf(members: readonly Pick<Member, 'namespace' | 'name'>[]): string[] {
  return [...new Set(members.map(({ namespace, name }) => `${namespace}/${name}`))];
}

const SURE = ['unknown', 'possible', 'likely', 'confirmed'];

function surer(before: RootSeen | null, after: RootSeen | null): RootSeen | null {
  if (!before || !after) return after ?? before;
  return SURE.indexOf(after.grade) > SURE.indexOf(before.grade) ? after : before;
}

/** Whether it speaks of this place. */
export function isAbout(subject: Subject, placeId: string | undefined): boolean {
  return subject.is === 'place' && subject.place.id === placeId;
}
