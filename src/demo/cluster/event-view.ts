// Core events as the newer events.k8s.io/v1 group shows the same objects.
import type { Kinds } from './kinds.ts';
import type { Problem } from './validation.ts';

/** And the other way: what a client of the newer group creates, as the core group keeps it. */
export function asCoreEvent(event: Record<string, unknown>): Record<string, unknown> {
  const { regarding, note, reportingController, ...rest } = event;
  return {
    ...rest,
    apiVersion: 'v1',
    involvedObject: regarding,
    message: note,
    reportingComponent: reportingController,
  };
}

export function asNewEvent(event: Kinds['events']): Record<string, unknown> {
  const {
    involvedObject,
    message,
    count,
    firstTimestamp,
    lastTimestamp,
    source,
    reportingComponent,
    reportingInstance,
    ...rest
  } = event;
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    regarding: involvedObject,
    note: message,
    reportingController: reportingComponent,
    reportingInstance,
    deprecatedCount: count,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedSource: source,
  };
}

/** What the newer group asks for and the older did not. */
const WANTED = ['eventTime', 'reportingController', 'reportingInstance', 'action', 'reason', 'type'];
const NOTE_BYTES_MAX = 1024;

/** Why an event of the newer group is refused; fields are named as the core group names them. */
export function eventProblems(event: Record<string, unknown>, namespace: string): Problem[] {
  const { namespace: about = '' } = (event.regarding ?? {}) as { namespace?: string };
  const { type, note } = event;
  return [
    ...(about !== '' || namespace === 'default'
      ? []
      : [{ field: 'involvedObject.namespace', message: 'Invalid value: "": does not match event.namespace' }]),
    ...WANTED.filter((field) => !event[field]).map((field) => ({ field, message: 'Required value' })),
    ...(type && !['Normal', 'Warning'].includes(String(type))
      ? [{ field: 'type', message: `Invalid value: "": has invalid value: ${type}` }]
      : []),
    ...(Buffer.byteLength(String(note ?? '')) > NOTE_BYTES_MAX
      ? [{ field: 'message', message: `Invalid value: "": can have at most ${NOTE_BYTES_MAX} characters` }]
      : []),
  ];
}
