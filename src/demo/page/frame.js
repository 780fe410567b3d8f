// @ts-nocheck -- runs in the browser; the project's types know no DOM
// What surrounds the messages: channels, the people one can be, what to try, the banner, and the welcome of an empty
// channel.

import { byId, el, fill, icon } from './dom.js';
import { avatar } from './messages.js';
import { go, messagesOf, nameOf, state } from './store.js';

export function drawFrame({ become, suggest }) {
  const channel = state.channels.find(({ id }) => id === state.channel);
  document.title = `${channel ? `#${channel.name} · ` : ''}${state.bot.name} demo`;
  byId('team').textContent = state.team;
  byId('banner').textContent = state.banner;
  byId('banner').hidden = !state.banner;
  fill(byId('channel-name'), mark(channel), channel?.name ?? '');
  byId('channel-topic').textContent = channel?.topic ?? '';
  byId('thread-channel').textContent = channel ? `# ${channel.name}` : '';
  fill(byId('channels'), state.channels.map(channelRow));
  const people = state.people.length > 1 ? state.people.map((id) => personButton(id, become)) : me();
  fill(byId('people'), el('span.you-are', { 'aria-hidden': 'true' }, 'You are'), people);
  byId('try').hidden = state.suggestions.length === 0;
  fill(byId('suggestions'), suggestionRows(suggest));
  drawWelcome(channel, suggest);
}

function mark(channel) {
  return channel?.isPrivate ? icon('lock') : el('span.hash', { 'aria-hidden': 'true' }, '#');
}

function channelRow(channel) {
  const unread = state.unread.get(channel.id);
  const isOpen = channel.id === state.channel;
  return el(
    'li',
    {},
    el(
      `button${unread ? '.unread' : ''}`,
      { type: 'button', 'aria-current': isOpen ? 'page' : undefined, onclick: () => go(channel.id) },
      mark(channel),
      el('span', {}, channel.name),
      channel.isExtShared && el('span.badge', {}, 'external'),
      unread?.mentions > 0 &&
        el('span.count-badge', { 'aria-label': `${unread.mentions} mentions` }, String(unread.mentions)),
    ),
  );
}

function personButton(id, become) {
  return el(
    'button.person',
    {
      type: 'button',
      role: 'radio',
      'aria-checked': String(id === state.me),
      'aria-label': `Be ${nameOf(id)}`,
      tabindex: id === state.me ? 0 : -1,
      onclick: () => become(id),
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const at = state.people.indexOf(id) + step + state.people.length;
        become(state.people[at % state.people.length]);
      },
    },
    avatar(id),
    el('span', {}, nameOf(id).split(' ')[0]),
  );
}

function me() {
  return el(
    'span.person',
    { 'aria-current': 'true' },
    avatar(state.me),
    el('span', {}, nameOf(state.me).split(' ')[0]),
  );
}

export function suggestionRows(suggest) {
  return state.suggestions.map(({ text, note }) =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', onclick: () => suggest(text) },
        el('code', {}, text),
        note && el('span', {}, note),
      ),
    ),
  );
}

function drawWelcome(channel, suggest) {
  const isEmpty = channel !== undefined && messagesOf(channel.id).length === 0;
  byId('welcome').hidden = !isEmpty;
  if (!isEmpty) return;
  fill(
    byId('welcome'),
    el('span.welcome-mark', { 'aria-hidden': 'true' }, icon('loop')),
    el('h3', {}, 'A pod keeps restarting. Ask why.'),
    el(
      'p',
      {},
      'Type ',
      el('code', {}, `${state.commands[0] ?? '/command'} name-of-the-pod`),
      ` in the box below. ${state.bot.name} reads the cluster, names the cause with its proof, and offers the remedy.`,
    ),
    state.suggestions.length > 0 && el('ul.suggestions', {}, suggestionRows(suggest).slice(0, 6)),
  );
}
