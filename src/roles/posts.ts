// Everything that Loopbreaker says of itself in Slack leaves here: a wish for a message becomes an entry in the outbox,
// and postmen take it to Slack. Invariant: nothing else calls chat.postMessage or chat.update for a message that is kept.

import type { Effect } from '../core/incident/effects.ts';
import type { MessageName } from '../core/incident/messages.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { rootOf } from '../core/storm/members.ts';
import type { StormMessage, StormState } from '../core/storm/state.ts';
import type { MessageRef } from '../queue/post-message.ts';
import { type PostsOptions, postsIn } from '../queue/posts.ts';
import type { RedisConnections } from '../queue/redis.ts';
import { startWorker } from '../queue/worker.ts';
import type { CardSettings } from '../slack/card.ts';
import { isDirect, lookOf } from '../slack/post.ts';
import type { PostClient } from '../slack/send.ts';
import { stormLookOf } from '../slack/storm.ts';
import type { Log } from './log.ts';
import { type Drawn, kindOf, type MessageKind, type MessageKinds } from './posting/kinds.ts';
import { startPostmen } from './posting/postmen.ts';
import { JOBS, type OpenStories } from './story.ts';

export interface PostsSettings extends PostsOptions {
  stories: OpenStories['stories'];
  storms: Pick<OpenStories['storms'], 'read' | 'transition'>;
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
  const kinds: MessageKinds = { ...incidentKinds(settings), ...stormKinds(settings), ...settings.kinds };
  const posts = postsIn(redis, settings);

  async function want(ref: MessageRef): Promise<void> {
    const drawn = await kindOf(kinds, ref)?.draw(ref);
    if (!drawn) return;
    await posts.want({ ...ref, channel: drawn.channel, ...(drawn.parent ? { parent: drawn.parent } : {}) });
    if (drawn.also) await want(drawn.also);
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
  const postmen = startPostmen({ ...settings, posts, kinds });
  return {
    want,
    close: async () => {
      await wishes.close();
      await postmen.close();
    },
  };
}

/** What each message of a storm looks like is in slack/storm.ts. */
function stormKinds({ stories, storms, card }: PostsSettings): MessageKinds {
  /** What the others wait for, once it stands among them. */
  const rootIn = async (storm: StormState): Promise<IncidentState | undefined> => {
    const root = rootOf(storm);
    const state = root && (await stories.read(root.incident))?.state;
    return state?.life.storm === storm.id ? state : undefined;
  };
  const ofStorm: MessageKind = {
    draw: async ({ owner, name }) => {
      const stored = await storms.read(owner);
      const root = stored && name === 'storm' ? await rootIn(stored.state) : undefined;
      const look = stored && stormLookOf(stored.state, name as StormMessage, { ...card, root });
      if (!look) return undefined;
      const { channel, messages } = stored.state;
      const place = { channel, look, ts: messages[name as StormMessage] ?? null };
      return name === 'storm' ? place : { ...place, parent: { owner, name: 'storm' }, parentTs: messages.storm };
    },
    posted: async ({ owner, name }, ts) => {
      const message = name as StormMessage;
      const stored = await storms.read(owner);
      if (stored && stored.state.messages[message] !== ts)
        await storms.transition(owner, { type: 'posted', message, ts });
    },
  };
  return { storm: ofStorm, 'storm-end': ofStorm };
}

/** What each message of an incident looks like is in slack/post.ts. */
function incidentKinds({ stories, storms, card }: PostsSettings): MessageKinds {
  const ofIncident: MessageKind = {
    draw: async ({ owner, name }) => {
      const stored = await stories.read(owner);
      if (!stored) return undefined;
      const id = stored.state.life.storm;
      const storm = id === '' ? undefined : (await storms.read(id))?.state;
      const beside = storm && { channel: storm.channel, ts: storm.messages.storm ?? '' };
      const look = lookOf(stored.state, name as MessageName, { ...card, storm: beside }, stored);
      const also =
        name === 'member' && storm && rootOf(storm)?.incident === owner ? { owner: id, name: 'storm' } : undefined;
      return look && { ...placeOf(stored.state, name as MessageName, storm), look, also };
    },
    posted: async ({ owner, name }, ts) => {
      const message = name as MessageName;
      const stored = await stories.read(owner);
      if (stored && stored.state.messages[message] !== ts)
        await stories.transition(owner, { type: 'posted', message, ts });
    },
  };
  return {
    card: ofIncident,
    member: ofIncident,
    details: ofIncident,
    plan: ofIncident,
    outcome: ofIncident,
    news: ofIncident,
    direct: ofIncident,
  };
}

function placeOf(
  { id, request, messages, life }: IncidentState,
  name: MessageName,
  storm: StormState | undefined,
): Omit<Drawn, 'look'> {
  const { channel } = request.place;
  const ts = messages[name] ?? null;
  // Slack takes somebody's id for the conversation with them.
  if (isDirect(name)) return { channel: name.split('.')[2] ?? '', ts };
  // Slack knows no thread within a thread: whatever a member says stands in that of its storm.
  if (life.storm !== '' && name !== 'card')
    return { channel, ts, parent: { owner: life.storm, name: 'storm' }, parentTs: storm?.messages.storm };
  return name === 'card'
    ? { channel, ts }
    : { channel, ts, parent: { owner: id, name: 'card' }, parentTs: messages.card };
}
