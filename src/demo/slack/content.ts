// What a message may say: text, blocks and metadata of a call, checked as Slack checks them and named where unnamed.
// The same checks serve chat.* methods, response URLs and acknowledgements.

import { blockProblems, MESSAGE_TEXT_MAX, textLength } from './block-check.ts';
import { type Fields, isObject } from './block-rules.ts';
import { SlackRefusal } from './refusal.ts';
import type { Block } from './types.ts';
import { withIds } from './workspace.ts';

export type Content = { text: string; blocks: Block[]; metadata?: unknown; linkNames?: boolean };

/** Slack's form bodies carry objects as JSON text. */
export function jsonArgument(value: unknown, error: string): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw new SlackRefusal(error);
  }
}

export function flag(value: unknown): boolean {
  return value === true || value === 'true' || value === '1' || value === 1;
}

function checkedBlocks(value: unknown): Block[] | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const blocks = jsonArgument(value, 'invalid_blocks_format');
  if (!Array.isArray(blocks)) throw new SlackRefusal('invalid_blocks_format');
  const problems = blockProblems(blocks);
  if (problems.length) throw new SlackRefusal('invalid_blocks', problems);
  if (textLength(blocks) > MESSAGE_TEXT_MAX) throw new SlackRefusal('msg_blocks_too_long');
  return withIds(blocks);
}

function checkedMetadata(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return undefined;
  const metadata = jsonArgument(value, 'invalid_metadata_format');
  if (!isObject(metadata)) throw new SlackRefusal('invalid_metadata_format');
  const empty = Object.keys(metadata).length === 0;
  if (!empty && (typeof metadata.event_type !== 'string' || !isObject(metadata.event_payload))) {
    throw new SlackRefusal('invalid_metadata_schema');
  }
  if (JSON.stringify(metadata).length > 16_000) throw new SlackRefusal('metadata_too_large');
  return metadata;
}

/**
 * Text, blocks and metadata of a call; `blocks` is undefined when the call did not speak of them.
 * @param textMax 40,000 characters for a new message, 4,000 for an edit
 */
export function readContent(args: Fields, textMax: number): Partial<Content> {
  const text = args.text === undefined || args.text === null ? undefined : String(args.text);
  if (text !== undefined && text.length > textMax) throw new SlackRefusal('msg_too_long');
  if (args.attachments !== undefined) {
    // Secondary attachments are legacy and nothing here draws them.
    throw new SlackRefusal('invalid_attachments');
  }
  return {
    text,
    blocks: checkedBlocks(args.blocks),
    metadata: checkedMetadata(args.metadata),
    linkNames: flag(args.link_names) || args.parse === 'full',
  };
}

/** The content of a new message: it must say something. */
export function newContent(args: Fields): Content {
  const content = readContent(args, 40_000);
  if (!content.text && !content.blocks?.length) throw new SlackRefusal('no_text');
  return { ...content, text: content.text ?? '', blocks: content.blocks ?? [] };
}
