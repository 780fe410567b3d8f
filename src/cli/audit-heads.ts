// Heads of journals that were noted outside of Redis: on a card ("entry 14, 3f9a2c1b0d4e5f60") and in the roles' log.

import { z } from 'zod';

export interface Head {
  incident: string;
  version: number;
  /** The hash or how it begins. */
  hash: string;
}

/** `14:3f9a2c1b0d4e5f60`; undefined when it is none. Fewer than 12 digits prove too little. */
export function readHead(incident: string, text: string): Head | undefined {
  const match = /^(\d{1,9}):([0-9a-f]{12,64})$/.exec(text.trim());
  return match ? { incident, version: Number(match[1]), hash: match[2] ?? '' } : undefined;
}

const line = z.object({ incident: z.string(), version: z.int().min(1), head: z.string().regex(/^[0-9a-f]{64}$/) });

/** The heads in a log of JSON lines; every other line is passed over. */
export function readLogHeads(text: string): Head[] {
  return text.split('\n').flatMap((one) => {
    const start = one.indexOf('{');
    if (start < 0 || !one.includes('"head"')) return [];
    try {
      const { incident, version, head } = line.parse(JSON.parse(one.slice(start)));
      return [{ incident, version, hash: head }];
    } catch {
      return [];
    }
  });
}
