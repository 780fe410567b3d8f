// Events of a pod, its owners and its node: one record each, oldest first.

import type { EventRecord } from '../evidence.ts';
import { type Fact, seen, unread } from '../fact.ts';
import { at, number, text } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import type { Look } from './look.ts';

// The API allows 1024 characters; a pasted event may be longer.
const MAX_MESSAGE = 4_000;

/** Events whose involved object is one of `about` ("Pod/api-1"); without those of `owner` itself they count as unread. */
export function eventsOf(look: Look, owner: string, about: Set<string>, namespace: string): Fact<EventRecord[]> {
  const why = look.whyUnread(`Event/${owner}`);
  if (why !== undefined) return unread('event', 'events', why);
  const records = look
    .all('Event')
    .map(recordOf)
    .filter((e) => about.has(`${e.object.kind}/${e.object.name}`) || (e.object.name === '' && namespace !== ''));
  records.sort((a, b) => a.last.localeCompare(b.last) || a.first.localeCompare(b.first));
  return seen(records, 'event', 'events');
}

export function recordOf(event: KubeObject): EventRecord {
  // core/v1 says involvedObject and message, events.k8s.io/v1 says regarding and note.
  const involved = event.involvedObject ?? event.regarding;
  const path = text(at(involved, 'fieldPath')) ?? '';
  const created = text(event.metadata?.creationTimestamp) ?? '';
  const last =
    text(at(event, 'series', 'lastObservedTime')) ??
    text(event.lastTimestamp) ??
    text(event.deprecatedLastTimestamp) ??
    text(event.eventTime) ??
    created;
  const reason = text(event.reason) ?? '';
  return {
    type: text(event.type) ?? '',
    reason,
    message: (text(event.message) ?? text(event.note) ?? '').slice(0, MAX_MESSAGE),
    count: number(at(event, 'series', 'count')) ?? number(event.count) ?? number(event.deprecatedCount) ?? 1,
    first: text(event.firstTimestamp) ?? text(event.deprecatedFirstTimestamp) ?? text(event.eventTime) ?? created,
    last,
    object: { kind: text(at(involved, 'kind')) ?? '', name: text(at(involved, 'name')) ?? '' },
    container: /^spec\.(?:initContainers|containers|ephemeralContainers)\{(.+)\}$/.exec(path)?.[1] ?? '',
    at: `event:${reason}`,
  };
}
