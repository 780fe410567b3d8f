// Times at which nothing may be changed: once, or every week on the wall clock of a place.

import { DAYS, type FreezeWindow, type WeeklyWindow } from './file.ts';

/** The window that holds this moment, in words; undefined when none does. `now` is RFC 3339. */
export function frozenBy(windows: readonly FreezeWindow[], now: string): string | undefined {
  const window = windows.find((one) => ('days' in one ? inWeek(one, now) : inSpan(one, now)));
  if (!window) return undefined;
  const why = window.because ? ` (${window.because})` : '';
  if (!('days' in window)) return `until ${window.to}${why}`;
  return `${window.days.join(', ')} from ${window.from} to ${window.to} ${window.timeZone}${why}`;
}

function inSpan({ from, to }: { from: string; to: string }, now: string): boolean {
  return Date.parse(from) <= Date.parse(now) && Date.parse(now) < Date.parse(to);
}

/** Whether a weekly window holds this moment (RFC 3339). */
export function inWeek({ days, from, to, timeZone }: WeeklyWindow, now: string): boolean {
  const { day, time } = wallClock(now, timeZone);
  const begins = (which: number): boolean => days.includes(DAYS[(which + 7) % 7]!);
  if (from < to) return begins(day) && from <= time && time < to;
  // Over midnight: the evening of a day that begins one, or the morning after.
  return (begins(day) && time >= from) || (begins(day - 1) && time < to);
}

/** Day of the week (0 is Monday) and "HH:MM" where the window is. */
function wallClock(now: string, timeZone: string): { day: number; time: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(now));
  const part = (type: string): string => parts.find((p) => p.type === type)?.value ?? '';
  return { day: DAYS.map(String).indexOf(part('weekday').toLowerCase()), time: `${part('hour')}:${part('minute')}` };
}
