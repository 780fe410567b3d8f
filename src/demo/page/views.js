// @ts-nocheck -- runs in the browser; the project's types know no DOM
// Modals: the top view of the stack as a dialog. What was typed survives an update of the view and the errors of a
// submission.

import { blocks } from './blocks.js';
import { el, fill } from './dom.js';
import { act, state } from './store.js';
import { plain } from './text.js';

/** What was entered, per view: action id -> choice. */
const entered = new Map();
let dialog;
let shown = '';

export function drawViews() {
  const view = state.views.at(-1);
  if (!view) {
    shown = '';
    return dialog?.close();
  }
  if (!dialog) {
    dialog = el('dialog.dialog', { 'aria-labelledby': 'view-title' });
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      close(state.views.at(-1));
    });
    document.body.append(dialog);
  }
  drawView(view, {});
  if (!dialog.open) dialog.showModal();
  if (shown !== view.id) (dialog.querySelector('[autofocus], input, textarea, .dialog-body button') ?? dialog).focus();
  shown = view.id;
}

function drawView(view, errors) {
  const values = entered.get(view.id) ?? {};
  entered.set(view.id, values);
  const surface = {
    key: view.id,
    value: (data) => values[data.action_id],
    error: (blockId) => errors[blockId],
    choose: async (data, choice) => {
      if (data.type !== 'button') values[data.action_id] = choice;
      const block = view.blocks.find((one) => one.element?.action_id === data.action_id);
      if (block && !block.dispatch_action) return;
      await act({ do: 'clickInView', view: view.id, actionId: data.action_id, choice });
    },
  };
  const focused = document.activeElement?.dataset?.action;
  const form = el(
    'form',
    {
      onsubmit: (event) => {
        event.preventDefault();
        submit(view, values);
      },
    },
    el('h2', { id: 'view-title' }, plain(view.title)),
    el('div.dialog-body', {}, errors[''] && el('p.error', { role: 'alert' }, errors['']), blocks(view.blocks, surface)),
    el(
      'footer',
      {},
      el('button.button', { type: 'button', onclick: () => close(view) }, view.close ? plain(view.close) : 'Cancel'),
      view.submit && el('button.button.primary.filled', { type: 'submit' }, plain(view.submit)),
    ),
  );
  fill(dialog, form);
  const again = focused && [...form.querySelectorAll('[data-action]')].find((node) => node.dataset.action === focused);
  again?.focus();
}

async function submit(view, values) {
  const send = dialog.querySelector('[type=submit]');
  send.disabled = true;
  const answer = await act({ do: 'submitView', view: view.id, entries: values });
  send.disabled = false;
  const errors = answer.errors ?? (answer.ok ? {} : { '': answer.reason });
  if (Object.keys(errors).length === 0) return;
  drawView(view, errors);
  dialog.querySelector('.input-wrong [data-action]')?.focus();
}

function close(view) {
  if (view) act({ do: 'closeView', view: view.id });
}
