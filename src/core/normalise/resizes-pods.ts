// Whether the API server serves the resize of a running pod: its own list of resources tells, never its version.

import { type Fact, seen, unread } from '../fact.ts';
import { objects } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import type { Look } from './look.ts';

/** The API server's list of what it serves of the core group, as a snapshot holds it. */
export const RESOURCE_LIST = 'APIResourceList';
export const POD_RESIZE = 'pods/resize';

export function resizesPodsOf(look: Look): Fact<boolean> {
  const served = look.find(RESOURCE_LIST, 'v1');
  if (!served) return unread('reference', RESOURCE_LIST, look.whyUnread(RESOURCE_LIST) ?? 'it was not looked up');
  return seen(servesResize(served), 'reference', `${RESOURCE_LIST} v1`);
}

const servesResize = (served: KubeObject): boolean => objects(served.resources).some(({ name }) => name === POD_RESIZE);
