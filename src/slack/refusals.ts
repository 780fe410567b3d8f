// Why a message was given up, in one sentence that says what cures it: for the log and for the dead-letter list.

const TOKEN = 'Install the app again, put its new bot token into SLACK_BOT_TOKEN, and restart the gateway.';
const OURS = 'That is a fault of mine: please report it with the incident.';

const SENTENCES: { [why: string]: (channel: string) => string } = {
  channel_not_found: (c) =>
    `Slack does not show me the channel ${c}: it was deleted, its id is wrong, or it is private and I am not in it. Invite me there, or correct the id.`,
  not_in_channel: (c) => `I am not in the channel ${c}. Invite me there: /invite @loopbreaker.`,
  is_archived: (c) => `The channel ${c} is archived. Unarchive it, or name another channel for what is posted there.`,
  restricted_action: (c) => `Your workspace does not let me post in the channel ${c}. Let a workspace admin allow it.`,
  invalid_auth: () => `Slack does not accept my token. ${TOKEN}`,
  not_authed: () => `Slack does not accept my token. ${TOKEN}`,
  token_revoked: () => `My Slack token was revoked. ${TOKEN}`,
  token_expired: () => `My Slack token has expired. ${TOKEN}`,
  account_inactive: () => `My Slack app was removed or switched off. ${TOKEN}`,
  missing_scope: () =>
    'My Slack app lacks the scope chat:write. Add it to the app, install it again, and restart the gateway.',
  msg_too_long: () => `Slack finds the message too long. ${OURS}`,
  msg_blocks_too_long: () => `Slack finds the message too long. ${OURS}`,
  invalid_blocks: () => `Slack finds the message malformed. ${OURS}`,
  invalid_blocks_format: () => `Slack finds the message malformed. ${OURS}`,
  no_text: () => `Slack finds the message empty. ${OURS}`,
  message_not_found: () => 'The message was deleted in Slack. A replay posts it anew.',
  cant_update_message: () =>
    'Slack does not let me edit the message: another app posted it. Was SLACK_BOT_TOKEN changed to another app?',
  edit_window_closed: () =>
    'Your workspace does not let messages be edited after a while. Let a workspace admin allow it for apps.',
  thread_not_found: () => 'The message above it was deleted in Slack, so it has no thread to stand in.',
  cannot_reply_to_message: () => 'The message above it cannot have a thread.',
  // Words of ours.
  day: () => 'Slack did not take it for a day. Look at the log for what Slack said.',
  unsure: () =>
    'Slack left several attempts without an answer, so it may stand there more than once. Look into the channel before you replay it.',
  parent: () => 'The message in whose thread it belongs was given up. Replay that one first.',
};

/** To one person, whose id stands for the conversation with them. */
const DIRECT: typeof SENTENCES = {
  missing_scope: () =>
    'My Slack app lacks a scope for direct messages. Add im:write beside chat:write, install it again, and restart the gateway.',
  messages_tab_disabled: () =>
    'The Messages Tab of my Slack app is off, so nobody is told directly. Switch it on under App Home.',
  channel_not_found: (user) => `Slack does not let me write to ${user} directly: the account may have left.`,
};

export function refusalSentence(why: string, channel: string): string {
  const sentences = isPerson(channel) ? { ...SENTENCES, ...DIRECT } : SENTENCES;
  return sentences[why]?.(channel) ?? `Slack refuses the message (${why}).`;
}

export function isPerson(channel: string): boolean {
  return /^[UW]/.test(channel);
}
