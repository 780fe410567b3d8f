// @ts-nocheck -- runs in the browser; the project's types know no DOM
// Where a person types: a slash command or a message. Enter sends, Shift+Enter breaks the line; a slash offers the
// commands that exist.

import { remark } from './dialog.js';
import { el, fill, icon } from './dom.js';
import { act, state } from './store.js';

/**
 * Builds a composer. `where()` is { channel, threadTs }; `label()` names the place. `extra` is a button beside it.
 * Returns the element and `put(text)`, which writes into it and gives it the focus.
 */
export function composer(id, where, label, extra) {
  const text = el('textarea', {
    id: `${id}-text`,
    rows: 1,
    autocomplete: 'off',
    spellcheck: 'false',
    autocapitalize: 'off',
    enterkeyhint: 'send',
    'aria-describedby': `${id}-hint`,
    oninput: () => changed(),
    onkeydown: (event) => pressed(event),
  });
  const send = el('button.send', { type: 'submit', 'aria-label': 'Send' }, icon('send'));
  const offers = el('div.offers', { id: `${id}-offers`, hidden: true });
  const form = el(
    'form.composer',
    {
      onsubmit: (event) => {
        event.preventDefault();
        submit();
      },
    },
    offers,
    el('div.composer-box', {}, extra, text, send),
    el(
      'p.hint',
      { id: `${id}-hint` },
      el('kbd', {}, 'Enter'),
      ' to send, ',
      el('kbd', {}, 'Shift Enter'),
      ' for a new line',
    ),
  );

  function changed() {
    text.style.height = 'auto';
    if (text.scrollHeight) text.style.height = `${Math.min(text.scrollHeight, 180)}px`;
    send.disabled = text.value.trim() === '';
    const begun = /^\/\S*$/.test(text.value) ? state.commands.filter((command) => command.startsWith(text.value)) : [];
    offers.hidden = begun.length === 0 || begun[0] === text.value || where().threadTs !== undefined;
    fill(
      offers,
      begun.map((command) =>
        el(
          'button',
          { type: 'button', onclick: () => put(`${command} `) },
          el('strong', {}, command),
          el('span.quiet', {}, 'Tab to complete'),
        ),
      ),
    );
  }

  function pressed(event) {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Tab' && !event.shiftKey && !offers.hidden) {
      event.preventDefault();
      offers.querySelector('button').click();
    } else if (event.key === 'Escape') {
      offers.hidden = true;
    }
  }

  async function submit() {
    const line = text.value.trim();
    if (!line) return;
    text.value = '';
    changed();
    const { channel, threadTs } = where();
    const answer = await act({ do: line.startsWith('/') ? 'command' : 'say', channel, text: line, threadTs });
    // Slack says by itself why a command failed; anything else is said here, and the words are given back.
    const said = [
      'unknown_command',
      'not_supported_in_threads',
      'operation_timeout',
      'dispatch_failed',
      'invalid_command_response',
    ];
    if (answer.ok || said.includes(answer.reason)) return;
    remark(answer.reason);
    if (!text.value) put(line);
  }

  function put(line) {
    text.value = line;
    changed();
    text.focus();
    text.setSelectionRange(line.length, line.length);
  }

  function rename() {
    text.placeholder = `Message ${label()}`;
    text.setAttribute('aria-label', `Message ${label()}`);
  }

  changed();
  return { form, put, rename };
}
