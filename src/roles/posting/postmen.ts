// Takes channels that have something to be done, as many at a time as there are hands, and gives them back. Invariant: any
// number of gateways may do this at once, and one that dies in the middle holds its channels for some seconds only.

import type { Held } from '../../queue/posts.ts';
import type { Desk } from './outcome.ts';
import { serve } from './serve.ts';

/** Channels that are served at a time: a call to Slack takes a fraction of a second, and each channel one a second. */
const CHANNELS_AT_ONCE = 16;
const LOOK_AGAIN_MS = 1_000;

export function startPostmen(settings: Omit<Desk, 'toldDirect'>): { close(): Promise<void> } {
  const desk: Desk = { ...settings, toldDirect: new Set() };
  const { posts, log } = desk;
  const serving = new Set<Promise<void>>();
  let nudged = false;
  let closed = false;
  let wake = () => {};
  const nudge = () => {
    nudged = true;
    wake();
  };

  function sleep(ms: number): Promise<void> {
    if (nudged || closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => wake(), ms);
      wake = () => {
        clearTimeout(timer);
        wake = () => {};
        resolve();
      };
    });
  }

  async function serveOne(held: Held): Promise<void> {
    let againInMs = LOOK_AGAIN_MS;
    try {
      againInMs = await serve(desk, held);
    } catch (error) {
      log.warn({ channel: held.channel, error: String(error) }, 'a channel could not be served; trying again');
    }
    // Where this fails too, the channel comes back by itself.
    await posts.giveBack(held, againInMs).catch(() => {});
  }

  async function run(): Promise<void> {
    while (!closed) {
      nudged = false;
      if (serving.size >= CHANNELS_AT_ONCE) {
        await Promise.race(serving);
        continue;
      }
      const taken = await posts.take().catch(() => ({ waitMs: LOOK_AGAIN_MS })); // Redis tells by itself that it is away
      if ('held' in taken) {
        const one: Promise<void> = serveOne(taken.held).finally(() => {
          serving.delete(one);
          nudge();
        });
        serving.add(one);
      } else await sleep(taken.waitMs < 0 ? LOOK_AGAIN_MS : Math.min(taken.waitMs, LOOK_AGAIN_MS));
    }
  }

  const ear = posts.listen(nudge);
  const running = run();
  return {
    close: async () => {
      closed = true;
      wake();
      await running;
      await Promise.all([...serving, ear.close()]);
    },
  };
}
