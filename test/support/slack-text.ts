// What people would read of our messages, as lines of plain text, through the double's own reader.

import { messageLines } from '../../src/demo/slack/transcript.ts';
import type { Block } from '../../src/demo/slack/types.ts';
import { createWorkspace } from '../../src/demo/slack/workspace.ts';
import type { Message } from '../../src/slack/blocks.ts';

const workspace = createWorkspace({
  users: [
    { id: 'U0ANN', name: 'ann' },
    { id: 'U0BOB', name: 'bob' },
    { id: 'U0EVE', name: 'eve' },
  ],
  channels: [{ id: 'C0OPS', name: 'ops' }],
});

export function asMessage({ text, blocks }: Message) {
  return { channel: 'C0OPS', ts: '1.000001', user: workspace.bot.userId, text, blocks: blocks as unknown as Block[] };
}

export function linesOf(message: Message): string[] {
  return messageLines(workspace, asMessage(message));
}
