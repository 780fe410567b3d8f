// What the outbox's tests share: messages that are one line of text each, kept in Redis, and postmen to carry them.

import { idOf, type MessageRef, refOf } from '../../src/queue/post-message.ts';
import { postsIn } from '../../src/queue/posts.ts';
import type { RedisConnections } from '../../src/queue/redis.ts';
import { boltLogger, createLog } from '../../src/roles/log.ts';
import type { MessageKind } from '../../src/roles/posting/kinds.ts';
import { startPostmen } from '../../src/roles/posting/postmen.ts';
import { context, message, section } from '../../src/slack/blocks.ts';
import { createPostClient } from '../../src/slack/send.ts';

export const TOKENS = { botToken: 'xoxb-test', appToken: 'xapp-test', signingSecret: 'test-signing-secret' };

interface Text {
  channel: string;
  text: string;
  parent?: string;
}

/** Texts by message, and what their owner was told of their timestamps. */
export function textsIn({ ask }: RedisConnections) {
  const read = async (ref: MessageRef): Promise<Text | undefined> => {
    const stored = await ask((client) => client.get(`test:text:${idOf(ref)}`));
    return stored ? (JSON.parse(stored) as Text) : undefined;
  };
  const kind: MessageKind = {
    draw: async (ref) => {
      const stored = await read(ref);
      if (!stored) return undefined;
      const { channel, text, parent } = stored;
      const look = message(text, [...section([text]), ...context('a line below')]);
      return { channel, look, ...(parent ? { parent: refOf(parent) } : {}) };
    },
    posted: async (ref, ts) => void (await ask((client) => client.sadd(`test:told:${idOf(ref)}`, ts))),
  };
  return {
    kinds: { card: kind, reply: kind, more: kind },
    write: (id: string, text: Text) => ask((client) => client.set(`test:text:${id}`, JSON.stringify(text))),
    told: (id: string) => ask((client) => client.smembers(`test:told:${id}`)),
  };
}

/** The outbox of this Redis; `say` writes a text and wants it shown. */
export function outboxIn(redis: RedisConnections, options: { holdMs?: number } = {}) {
  const texts = textsIn(redis);
  const posts = postsIn(redis, options);
  const say = async (id: string, text: Text): Promise<void> => {
    await texts.write(id, text);
    const parent = text.parent ? { parent: refOf(text.parent) } : {};
    await posts.want({ ...refOf(id), channel: text.channel, ...parent });
  };
  const log = createLog('silent', 'test');
  const postmen = (apiUrl: string, settleMs = 100) => {
    const client = createPostClient({ ...TOKENS, apiUrl }, boltLogger(log));
    return startPostmen({ posts, client, kinds: texts.kinds, log, settleMs });
  };
  return { posts, texts, say, postmen };
}
