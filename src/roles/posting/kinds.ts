// What the outbox needs to know of a kind of message. To add a kind: one row in the table of kinds (posts.ts), and `want`
// wherever it is to look otherwise. When it is sent, how often, and that it is sent once, is the outbox's business.

import type { MessageRef } from '../../queue/post-message.ts';
import type { Message } from '../../slack/blocks.ts';

export interface MessageKind {
  /** What it is to look like now, drawn at the moment of sending; undefined: there is nothing to show. */
  draw(ref: MessageRef): Promise<Drawn | undefined>;
  /** It stands in Slack from now on; may be told twice. */
  posted(ref: MessageRef, ts: string): Promise<void>;
}

export interface Drawn {
  channel: string;
  /** The message in whose thread it stands. */
  parent?: MessageRef;
  look: Message;
  /** As its owner knows it, for the outbox forgets after a while; null: none, so a new message is to be posted. */
  ts?: string | null | undefined;
  parentTs?: string | undefined;
  /** Another message that shows the same, and looks otherwise whenever this one does. */
  also?: MessageRef | undefined;
}

/** By the name of the message up to its first dot: `news.3` is of the kind `news`. */
export type MessageKinds = { [name: string]: MessageKind };

export const kindOf = (kinds: MessageKinds, { name }: MessageRef): MessageKind | undefined => {
  const [kind = ''] = name.split('.');
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
};
