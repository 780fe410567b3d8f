// Who belongs to a storm, as a phone has room for it: how many, where, and the names of the first of them.

import { counted, listed } from '../core/spoken.ts';
import { workloadsOf } from '../core/storm/members.ts';
import type { Member, StormState } from '../core/storm/state.ts';
import { code, mrkdwn } from './mrkdwn.ts';

/** How many names of one namespace, and how many namespaces: those of an overview have no other place. */
const NAMED = 6;
const NAMED_IN_OVERVIEW = 45;
const NAMESPACES = 5;
const NAMESPACES_IN_OVERVIEW = 12;

/** "40 workloads in 3 namespaces" */
export function manyOf(members: Member[]): string {
  const spaces = [...new Set(members.map(({ namespace }) => namespace))];
  const where = spaces.length === 1 ? code(spaces[0] ?? '', 80) : counted(spaces.length, 'namespace');
  return `${counted(workloadsOf(members).length, 'workload')} in ${where}`;
}

/** Those that wait for the place; its own incident is not one of them. */
export function waiting({ members }: StormState): Member[] {
  return members.filter((one) => !one.isRoot);
}

export function lasting(members: Member[]): Member[] {
  return members.filter((one) => one.ended === '' || one.ended === 'shown');
}

/** A line for each namespace; in it, what is still broken comes first. */
export function namesOf(members: Member[], isOverview: boolean): string[] {
  const names = workloadsOf([...lasting(members), ...members]).map((one) => one.split('/'));
  const spaces = [...new Set(names.map(([namespace = '']) => namespace))];
  const most = isOverview ? NAMESPACES_IN_OVERVIEW : NAMESPACES;
  // To say that there is one more takes as much room as to name it.
  const shown = spaces.length === most + 1 ? spaces : spaces.slice(0, most);
  const named = isOverview ? Math.max(NAMED, Math.floor(NAMED_IN_OVERVIEW / shown.length)) : NAMED;
  const lines = shown.map((namespace) => {
    const own = names.flatMap(([space, name = '']) => (space === namespace ? [mrkdwn(name, 80)] : []));
    const more = own.length - named;
    return `${code(namespace, 80)} ${listed(more > 1 ? [...own.slice(0, named), `${more} more`] : own)}`;
  });
  const more = spaces.length - shown.length;
  return more > 0 ? [...lines, `and ${counted(more, 'more namespace', 'more namespaces')}`] : lines;
}
