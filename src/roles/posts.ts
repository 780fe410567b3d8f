// Everything that Loopbreaker says of itself in Slack leaves here: a wish for a message becomes an entry in the outbox,
// and postmen take it to Slack. Invariant: nothing else calls chat.postMessage or chat.update for a message that is kept.

import type { Effect, IncidentState, MessageName } from '../core/incident/state.ts';
import type { MessageRef } from '../queue/post-message.ts';
import { type Held, type Posts, type PostsOptions, postsIn } from '../queue/posts.ts';
import type { RedisConnections } from '../queue/redis.ts';
import { startWorker } from '../queue/worker.ts';
import type { CardSettings } from '../slack/card.ts';
import { isDirect, lookOf } from '../slack/post.ts';
import type { PostClient } from '../slack/send.ts';
import type { Log } from './log.ts';
import { type Drawn, kindOf, type MessageKind, type MessageKinds, postman } from './postman.ts';
import { JOBS, type OpenStories } from './story.ts';

export interface PostsSettings extends PostsOptions {
  stories: OpenStories['stories'];
  client: PostClient;
  card: CardSettings;
  log: Log;
  /** Kinds of messages beside an incident's own. */
  kinds?: MessageKinds;
  settleMs?: number;
}

export interface RunningPosts {
  /** The message is to look otherwise than it does; safe to say twice. */
  want(ref: MessageRef): Promise<void>;
  close(): Promise<void>;
}

export function startPosts(redis: RedisConnections, settings: PostsSettings): RunningPosts {
  const { log } = settings;
  const kinds: MessageKinds = { ...incidentKinds(settings), ...settings.kinds };
  const posts = postsIn(redis, settings);

  async function want(ref: MessageRef): Promise<void> {
    const drawn = await kindOf(kinds, ref)?.draw(ref);
    if (drawn) await posts.want({ ...ref, channel: drawn.channel, ...(drawn.parent ? { parent: drawn.parent } : {}) });
  }

  const wishes = startWorker<Effect>(redis, {
    queue: 'gateway',
    jobs: JOBS,
    concurrency: 16,
    handlers: {
      post: async ({ incident, effect }) => {
        if (effect.job === 'post') await want({ owner: incident, name: effect.message });
      },
    },
    onFailedForGood: async ({ incident, effect }, error) => {
      log.error({ incident, job: effect.job, error: String(error) }, 'a wish for a message could not be noted');
    },
    onProblem: (sentence) => log.warn(sentence),
  });
  const postmen = startPostmen(posts, postman({ ...settings, posts, kinds }), log);
  return {
    want,
    close: async () => {
      await wishes.close();
      await postmen.close();
    },
  };
}

/** What each message of an incident looks like is in slack/post.ts. */
function incidentKinds({ stories, card }: PostsSettings): MessageKinds {
  const ofIncident: MessageKind = {
    draw: async ({ owner, name }) => {
      const stored = await stories.read(owner);
      const look = stored && lookOf(stored.state, name as MessageName, card, stored);
      return look ? { ...placeOf(stored.state, name as MessageName), look } : undefined;
    },
    posted: async ({ owner, name }, ts) => {
      const message = name as MessageName;
      const stored = await stories.read(owner);
      if (stored && stored.state.messages[message] !== ts)
        await stories.transition(owner, { type: 'posted', message, ts });
    },
  };
  return { card: ofIncident, details: ofIncident, plan: ofIncident, outcome: ofIncident, news: ofIncident, direct: ofIncident };
}

function placeOf({ id, request, messages }: IncidentState, name: MessageName): Omit<Drawn, 'look'> {
  const { channel } = request.place;
  const ts = messages[name] ?? null;
  // Slack takes somebody's id for the conversation with them.
  if (isDirect(name)) return { channel: name.split('.')[2] ?? '', ts };
  return name === 'card'
    ? { channel, ts }
    : { channel, ts, parent: { owner: id, name: 'card' }, parentTs: messages.card };
}

/** Channels that are served at a time: a call to Slack takes a fraction of a second, and each channel one a second. */
const CHANNELS_AT_ONCE = 16;
const LOOK_AGAIN_MS = 1_000;

function startPostmen(posts: Posts, serve: (held: Held) => Promise<number>, log: Log): { close(): Promise<void> } {
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
      againInMs = await serve(held);
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
