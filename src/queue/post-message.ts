// One message of the outbox to Slack, as Redis keeps it. Invariant: what comes out of Redis is checked before it is
// believed; a record that is not ours is no message.

import { z } from 'zod';

/** One message that Loopbreaker keeps in Slack: posted once, edited ever after. */
export interface MessageRef {
  /** What it belongs to: an incident, a storm, a channel's overview. Letters, digits, dots, dashes, underscores; 1 to 64. */
  owner: string;
  /** Which of its messages; the same characters, 1 to 40. */
  name: string;
}

/** Where a message is to stand. */
export interface Wanted extends MessageRef {
  channel: string;
  /** The message in whose thread it stands; it is posted after that one. */
  parent?: MessageRef;
}

export interface StoredMessage extends MessageRef {
  id: string;
  channel: string;
  /** Id of the parent, '' at the top of the channel. */
  parent: string;
  /** The conversation it stands in where `channel` is somebody's id; '' where it stands in `channel`. */
  at: string;
  /** Slack's name for it; '' while it is not posted, as far as is known. */
  ts: string;
  /** Hash of what it last looked like. */
  shown: string;
  /** Its owner knows its ts. */
  told: boolean;
  /** Grows with every wish. */
  wants: number;
  /** Ms since the epoch, of the first wish that is not fulfilled. */
  wantedAt: number;
  /** Id that the post carries in its metadata, '' before the first attempt. */
  attempt: string;
  /** When a post was begun whose end nobody knows, ms; 0 when every end is known. */
  trying: number;
  /** Posts whose end stayed unknown. */
  tries: number;
  /** Calls that Slack failed, one after another. */
  failures: number;
  notBefore: number;
  /** It may stand in the channel twice, and says so. */
  repeated: boolean;
  /** What its owner knows of a ts is of a message that was deleted. */
  anew: boolean;
  dead: Dead | undefined;
}

export interface Dead {
  /** Slack's error, or a word of ours. */
  why: string;
  /** One sentence with the cure. */
  sentence: string;
  /** RFC 3339. */
  at: string;
}

export const idOf = ({ owner, name }: MessageRef): string => `${owner}/${name}`;

export function refOf(id: string): MessageRef {
  const [owner = '', name = ''] = id.split('/');
  return { owner, name };
}

export function storedMessage(ref: MessageRef, fields: unknown): StoredMessage | undefined {
  const row = shape.safeParse(fields);
  return row.success ? { id: idOf(ref), ...ref, ...row.data } : undefined;
}

const number = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
const flag = z.literal('1').transform(() => true);
const json = z.string().transform((text, context) => {
  try {
    return deadShape.parse(JSON.parse(text));
  } catch {
    context.addIssue('is not as I write it');
    return z.NEVER;
  }
});
const deadShape = z.object({ why: z.string(), sentence: z.string(), at: z.string() });

const shape = z
  .object({
    channel: z.string().min(1),
    parent: z.string().default(''),
    at: z.string().default(''),
    ts: z.string().default(''),
    shown: z.string().default(''),
    told: flag.default(false),
    wants: number.default(0),
    wantedAt: number.default(0),
    attempt: z.string().default(''),
    trying: number.default(0),
    tries: number.default(0),
    failures: number.default(0),
    notBefore: number.default(0),
    repeated: flag.default(false),
    anew: flag.default(false),
    dead: json.optional(),
  })
  .transform(({ dead, ...rest }) => ({ ...rest, dead }));
