// Whether the API server can resize a running pod. Asked only where that matters: of a workload that leaves its pods as they
// are when its template changes.

import { z } from 'zod';
import { at } from '../core/json.ts';
import { POD_RESIZE } from '../core/normalise/resizes-pods.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { attempt, type Gathering } from './gathering.ts';
import { coreList } from './kinds.ts';
import { askJson } from './objects.ts';

const listSchema = z.looseObject({ resources: z.array(z.looseObject({ name: z.string() })) });

/** Every authenticated account may read the list, unless somebody took that away: then nothing is offered in place. */
export async function readServed(g: Gathering, owner: KubeObject): Promise<void> {
  if (at(owner, 'spec', 'paused') !== true && at(owner, 'spec', 'updateStrategy', 'type') !== 'OnDelete') return;
  await attempt(g, coreList.kind, async () => {
    const { resources } = await askJson(g.cluster, { verb: 'get', resource: coreList, signal: g.signal }, listSchema);
    const resize = resources.filter(({ name }) => name === POD_RESIZE).map(({ name }) => ({ name }));
    g.objects.set(coreList.kind, { kind: coreList.kind, metadata: { name: coreList.version }, resources: resize });
  });
}
