// Small promises between processes: "this delivery was seen", "this plan is mine to carry out". Invariant: when Redis
// cannot be asked the answer is an error, never a yes.

import type { RedisConnections } from './redis.ts';
import * as scripts from './scripts.ts';

export interface Claim {
  /** Grows with every claim ever granted: whoever holds the larger one came later. */
  fence: number;
}

export function claimsIn({ ask, keys }: RedisConnections) {
  /**
   * True for the first delivery of this id, false for repeats. A caller that dies right after has lost the delivery: for
   * one that must reach an incident, hand `delivery` to open or transition instead, which notes both in one step.
   */
  async function once(deliveryId: string, ttlSeconds: number): Promise<boolean> {
    return (await ask((redis) => redis.set(keys.once(deliveryId), '1', 'EX', ttlSeconds, 'NX'))) === 'OK';
  }

  /** The claim, or null while another token holds it. Claiming again with the same token prolongs it. */
  async function claim(name: string, token: string, ttlMs: number): Promise<Claim | null> {
    const fence = await ask((redis) => scripts.claim(redis, [keys.claim(name), keys.fence], [token, ttlMs]));
    return typeof fence === 'number' ? { fence } : null;
  }

  /** False when the token no longer held it. */
  async function release(name: string, token: string): Promise<boolean> {
    return (await ask((redis) => scripts.release(redis, [keys.claim(name)], [token]))) === 1;
  }

  return { once, claim, release };
}
