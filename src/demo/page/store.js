// @ts-nocheck -- runs in the browser; the project's types know no DOM
// What the page knows, kept up to date by the server's events, and the one way to ask the server for something.
// Messages are replaced, never changed, so that the same object always looks the same.

import { EMOJI } from './emoji.js';

export const state = {
  me: '',
  team: '',
  bot: { id: '', name: '' },
  people: [],
  names: new Map(),
  groups: new Map(),
  channels: [],
  messages: new Map(),
  views: [],
  commands: [],
  suggestions: [],
  shortcuts: [],
  banner: '',
  /** The channel on screen and the parent of the open thread; both live in the address, so that "back" works. */
  channel: '',
  thread: '',
  unread: new Map(),
};

const listeners = new Set();
let source;

/** Calls back with 'all', 'messages', 'views' or 'route' after each change. */
export function subscribe(listener) {
  listeners.add(listener);
}

export function announce(what) {
  for (const listener of listeners) listener(what);
}

const keyOf = (message) => `${message.channel} ${message.ts}`;

/** Becomes a person: what was known is forgotten, for the other one may not know it. */
export function become(person, onNotice) {
  source?.close();
  source = new EventSource(person ? `/events?as=${encodeURIComponent(person)}` : '/events');
  source.onmessage = ({ data }) => receive(JSON.parse(data), onNotice);
  source.onerror = () => document.body.classList.add('offline');
  source.onopen = () => document.body.classList.remove('offline');
}

function receive(event, onNotice) {
  if (event.type === 'notice') return onNotice(event.text);
  if (event.type === 'views') {
    state.views = event.views;
    return announce('views');
  }
  if (event.type === 'snapshot') return takeSnapshot(event);
  if (event.type === 'deleted') state.messages.delete(keyOf(event));
  else takeMessage(event.message);
  announce('messages');
}

function takeSnapshot({ names, groups, messages, type: _type, ...rest }) {
  const isNewcomer = rest.me !== state.me;
  Object.assign(state, rest);
  state.names = new Map(names.map((name) => [name.id, name]));
  state.groups = new Map(groups.map((group) => [group.id, group.handle]));
  state.messages = new Map(messages.map((message) => [keyOf(message), message]));
  if (isNewcomer) state.unread = new Map();
  readRoute();
  announce('all');
}

function takeMessage(message) {
  const isNew = !state.messages.has(keyOf(message));
  state.messages.set(keyOf(message), message);
  if (isNew && message.channel !== state.channel && message.user !== state.me) {
    const before = state.unread.get(message.channel) ?? { mentions: 0 };
    state.unread.set(message.channel, { mentions: before.mentions + (message.pingsMe ? 1 : 0) });
  }
}

/** Messages of a channel in order: parents and replies. */
export function messagesOf(channel) {
  const own = [...state.messages.values()].filter((message) => message.channel === channel);
  return own.sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

/** `#/C0INC/1763694000.000001`: channel and thread. */
export function readRoute() {
  const [, channel = '', thread = ''] = location.hash.split('/').map(decodeURIComponent);
  const known = state.channels.some(({ id }) => id === channel);
  state.channel = known ? channel : (state.channels[0]?.id ?? '');
  state.thread = known ? thread : '';
  state.unread.delete(state.channel);
}

export function go(channel, thread = '') {
  location.hash = `#/${encodeURIComponent(channel)}${thread ? `/${encodeURIComponent(thread)}` : ''}`;
}

/** Asks the server to do something as the present person. Returns its answer; `ok: false` carries a reason. */
export async function act(request) {
  try {
    const response = await fetch('/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as: state.me, ...request }),
    });
    return await response.json();
  } catch {
    return { ok: false, reason: 'The demo has stopped. Start it again in the terminal.' };
  }
}

export function nameOf(id) {
  return state.names.get(id)?.realName ?? id;
}

export function emojiOf(name) {
  return EMOJI[name];
}
