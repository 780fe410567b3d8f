// The words of the Slack double: people, channels, messages, views and what an app sends or receives.
// Field names inside payloads are Slack's own (snake_case); everything of ours is camelCase.

import type { Fields } from './block-rules.ts';

export type Person = {
  id: string;
  name: string;
  realName?: string;
  isRestricted?: boolean;
  isUltraRestricted?: boolean;
  isStranger?: boolean;
  deleted?: boolean;
  isBot?: boolean;
  teamId?: string;
};

export type Channel = {
  id: string;
  name: string;
  topic?: string;
  isPrivate?: boolean;
  isArchived?: boolean;
  isShared?: boolean;
  isExtShared?: boolean;
  /** The workspace that owns a shared channel; ours when left out. */
  contextTeamId?: string;
  /** Default true. */
  botIsMember?: boolean;
  /** Default: everybody. */
  members?: string[];
};

export type UserGroup = { id: string; handle: string; users: string[]; disabled?: boolean };

export type Block = { type: string; block_id: string } & Fields;

export type Message = {
  channel: string;
  /** Slack's message id: seconds and a sequence, unique in the workspace. */
  ts: string;
  /** A person's id, the bot's, or USLACKBOT. */
  user: string;
  text: string;
  blocks: Block[];
  threadTs?: string;
  /** A reply that is shown in the channel too. */
  broadcast?: boolean;
  /** Only this person sees it. */
  ephemeralFor?: string;
  /** Set when an edit shows: Slack hides the mark when blocks were edited. */
  edited?: { user: string; ts: string };
  metadata?: unknown;
  /** A deleted parent whose replies remain. */
  deleted?: boolean;
  /** The page's hint that mention names in `text` are links (`link_names`, `parse: full`). */
  linkNames?: boolean;
};

export type View = {
  id: string;
  user: string;
  rootId: string;
  previousId: string | null;
  hash: string;
  view: Fields & { blocks: Block[] };
  /** What the user has entered so far: block_id -> action_id -> Slack's state value. */
  values: Record<string, Record<string, unknown>>;
};

/** What changed in the workspace; `notice` is a passing remark of Slack's client to one person. */
export type Change =
  | { type: 'posted' | 'updated' | 'deleted'; message: Message }
  | { type: 'views'; user: string }
  | { type: 'notice'; user: string; text: string };

/** What an app asked of the Web API, and how it ended: 'ok' or Slack's error. */
export type ApiRequest = { method: string; args: Fields; result: string; at: number };

/** What Slack hands to an app. `retry` is set for an event that was not acknowledged before. */
export type Envelope = {
  type: 'slash_commands' | 'interactive' | 'events_api';
  payload: Fields;
  retry?: { attempt: number; reason: string };
};

/** The app's answer within three seconds, or why there was none. */
export type Delivered = { ok: true; body: unknown } | { ok: false; reason: 'operation_timeout' | 'dispatch_failed' };

export type Delivery = { deliver(envelope: Envelope): Promise<Delivered>; stop(): Promise<void> };
