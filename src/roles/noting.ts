// What people do in Slack, noted in Redis until it is carried out. Redis cannot make any of it: a note counts only with
// the seal of a gateway, and only for a quarter of an hour, since who pressed what decides what may be written.

import { z } from 'zod';
import { canonical } from '../core/json.ts';
import { QueueUnavailable } from '../queue/errors.ts';
import { inboxIn } from '../queue/inbox.ts';
import type { RedisConnections } from '../queue/redis.ts';
import type { SlackApp } from '../slack/app.ts';
import { type Gesture, gesture } from '../slack/gesture.ts';
import type { Noted, Notes } from '../slack/ports.ts';
import { provesSeal, type SealKeys, seal } from './approvals.ts';
import type { Log } from './log.ts';

const noted = z.object({ gesture, seal: z.string().max(200) });

const KEPT_MS = 15 * 60_000;
const LOOK_EVERY_MS = 1_000;

const sealedText = (found: Gesture): string => `loopbreaker gesture 1\n${canonical(found)}`;

export interface OpenNotes extends Notes {
  /** From now on this gateway carries out what others, or it itself before it died, did not finish. */
  start(slack: Finishing): void;
  close(): Promise<void>;
}

type Finishing = Pick<SlackApp, 'carryOut' | 'letGo'>;

export function openNotes(redis: RedisConnections, keys: SealKeys, log: Log): OpenNotes {
  const inbox = inboxIn(redis);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();

  async function note(found: Gesture): Promise<Noted> {
    const text = JSON.stringify({ gesture: found, seal: seal(keys, sealedText(found)) });
    const first = await inbox.takeIn(found.id, text);
    // What stays behind is carried out again, which changes nothing.
    return { before: !first, over: () => inbox.over(text).catch(() => {}) };
  }

  /** Why this is not carried out; undefined when it is. */
  function refusal({ gesture: found, seal: proof }: z.output<typeof noted>): string | undefined {
    if (keys.length > 0 && !provesSeal(keys, sealedText(found), proof))
      return 'it does not carry the seal of my key: it was changed, or another bot noted it';
    const isRecent = Math.abs(redis.now() - Date.parse(found.at)) < KEPT_MS;
    return isRecent ? undefined : 'it waited for too long';
  }

  async function finish(text: string, { carryOut, letGo }: Finishing): Promise<void> {
    const found = noted.safeParse(parsed(text)).data;
    const because = found ? refusal(found) : 'it is none of mine';
    const about = { gesture: found?.gesture.id, by: found?.gesture.user };
    if (because !== undefined) {
      log.warn(about, `what was noted of Slack is not carried out: ${because}`);
      if (found) await letGo(found.gesture).catch(() => {});
    } else {
      log.info(about, 'what another gateway had taken in is carried out');
      if (found && !(await carryOut(found.gesture))) return;
    }
    await inbox.over(text);
  }

  async function look(slack: Finishing): Promise<void> {
    try {
      const left = await inbox.left();
      await Promise.all(left.map((text) => finish(text, slack)));
    } catch (error) {
      if (!passes(error)) log.error({ error: String(error) }, 'what a gateway had not finished could not be taken up');
    }
  }

  return {
    note,
    passes,
    start(slack) {
      const again = (): void => {
        looking = look(slack).then(() => {
          timer = timer && setTimeout(again, LOOK_EVERY_MS);
        });
      };
      timer = setTimeout(again, 0);
    },
    async close() {
      clearTimeout(timer);
      timer = undefined;
      await looking;
    },
  };
}

/** Redis is away: whoever notes nothing else is told so, and what is noted waits. */
function passes(error: unknown): boolean {
  return error instanceof QueueUnavailable;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
