// @ts-nocheck -- runs in the browser; the project's types know no DOM
// One message as Slack shows it: who, when, what, whether edited, whether only for you, and the way into its thread.

import { blocks } from './blocks.js';
import { remark } from './dialog.js';
import { el, icon } from './dom.js';
import { openMenu } from './menu.js';
import { act, go, nameOf, state } from './store.js';
import { clock, day, mrkdwn } from './text.js';

/** Menus of a message keep what was chosen in them until the page is closed, as Slack's client does. */
const chosen = new Map();

export function avatar(id) {
  const index = state.people.indexOf(id);
  const isBot = id === state.bot.id;
  const kind = isBot ? 'bot' : index >= 0 ? `person-${index % 4}` : 'other';
  return el(`span.avatar.avatar-${kind}`, { 'aria-hidden': 'true' }, isBot ? icon('loop') : nameOf(id).slice(0, 1));
}

function surfaceOf(message) {
  const key = `${message.channel}-${message.ts}`;
  return {
    key,
    value: (data, blockId) => chosen.get(`${key}-${blockId}-${data.action_id}`),
    choose: async (data, choice, blockId) => {
      if (choice !== undefined && data.type !== 'overflow') chosen.set(`${key}-${blockId}-${data.action_id}`, choice);
      const { channel, ts } = message;
      const answer = await act({ do: 'click', channel, ts, actionId: data.action_id, blockId, choice });
      if (answer.reason === 'message_not_found') remark('This message is gone.');
      else if (!answer.ok && !['operation_timeout', 'dispatch_failed'].includes(answer.reason)) remark(answer.reason);
    },
  };
}

function content(message) {
  if (message.deleted) return el('p.quiet', {}, 'This message was deleted.');
  const edited = message.edited && el('span.edited', {}, ' (edited)');
  if (!message.blocks.length) return el('div.text', {}, mrkdwn(message.text), edited);
  return [blocks(message.blocks, surfaceOf(message)), edited];
}

/**
 * A row of the log. `context.compact`: the same author goes on, so no face and name. `context.replies`: its answers;
 * undefined inside a thread.
 */
export function messageRow(message, context) {
  const isBot = state.names.get(message.user)?.isBot === true;
  const label = `${nameOf(message.user)} at ${clock(message.ts)}`;
  const classes = ['message', context.compact && 'compact', message.ephemeralFor && 'ephemeral'];
  return el(
    `li.${classes.filter(Boolean).join('.')}`,
    { 'data-ts': message.ts, 'aria-label': label },
    context.day && el('div.day', { role: 'separator' }, el('span', {}, day(message.ts))),
    message.ephemeralFor && el('p.only-you', {}, icon('eye'), 'Only visible to you'),
    message.threadTs && context.replies && el('p.only-you', {}, icon('reply'), 'Also sent from a thread'),
    el(
      'div.message-body',
      {},
      context.compact ? el('span.avatar-space', { 'aria-hidden': 'true' }, clock(message.ts)) : avatar(message.user),
      el(
        'div.message-content',
        {},
        !context.compact &&
          el(
            'p.byline',
            {},
            el('strong', {}, nameOf(message.user)),
            isBot && el('span.badge', {}, 'App'),
            el('time.quiet', { datetime: new Date(Number(message.ts) * 1000).toISOString() }, clock(message.ts)),
          ),
        content(message),
        context.replies?.length > 0 && repliesButton(message, context.replies),
      ),
      tools(message, context),
    ),
  );
}

function repliesButton(message, replies) {
  const count = `${replies.length} ${replies.length === 1 ? 'reply' : 'replies'}`;
  const authors = [...new Set(replies.map((reply) => reply.user))].slice(0, 3);
  return el(
    'button.replies',
    { type: 'button', 'data-action': 'replies', onclick: () => go(message.channel, message.ts) },
    el('span.faces', {}, authors.map(avatar)),
    el('strong', {}, count),
    el('span.quiet', {}, `Last reply ${clock(replies.at(-1).ts)}`),
  );
}

function tools(message, context) {
  if (message.ephemeralFor || message.deleted) return undefined;
  const reply =
    context.replies &&
    el(
      'button.icon-button',
      {
        type: 'button',
        'aria-label': 'Reply in thread',
        title: 'Reply in thread',
        onclick: () => go(message.channel, message.threadTs ?? message.ts),
      },
      icon('reply'),
    );
  const options = state.shortcuts.map(({ callbackId, name }) => ({ label: name, value: callbackId }));
  const more =
    options.length > 0 &&
    el(
      'button.icon-button',
      {
        type: 'button',
        'aria-label': 'More message actions',
        title: 'More message actions',
        onclick: (event) =>
          openMenu(event.currentTarget, [{ options }], (callbackId) =>
            act({ do: 'shortcut', channel: message.channel, ts: message.ts, callbackId }),
          ),
      },
      icon('more'),
    );
  return (reply || more) && el('div.tools', {}, reply, more);
}
