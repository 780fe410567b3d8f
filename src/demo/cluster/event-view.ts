// Core events as the newer events.k8s.io/v1 group shows the same objects.
import type { Kinds } from './kinds.ts';

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
