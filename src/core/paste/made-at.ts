// When a describe was made. It prints no clock, but a pod starts when it is scheduled, and the age of that event is
// printed. Ages are cut off, never rounded up, so the answer is never too late. No other event will do: the kubelet
// stops counting the starts of a crash loop, so the last "Started" need not be the last start.

import type { Described } from './describe.ts';
import { ageSeconds, timeFrom, timeOf } from './times.ts';

/** RFC 3339, "" when the pod's start or its Scheduled event was not shown. */
export function madeAt(d: Described): string {
  const scheduled = d.events.find((event) => event.reason === 'Scheduled' && event.count === 1);
  const age = scheduled && ageSeconds(scheduled.last);
  const start = timeOf(d.head.get('Start Time')?.[0] ?? '');
  if (age === undefined || start === undefined) return '';
  return timeFrom(Date.parse(start) + age * 1_000) ?? '';
}
