// How often what happened, over all processes and their restarts: one hash of counters in Redis. Counting never holds up
// what is counted: it is written once a second, and what a process that is killed had not written is not counted.

import type { RedisConnections } from './redis.ts';

export interface Totals {
  /** `name` and `detail` are words of ours, never foreign text: each pair is a field that stays. */
  add(name: string, detail?: string): void;
  read(): Promise<{ name: string; detail: string; count: number }[]>;
  close(): Promise<void>;
}

const flushEveryMs = 1_000;

export function totalsIn({ ask, keys }: RedisConnections): Totals {
  let waiting = new Map<string, number>();
  const timer = setInterval(flush, flushEveryMs).unref();

  async function flush(): Promise<void> {
    if (waiting.size === 0) return;
    const writing = [...waiting];
    waiting = new Map();
    // After an answer that was lost, counting again could count twice: better too few.
    await ask((redis) => Promise.all(writing.map(([field, by]) => redis.hincrby(keys.totals, field, by)))).catch(
      () => {},
    );
  }

  return {
    add: (name, detail = '') => {
      const field = `${name}|${detail}`;
      waiting.set(field, (waiting.get(field) ?? 0) + 1);
    },
    read: async () => {
      const fields = await ask((redis) => redis.hgetall(keys.totals));
      return Object.entries(fields).map(([field, count]) => {
        const [name = '', detail = ''] = field.split('|');
        return { name, detail, count: Number(count) };
      });
    },
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}
