// @ts-nocheck -- runs in the browser; the project's types know no DOM
// The channel's log and the thread's log. Only rows that changed are drawn again, so that a live edit neither moves
// what somebody reads nor takes the focus from what they are about to press.

import { byId, el } from './dom.js';
import { messageRow } from './messages.js';
import { messagesOf, state } from './store.js';
import { day } from './text.js';

const SAME_AUTHOR_SECONDS = 300;
const STICK_PIXELS = 120;

/** What each row of a channel needs to know besides its message. */
function channelRows(channel) {
  const all = messagesOf(channel);
  const shown = all.filter((message) => !message.threadTs || message.broadcast);
  return shown.map((message, index) => {
    const before = shown[index - 1];
    const isNewDay = !before || day(before.ts) !== day(message.ts);
    const replies = all.filter((reply) => reply.threadTs === message.ts && !reply.ephemeralFor);
    return { message, context: { compact: !isNewDay && goesOn(before, message), day: isNewDay, replies } };
  });
}

function threadRows(channel, parentTs) {
  const all = messagesOf(channel);
  const parent = all.find((message) => message.ts === parentTs);
  if (!parent) return [];
  const replies = all.filter((message) => message.threadTs === parentTs);
  return [parent, ...replies].map((message, index, list) => ({
    message,
    context: { compact: index > 1 && goesOn(list[index - 1], message), day: false, replies: undefined },
  }));
}

function goesOn(before, message) {
  const near = Number(message.ts) - Number(before.ts) < SAME_AUTHOR_SECONDS;
  const alike = before.user === message.user && before.ephemeralFor === message.ephemeralFor;
  return near && alike && !message.broadcast && !before.threadTs === !message.threadTs;
}

/** Brings a list in line with its rows; `signature` tells whether a row must be drawn again. */
function reconcile(list, rows) {
  const old = new Map([...list.children].map((node) => [node.dataset.ts, node]));
  const focused = list.contains(document.activeElement) ? document.activeElement : undefined;
  const focusedTs = focused?.closest('[data-ts]')?.dataset.ts;
  const focusedAction = focused?.dataset.action;
  const nodes = rows.map(({ message, context }) => {
    const signature = JSON.stringify([message, context, state.me]);
    const known = old.get(message.ts);
    if (known?.signature === signature) return known;
    const node = messageRow(message, context);
    node.signature = signature;
    if (!known && list.dataset.alive) node.classList.add('new');
    return node;
  });
  // Rows that stay are not touched: whoever listens to this log hears only what is new.
  for (const node of [...list.children]) if (!nodes.includes(node)) node.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
  if (focused && !focused.isConnected) {
    const row = nodes.find((node) => node.dataset.ts === focusedTs);
    const again = [...(row?.querySelectorAll('[data-action]') ?? [])].find(
      (node) => node.dataset.action === focusedAction,
    );
    (again ?? row?.querySelector('button'))?.focus({ preventScroll: true });
  }
}

/**
 * Draws into `list`. A channel opens at its newest message and stays there when that is where the reader was; a thread
 * opens at its beginning, to be read.
 */
function draw(list, scroller, rows, key, opensAt) {
  const isOther = list.dataset.key !== key;
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < STICK_PIXELS;
  if (isOther) delete list.dataset.alive;
  reconcile(list, rows);
  list.dataset.key = key;
  list.dataset.alive = 'yes';
  if (isOther) scroller.scrollTop = opensAt === 'end' ? scroller.scrollHeight : 0;
  else if (atEnd && opensAt === 'end') scroller.scrollTop = scroller.scrollHeight;
}

export function drawChannel() {
  draw(byId('log'), byId('channel-scroll'), channelRows(state.channel), `${state.me} ${state.channel}`, 'end');
}

export function drawThread() {
  const rows = state.thread ? threadRows(state.channel, state.thread) : [];
  const pane = byId('thread');
  pane.hidden = rows.length === 0;
  document.body.classList.toggle('with-thread', rows.length > 0);
  draw(byId('thread-log'), byId('thread-scroll'), rows, `${state.me} ${state.channel} ${state.thread}`, 'start');
  const count = rows.length - 1;
  const rule = el(
    'li.count',
    { role: 'separator' },
    count > 0 ? `${count} ${count === 1 ? 'reply' : 'replies'}` : 'No replies yet',
  );
  byId('thread-log').querySelector('.count')?.remove();
  byId('thread-log').firstElementChild?.after(rule);
}
