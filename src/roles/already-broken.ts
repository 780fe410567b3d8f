// What was broken when a cluster was first watched becomes one message in the alert channel, posted once however many
// watchers find it and however often they begin: the list is kept first, then the message is wanted.

import type { BrokenRow } from '../core/watch/broken.ts';
import { postsIn } from '../queue/posts.ts';
import type { RedisConnections } from '../queue/redis.ts';
import { type WatchNotes, watchNotesIn } from '../queue/watch-notes.ts';
import { brokenMessage } from '../slack/broken.ts';

/** Name of the message; its owner is the id of the list. */
const NAME = 'broken';

/** Keeps the list under this id and answers the rows that stand there: these, or those of whoever was first. */
export function alreadyBroken(redis: RedisConnections, notes: WatchNotes, channel: string) {
  const posts = postsIn(redis);
  return async (id: string, cluster: string, rows: BrokenRow[], at: string): Promise<BrokenRow[]> => {
    const stands = await notes.keepBroken(id, { cluster, channel, at, rows });
    if (stands.rows.length > 0) await posts.want({ owner: id, name: NAME, channel: stands.channel });
    return stands.rows;
  };
}

/** How the gateway draws it: a row of its table of kinds. */
export function brokenKind(redis: RedisConnections) {
  const notes = watchNotesIn(redis);
  return {
    [NAME]: {
      draw: async ({ owner }: { owner: string }) => {
        const list = await notes.broken(owner);
        return list ? { channel: list.channel, look: brokenMessage(list) } : undefined;
      },
      posted: async () => {},
    },
  };
}
