// @ts-nocheck -- runs in the browser; the project's types know no DOM
// The question before a risky press, and the passing remark at the edge of the screen.

import { byId, el } from './dom.js';
import { plain, textObject } from './text.js';

/** Asks as the app's `confirm` object says; resolves to true only when the person agreed. */
export function ask(confirm) {
  return new Promise((resolve) => {
    const style = confirm.style === 'danger' ? 'danger' : 'primary';
    const dialog = el(
      'dialog.dialog.dialog-small',
      { 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text' },
      el('h2', { id: 'ask-title' }, plain(confirm.title)),
      el('div.dialog-body', { id: 'ask-text' }, textObject(confirm.text)),
      el(
        'footer',
        {},
        el('button.button', { type: 'button', onclick: () => dialog.close() }, plain(confirm.deny)),
        el(
          `button.button.${style}.filled`,
          { type: 'button', onclick: () => dialog.close('yes') },
          plain(confirm.confirm),
        ),
      ),
    );
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector('footer button').focus();
  });
}

/** A remark that passes by itself, and stays as long as somebody points at it. */
export function remark(text) {
  const toast = el('div.toast', {}, text);
  byId('toasts').append(toast);
  const leave = () => (toast.matches(':hover') ? setTimeout(leave, 2_000) : toast.remove());
  setTimeout(leave, 6_000);
}
