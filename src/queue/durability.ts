// What a Redis may lose of what it has acknowledged, in one sentence for the log. Invariant: what it does not say is
// told as not known, never as safe.

import type { Redis } from 'ioredis';
import { permitted } from './suitable.ts';

export interface Durability {
  /** True when a crash of this one Redis loses nothing that was acknowledged. */
  sure: boolean;
  sentence: string;
}

const CURE = 'Set appendonly yes and appendfsync always to lose nothing.';
const FAILOVER =
  'Replicas follow a moment later, so a failover can lose what the old master acknowledged last and had not passed on.';

/** `info` is the answer to INFO, where this user may ask for it. */
export async function durabilityOf(redis: Redis, info: string | undefined, failsOver: boolean): Promise<Durability> {
  const of = await crashOf(redis, info);
  if (failsOver) return { sure: false, sentence: `${of.sentence} ${FAILOVER}` };
  return of;
}

async function crashOf(redis: Redis, info: string | undefined): Promise<Durability> {
  const settings = await settingsOf(redis);
  const aof = info?.match(/^aof_enabled:([01])/m)?.[1] ?? { yes: '1', no: '0' }[settings.appendonly ?? ''];
  if (aof === undefined)
    return {
      sure: false,
      sentence:
        'What a crash of Redis would lose is not known: its user may not ask. Permit INFO and CONFIG GET: see docs/redis.md.',
    };
  if (aof === '0') {
    const lost =
      settings.save === '' ? 'everything, open incidents too' : 'everything since its last snapshot, often minutes';
    return { sure: false, sentence: `Redis keeps no append-only file: a crash of it loses ${lost}. ${CURE}` };
  }
  switch (settings.appendfsync) {
    case 'always':
      return {
        sure: true,
        sentence: 'Redis has each write on disk before it acknowledges it: its crash loses nothing.',
      };
    case 'everysec':
      return {
        sure: false,
        sentence: `Redis writes to disk once a second: when its machine crashes, about the last second of acknowledged alerts and decisions is lost, up to two on a slow disk. ${CURE}`,
      };
    case 'no':
      return {
        sure: false,
        sentence: `Redis leaves it to the system when its file is written: when its machine crashes, about the last 30 s are lost. ${CURE}`,
      };
    default:
      return {
        sure: false,
        sentence:
          'Redis keeps an append-only file, but does not say how often it is written to disk: up to the last second may be lost, or more. Permit CONFIG GET: see docs/redis.md.',
      };
  }
}

async function settingsOf(redis: Redis): Promise<{ [name: string]: string | undefined }> {
  const found: { [name: string]: string | undefined } = {};
  for (const name of ['appendonly', 'appendfsync', 'save']) {
    const answer = await permitted(redis.config('GET', name));
    if (Array.isArray(answer) && typeof answer[1] === 'string') found[name] = answer[1];
  }
  return found;
}
