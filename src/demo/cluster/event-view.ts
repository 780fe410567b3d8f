// Core events as the newer events.k8s.io/v1 group shows the same objects.
import type { Kinds } from './kinds.ts';

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
