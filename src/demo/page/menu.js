// @ts-nocheck -- runs in the browser; the project's types know no DOM
// A list to choose from, for select menus, overflow menus and users: opened from a button, driven by mouse, touch or
// keyboard, closed by Escape or a tap elsewhere. Nothing is chosen by merely moving through it.

import { el } from './dom.js';

/**
 * Opens a menu at `anchor`. `groups` is a list of { label, options: [{ label, note, value, node }] }.
 * Calls `choose(value)` once, then gives the focus back.
 */
export function openMenu(anchor, groups, choose, current) {
  const items = [];
  const menu = el('div.menu', { role: 'menu', popover: 'auto', 'aria-label': anchor.textContent });
  for (const group of groups) {
    if (group.label) menu.append(el('div.menu-label', { role: 'presentation' }, group.label));
    for (const option of group.options) {
      const item = el(
        'button.menu-item',
        {
          type: 'button',
          role: 'menuitemradio',
          'aria-checked': String(option.value === current),
          tabindex: -1,
          onclick: () => close(option.value),
        },
        el('span', {}, option.label),
        option.note && el('span.menu-note', {}, option.note),
      );
      items.push(item);
      menu.append(item);
    }
  }

  function close(value) {
    menu.hidePopover();
    anchor.focus();
    if (value !== undefined) choose(value);
  }

  menu.addEventListener('keydown', (event) => {
    const at = items.indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
    const letter = event.key.length === 1 && items.findIndex((item, index) => index > at && starts(item, event.key));
    if (event.key in steps) items[(steps[event.key] + items.length) % items.length]?.focus();
    else if (letter !== false && letter >= 0 && event.key !== ' ') items[letter].focus();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  menu.addEventListener('toggle', (event) => {
    anchor.setAttribute('aria-expanded', String(event.newState === 'open'));
    if (event.newState === 'closed') menu.remove();
  });

  // Inside an open dialog everything outside it is out of reach, so the menu is built where its button is.
  (anchor.closest('dialog') ?? document.body).append(menu);
  menu.showPopover();
  place(menu, anchor);
  (items.find((item) => item.getAttribute('aria-checked') === 'true') ?? items[0])?.focus();
}

const starts = (item, key) => item.textContent.toLowerCase().startsWith(key.toLowerCase());

/** Below the button where there is room, else above; never outside the window. */
function place(menu, anchor) {
  const button = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = button.bottom + 4 + height <= innerHeight - 8;
  menu.style.left = `${Math.max(8, Math.min(button.left, innerWidth - width - 8))}px`;
  menu.style.top = `${below ? button.bottom + 4 : Math.max(8, button.top - height - 4)}px`;
}
