// What a person does with a message: presses a button, chooses from a menu, picks a message shortcut. What they had on
// their screen counts, even when the message has changed meanwhile.

import type { Fields } from './block-rules.ts';
import { wireMessage } from './chat-methods.ts';
import { type Choice, chosen, elementsOf, stateValues } from './element-state.ts';
import { type GestureContext, interaction, type Outcome, place, responseUrl } from './gestures.ts';
import type { Message, Person } from './types.ts';

export function createMessageGestures(context: GestureContext) {
  const { workspace, delivery } = context;
  /** What each person chose in each message, so that `state.values` is whole at the next click. */
  const chosenSoFar = new Map<string, Record<string, Record<string, unknown>>>();

  /** Sends an interaction of a message; its acknowledgement says nothing that Slack would read. */
  async function interact(user: Person, payload: Fields): Promise<Outcome> {
    const answer = await delivery.deliver({ type: 'interactive', payload });
    if (answer.ok) return { ok: true };
    workspace.announce({ type: 'notice', user: user.id, text: `${workspace.bot.name} did not respond. Try again?` });
    return answer;
  }

  /**
   * Presses a button or chooses from a menu. `message` is what the person had on the screen: a message that changed
   * meanwhile still sends the old button's value, as it does when two people press at the same moment.
   */
  async function click(
    userId: string,
    message: Message,
    actionId: string,
    more: { choice?: Choice; blockId?: string } = {},
  ): Promise<Outcome> {
    const { channel, user } = place(workspace, message.channel, userId);
    const current = workspace.find(message.channel, message.ts);
    if (!current || (current.ephemeralFor && current.ephemeralFor !== userId)) {
      return { ok: false, reason: 'message_not_found' };
    }
    const block = message.blocks.find(
      (candidate) =>
        (more.blockId === undefined || candidate.block_id === more.blockId) &&
        elementsOf(candidate).some((element) => element.action_id === actionId),
    );
    const element = block && elementsOf(block).find((candidate) => candidate.action_id === actionId);
    if (!block || !element) throw new Error(`message ${message.ts} has no element "${actionId}"`);
    const value = chosen(element, more.choice);
    const key = `${userId} ${message.channel} ${message.ts}`;
    const entered = chosenSoFar.get(key) ?? {};
    entered[block.block_id] = { ...entered[block.block_id], [actionId]: value };
    chosenSoFar.set(key, entered);
    const isEphemeral = current.ephemeralFor !== undefined;
    const inThread = current.threadTs ? { thread_ts: current.threadTs } : {};
    return interact(user, {
      type: 'block_actions',
      ...interaction(context, user),
      container: {
        type: 'message',
        message_ts: current.ts,
        channel_id: channel.id,
        is_ephemeral: isEphemeral,
        ...inThread,
      },
      channel: { id: channel.id, name: channel.name },
      // Slack keeps no copy of an ephemeral message.
      ...(isEphemeral ? {} : { message: wireMessage(workspace, current) }),
      state: { values: stateValues(current.blocks, entered) },
      response_url: responseUrl(context, {
        kind: 'actions',
        user: user.id,
        channel: channel.id,
        threadTs: current.threadTs,
        messageTs: current.ts,
      }),
      actions: [{ action_id: actionId, block_id: block.block_id, ...value, action_ts: workspace.nextTs() }],
    });
  }

  async function messageShortcut(userId: string, message: Message, callbackId: string): Promise<Outcome> {
    const { channel, user } = place(workspace, message.channel, userId);
    const target = { kind: 'actions' as const, user: user.id, channel: channel.id, threadTs: message.threadTs };
    return interact(user, {
      type: 'message_action',
      callback_id: callbackId,
      ...interaction(context, user),
      message_ts: message.ts,
      message: wireMessage(workspace, message),
      channel: { id: channel.id, name: channel.name },
      response_url: responseUrl(context, target),
      action_ts: workspace.nextTs(),
    });
  }

  return { click, messageShortcut };
}
