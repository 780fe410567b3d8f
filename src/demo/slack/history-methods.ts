// conversations.history and conversations.replies: what stands in a channel, page by page, newest first; replies of a
// thread oldest first, the parent before them. Metadata comes along only when it is asked for.

import type { Fields } from './block-rules.ts';
import { channelOf, wireMessage } from './chat-methods.ts';
import { flag } from './content.ts';
import { SlackRefusal } from './refusal.ts';
import type { Message } from './types.ts';
import type { Workspace } from './workspace.ts';

export function conversationsHistory(workspace: Workspace, args: Fields): object {
  const messages = readable(workspace, args).filter((m) => !m.threadTs || m.broadcast);
  return page(workspace, args, messages.reverse());
}

export function conversationsReplies(workspace: Workspace, args: Fields): object {
  const all = readable(workspace, args, { bounded: false });
  const parent = all.find((m) => m.ts === String(args.ts ?? ''));
  if (!parent) throw new SlackRefusal('thread_not_found');
  const thread = parent.threadTs ?? parent.ts;
  return page(
    workspace,
    args,
    all.filter((m) => m.ts === thread || (m.threadTs === thread && isWithin(m, args))),
  );
}

function readable(workspace: Workspace, args: Fields, { bounded = true } = {}): Message[] {
  const channel = channelOf(workspace, args);
  if (channel.botIsMember === false) throw new SlackRefusal(channel.isPrivate ? 'channel_not_found' : 'not_in_channel');
  return workspace.visible(channel.id).filter((m) => !bounded || isWithin(m, args));
}

/** `oldest` and `latest` are message timestamps, without themselves unless `inclusive` is given. */
function isWithin({ ts }: Message, args: Fields): boolean {
  const oldest = String(args.oldest ?? '0');
  const latest = String(args.latest ?? '9999999999.999999');
  if (flag(args.inclusive) && (ts === oldest || ts === latest)) return true;
  return Number(ts) > Number(oldest) && Number(ts) < Number(latest);
}

function page(workspace: Workspace, args: Fields, messages: Message[]): object {
  const limit = Number(args.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) throw new SlackRefusal('invalid_limit');
  const from = args.cursor ? Number(Buffer.from(String(args.cursor), 'base64').toString()) : 0;
  if (!Number.isInteger(from)) throw new SlackRefusal('invalid_cursor');
  const more = from + limit < messages.length;
  const withMetadata = flag(args.include_all_metadata);
  return {
    messages: messages.slice(from, from + limit).map((message) => {
      const { metadata, ...wire } = wireMessage(workspace, message);
      return withMetadata && metadata !== undefined ? { ...wire, metadata } : wire;
    }),
    has_more: more,
    response_metadata: { next_cursor: more ? Buffer.from(String(from + limit)).toString('base64') : '' },
  };
}
