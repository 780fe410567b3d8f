// Which incident a key belongs to: what is asked or heard about the same thing is led to the one that is open. Invariant: a
// key has one open incident or none.

import type { RedisConnections } from './redis.ts';
import * as scripts from './scripts.ts';

/** How long keys of open and of closed incidents are kept. */
export interface HolderTimes {
  openSeconds: number;
  closedSeconds: number;
}

export function holdersIn({ ask, keys }: RedisConnections, { openSeconds, closedSeconds }: HolderTimes) {
  async function isOpen(incident: string): Promise<boolean> {
    const [version, closed] = await ask((client) => client.hmget(keys.incident(incident), 'version', 'closed'));
    return typeof version === 'string' && closed === null;
  }

  /** The open incident of a key, or null. */
  async function holderOf(key: string): Promise<string | null> {
    const holder = await ask((client) => client.get(keys.open(key)));
    return holder !== null && (await isOpen(holder)) ? holder : null;
  }

  /** The incident that took this key last, open or not; null when none did or it is no longer kept. */
  async function lastOf(key: string): Promise<string | null> {
    return ask((client) => client.get(keys.last(key)));
  }

  /** What knocks at this key is led to this incident, unless another open one holds it. */
  async function lead(key: string, incident: string): Promise<void> {
    if ((await holderOf(key)) !== null) return;
    await ask((client) => client.set(keys.open(key), incident, 'EX', openSeconds));
  }

  /** Signals that led to one incident lead to another from now on. */
  async function point(key: string, from: string, to: string): Promise<void> {
    await ask((client) => scripts.point(client, [keys.open(key)], [from, to, openSeconds]));
  }

  /** Gives the key back so that the next event under it opens a new incident. False when it was not this incident's. */
  async function close(key: string, incident: string): Promise<boolean> {
    const { incident: state, journal, pending, lane } = keys;
    const touched = [keys.open(key), ...[state, journal, pending, lane].map((of) => of(incident))];
    return (await ask((client) => scripts.close(client, touched, [incident, closedSeconds]))) === 1;
  }

  return { isOpen, holderOf, lastOf, lead, point, close };
}
