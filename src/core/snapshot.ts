// What was read of a cluster at one moment, before anybody judges it: plain objects and log texts.
// A live collection, a recording and a pasted text all become this; evidence is made from nothing else.

import type { JsonObject } from './json.ts';

/** A Kubernetes object as the API server sends it; nothing about its fields is trusted. */
export interface KubeObject extends JsonObject {
  kind: string;
  metadata: JsonObject;
}

export interface LogText {
  pod: string;
  container: string;
  run: 'previous' | 'current';
  text: string;
  /** Bytes between head and tail that were not read, at least so many; 0 or missing when whole. */
  skippedBytes?: number;
}

/** Something that could not be read. `at` is an address prefix; everything below it is unread. */
export interface UnreadPart {
  /**
   * `Kind/name` or `Kind` for objects ("ConfigMap/app", "Node"), `Pod/NAME:spec.containers[0].env` for a part of
   * an object, `log.previous/POD/CONTAINER` for logs.
   */
  at: string;
  why: string;
}

/** What a pasted text calls its cluster. */
export const PASTED = 'pasted text';

export interface Snapshot {
  /** Name of the cluster as the user knows it: alias, context, or "recording". */
  cluster: string;
  /** RFC 3339 time at which this was read; for recordings the newest timestamp. */
  now: string;
  objects: KubeObject[];
  logs: LogText[];
  unread: UnreadPart[];
  /** sha256 of each workload's and revision's raw pod template, by object uid; made before redaction. */
  templateHashes: { [uid: string]: string };
  /** What it was read for; diagnosed when nobody names a target. */
  about?: Target;
}

/** Which workload to look at. `pod` wins; without either the most broken workload is chosen. */
export interface Target {
  namespace?: string;
  pod?: string;
  workload?: { kind: string; name: string };
  container?: string;
}
