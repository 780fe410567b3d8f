// @ts-nocheck -- runs in the browser; the project's types know no DOM
// Wires the page together: the server's events redraw, presses and keys become acts. No state of its own.

import { composer } from './composer.js';
import { remark } from './dialog.js';
import { byId, el, fill, icon } from './dom.js';
import { drawFrame, suggestionRows } from './frame.js';
import { drawChannel, drawThread } from './logs.js';
import { announce, become, go, readRoute, state, subscribe } from './store.js';
import { channelName } from './text.js';
import { drawViews } from './views.js';

const tryButton = el(
  'button.icon-button.only-phone',
  { type: 'button', 'aria-label': 'Try this', title: 'Try this', onclick: openTry },
  icon('bulb'),
);
const main = composer(
  'composer',
  () => ({ channel: state.channel }),
  () => `#${channelName(state.channel)}`,
  tryButton,
);
const thread = composer(
  'thread',
  () => ({ channel: state.channel, threadTs: state.thread }),
  () => 'thread',
);

byId('composer').append(main.form);
byId('thread-composer').append(thread.form);
// Safari does not let the keyboard into a scrolling area by itself.
for (const area of ['channel-scroll', 'thread-scroll']) byId(area).tabIndex = 0;
byId('open-sidebar').append(icon('menu'));
byId('close-thread').append(icon('close'));
byId('close-thread').addEventListener('click', () => go(state.channel));
byId('open-sidebar').addEventListener('click', () => toggleSidebar(true));
byId('shade').addEventListener('click', () => toggleSidebar(false));

function toggleSidebar(isOpen) {
  document.body.classList.toggle('with-sidebar', isOpen);
  byId('shade').hidden = !isOpen;
  if (isOpen) byId('channels').querySelector('button')?.focus();
}

function suggest(text) {
  toggleSidebar(false);
  main.put(text);
}

/** On a phone the list of suggestions is a sheet. */
function openTry() {
  const sheet = el('dialog.dialog.sheet', { 'aria-labelledby': 'sheet-title' });
  const take = (text) => {
    sheet.close();
    suggest(text);
  };
  fill(
    sheet,
    el(
      'header',
      {},
      el('h2', { id: 'sheet-title' }, 'Try this'),
      el('button.icon-button', { type: 'button', 'aria-label': 'Close', onclick: () => sheet.close() }, icon('close')),
    ),
    el('ul.suggestions', {}, suggestionRows(take)),
  );
  sheet.addEventListener('close', () => sheet.remove());
  sheet.addEventListener('click', (event) => event.target === sheet && sheet.close());
  document.body.append(sheet);
  sheet.showModal();
}

function switchTo(person) {
  if (person !== state.me) become(person, remark);
}

subscribe((what) => {
  const hadFocus = byId('people').contains(document.activeElement);
  if (what !== 'views') {
    drawFrame({ become: switchTo, suggest });
    main.rename();
    thread.rename();
    tryButton.hidden = state.suggestions.length === 0;
    drawChannel();
    drawThread();
  }
  if (what !== 'messages') drawViews();
  if (hadFocus) byId('people').querySelector('[aria-checked=true]')?.focus();
});

addEventListener('hashchange', () => {
  const before = state.thread;
  readRoute();
  toggleSidebar(false);
  announce('route');
  if (state.thread && state.thread !== before) byId('close-thread').focus();
  else if (before && !state.thread) byId('composer-text').focus();
});

addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || document.querySelector('dialog[open], [popover]:popover-open')) return;
  if (document.body.classList.contains('with-sidebar')) toggleSidebar(false);
  else if (state.thread) go(state.channel);
});

become('', remark);
