// Which deliveries have reached their incident already, asked for a whole batch at once: senders repeat what they say, and
// a repeat should cost two short questions, not four readings of a state.

import type { RedisConnections } from './redis.ts';

export interface Arriving {
  /** What the incident is open under. */
  key: string;
  /** The names under which that incident would have noted the delivery. */
  deliveries(incident: string): string[];
}

export function reachedIn({ ask, keys }: RedisConnections) {
  /** For each: whether an incident is open under its key and has noted the delivery. */
  async function reached(arriving: readonly Arriving[]): Promise<boolean[]> {
    if (arriving.length === 0) return [];
    const holders = await ask((redis) => redis.mget(arriving.map(({ key }) => keys.open(key))));
    const named = arriving.map(({ deliveries }, i) => {
      const holder = holders[i] ?? null;
      return holder === null ? [] : deliveries(holder).map((id) => keys.delivery(id));
    });
    const open = [...new Set(holders.filter((holder) => holder !== null))];
    if (open.length === 0) return arriving.map(() => false);
    const [closed, noted] = await ask((redis) =>
      Promise.all([Promise.all(open.map((id) => redis.hget(keys.incident(id), 'closed'))), redis.mget(named.flat())]),
    );
    const over = new Set(open.filter((_, i) => closed[i] !== null));
    let next = 0;
    return named.map((names, i) => {
      const holder = holders[i] ?? '';
      const seen = noted.slice(next, next + names.length).includes(holder);
      next += names.length;
      return seen && !over.has(holder);
    });
  }

  return { reached };
}
