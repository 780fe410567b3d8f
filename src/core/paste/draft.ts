// What has been read of a paste so far, before ages become times and logs find their pods.

import type { KubeObject, UnreadPart } from '../snapshot.ts';
import type { EventRow } from './rows.ts';

export interface EventDraft extends EventRow {
  /** Order in the paste, for a name that is the same each time. */
  order: number;
}

export interface LogDraft {
  pod: string;
  container: string;
  namespace: string;
  run: 'previous' | 'current';
  lines: string[];
  /** A file of its own: its end is the log's end, blank lines included. */
  whole?: boolean;
  /** `kubectl logs` printed it: nothing in it is anybody else's sentence. */
  asked?: boolean;
  /** A person's words or code beside what was printed: the latter has the last word. */
  aside?: boolean;
  /** Rests of what kubectl printed, in a shape that nothing reads: no program's last words. */
  torn?: boolean;
}

export interface Draft {
  objects: KubeObject[];
  /** Objects of which only a table's row or a line of talk is known; a fuller reading replaces them. */
  glimpses: KubeObject[];
  /** How long ago the containers of a pod in a table began to run again, by its name. */
  restarted: Map<string, string>;
  events: EventDraft[];
  /** Somebody listed events, even if there were none. */
  eventsListed: boolean;
  podsListed: boolean;
  logs: LogDraft[];
  /** `pod/container` whose previous log does not exist, as kubectl said. */
  noPrevious: Set<string>;
  unread: UnreadPart[];
  /** Newest absolute time seen; "" when there was none. */
  newest: string;
}

export const NOT_PASTED = 'not part of the pasted text';
export const NOT_SHOWN = 'kubectl describe does not show it';
export const UNREADABLE = 'part of the pasted text lost its shape; paste it as kubectl printed it';
export const CUT = 'the pasted text ends before it';

export function emptyDraft(): Draft {
  return {
    objects: [],
    glimpses: [],
    restarted: new Map(),
    events: [],
    eventsListed: false,
    podsListed: false,
    logs: [],
    noPrevious: new Set(),
    unread: [],
    newest: '',
  };
}
