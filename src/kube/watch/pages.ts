// A whole list, page by page, each item handed on as it comes and let go: a large list is never held.
import { z } from 'zod';
import { ask } from '../ask.ts';
import type { Cluster } from '../clusters.ts';
import { checkedAs, parsedAnswer } from '../objects.ts';
import type { Budget } from './budget.ts';
import { itemsOf } from './items.ts';
import type { Scope } from './scope.ts';

const PAGE_SIZE = 500;

/** A page without its items; what an item holds is checked by whoever reads it. */
const page = z.object({
  metadata: z.object({ continue: z.string().optional(), resourceVersion: z.string().min(1) }),
  // Go writes an empty list as null.
  items: z.array(z.unknown()).nullable(),
});

/**
 * Resolves with the resourceVersion from which a watch goes on. Throws ClusterError; with code 410 when the list expired
 * between two pages and must be begun again. A page that breaks off is read again, and its items are handed on again.
 */
export async function readPages(
  cluster: Cluster,
  { resource, namespace, fieldSelector }: Scope,
  { budget, signal, item }: { budget: Budget; signal: AbortSignal; item: (object: unknown) => void },
): Promise<string> {
  const wanted = { limit: String(PAGE_SIZE), ...(fieldSelector ? { fieldSelector } : {}) };
  let from = '';
  for (;;) {
    await budget(signal);
    const query = { ...wanted, ...(from ? { continue: from } : {}) };
    const { metadata } = await ask(cluster, { verb: 'list', resource, namespace, query, signal }, async (chunks) =>
      checkedAs(page, parsedAnswer(await itemsOf(chunks, (json) => item(parsedAnswer(json))))),
    );
    from = metadata.continue ?? '';
    // Every page of one list carries the version at which the list was taken.
    if (from === '') return metadata.resourceVersion;
  }
}
