// Events of tables as Event objects: ages become times before "now", the involved object comes from the row or from
// the describe in which the row stood.

import { at, type JsonObject, text } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import type { Draft, EventDraft } from './draft.ts';
import type { EventRow } from './rows.ts';
import { ageSeconds, before } from './times.ts';

export function eventObject(row: EventDraft, now: string): KubeObject {
  const last = timeBefore(now, row.last);
  const first = row.first === '' ? last : timeBefore(now, row.first);
  const [component = '', host = ''] = row.from.split(/,\s*/, 2);
  const involvedObject: JsonObject = {
    kind: row.kind,
    name: row.name,
    ...(row.namespace ? { namespace: row.namespace } : {}),
    ...(row.fieldPath ? { fieldPath: row.fieldPath } : {}),
  };
  const message = completed(row);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `pasted-${row.order}`, ...(row.namespace ? { namespace: row.namespace } : {}) },
    involvedObject,
    type: row.type,
    reason: row.reason,
    message,
    count: row.count,
    ...(first ? { firstTimestamp: first } : {}),
    ...(last ? { lastTimestamp: last } : {}),
    source: { ...(component ? { component } : {}), ...(host ? { host } : {}) },
    reportingComponent: component,
  };
}

/** What the kubelet says of each reason, word for word; a narrow window shows only how it begins. */
const SENTENCES: { [reason: string]: string[] } = {
  BackOff: ['Back-off restarting failed container', 'Back-off pulling image'],
  Killing: [
    'failed liveness probe, will be restarted',
    'failed startup probe, will be restarted',
    'definition changed, will be restarted',
  ],
};
const FEWEST_LETTERS = 8;

/** A sentence that was cut off and can go on in one way only. */
function completed({ reason, message }: EventRow): string {
  const [, subject = '', cut = ''] = /^(Container \S{1,63} )?(.{0,80}?)(?:…|\.{3})?$/.exec(message) ?? [];
  const begun = cut.length < FEWEST_LETTERS ? [] : (SENTENCES[reason] ?? []).filter((one) => one.startsWith(cut));
  return begun.length === 1 && begun[0] !== cut ? subject + begun[0] : message;
}

function timeBefore(now: string, age: string): string {
  const seconds = ageSeconds(age);
  return seconds === undefined ? '' : before(now, seconds);
}

/** Pod, namespace, uid and container that an event's message names. */
export interface Named {
  pod?: string;
  namespace?: string;
  uid?: string;
  container?: string;
}

const BACK_OFF = /restarting failed container[ =](\S+) (?:in )?pod[ =]?(\S+?)_([a-z0-9-]+)\(([0-9a-f-]{8,40})\)/;
const CONTAINER =
  /^(?:Created container:? |Started container |Container |Stopping container |Killing container with id \S+?:?)"?([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)"?(?=$|[ ,.])/;

export function namedIn(message: string): Named {
  const backOff = BACK_OFF.exec(message.slice(0, 2_000));
  if (backOff) return { container: backOff[1]!, pod: backOff[2]!, namespace: backOff[3]!, uid: backOff[4]! };
  const container = CONTAINER.exec(message.slice(0, 500))?.[1];
  return container === undefined || container === 'image' || container === 'runtime' ? {} : { container };
}

/** All events as rows: those of tables, and those pasted as manifests, whose times stay where they are. */
export function allRows(draft: Draft): EventDraft[] {
  return draft.events.concat(draft.objects.filter((o) => o.kind === 'Event').map(rowOfManifest));
}

function rowOfManifest(event: KubeObject): EventDraft {
  const involved = event.involvedObject ?? event.regarding;
  const word = (value: unknown): string => text(value) ?? '';
  return {
    type: word(event.type),
    reason: word(event.reason),
    message: word(event.message) || word(event.note),
    last: '',
    first: '',
    count: 1,
    from: word(at(event, 'source', 'component')) || word(event.reportingComponent),
    kind: word(at(involved, 'kind')),
    name: word(at(involved, 'name')),
    namespace: word(at(involved, 'namespace')),
    fieldPath: word(at(involved, 'fieldPath')),
    order: 0,
  };
}
