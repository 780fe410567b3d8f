// @ts-nocheck -- runs in the browser; the project's types know no DOM
// Interactive elements: buttons, menus, overflow, checkboxes, radio buttons, text fields. Each tells its surface what
// was chosen; the surface (a message or a modal) knows where to send it.

import { ask } from './dialog.js';
import { el, icon } from './dom.js';
import { openMenu } from './menu.js';
import { state } from './store.js';
import { plain, textObject } from './text.js';

/**
 * Draws one element. `surface.value(element)` is what was chosen before, `surface.choose(element, choice)` reports a
 * choice (after its confirmation, if it asks for one).
 */
export function element(data, surface) {
  const draw = { button, static_select: select, users_select: select, overflow, checkboxes, radio_buttons: radios }[
    data.type
  ];
  if (data.type === 'image') return el('span.image-alt', {}, icon('image'), data.alt_text);
  return draw ? draw(data, surface) : field(data, surface);
}

async function choose(data, surface, choice, control) {
  if (data.confirm && !(await ask(data.confirm))) return false;
  control?.classList.add('busy');
  await surface.choose(data, choice);
  control?.classList.remove('busy');
  return true;
}

function button(data, surface) {
  const control = el(
    `button.button${data.style ? `.${data.style}` : ''}`,
    {
      type: 'button',
      'data-action': data.action_id,
      'aria-label': data.accessibility_label,
      onclick: () => {
        if (data.url && /^https?:/i.test(data.url)) open(data.url, '_blank', 'noopener,noreferrer');
        choose(data, surface, undefined, control);
      },
    },
    plain(data.text),
  );
  return control;
}

function optionsOf(data) {
  if (data.type === 'users_select') {
    const people = [...state.names.values()].filter((name) => !name.isBot);
    return [{ options: people.map((name) => ({ label: name.realName, note: `@${name.name}`, value: name.id })) }];
  }
  const list = (options) =>
    options.map((option) => ({
      label: plain(option.text),
      note: option.description && plain(option.description),
      value: option.value,
    }));
  if (data.option_groups)
    return data.option_groups.map((group) => ({ label: plain(group.label), options: list(group.options) }));
  return [{ options: list(data.options) }];
}

function select(data, surface) {
  const initial = data.initial_option?.value ?? data.initial_user;
  let current = surface.value(data) ?? initial;
  const label = () => {
    const found = optionsOf(data)
      .flatMap((group) => group.options)
      .find((option) => option.value === current);
    return found ? found.label : data.placeholder ? plain(data.placeholder) : 'Choose an option';
  };
  const text = el('span', {}, label());
  const control = el(
    'button.button.select',
    {
      type: 'button',
      'data-action': data.action_id,
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      onclick: () =>
        openMenu(
          control,
          optionsOf(data),
          async (value) => {
            if (!(await choose(data, surface, value, control))) return;
            current = value;
            text.replaceChildren(...[label()].flat(Infinity));
          },
          current,
        ),
    },
    text,
    icon('down'),
  );
  return control;
}

function overflow(data, surface) {
  const control = el(
    'button.button.overflow',
    {
      type: 'button',
      'data-action': data.action_id,
      'aria-label': 'More actions',
      'aria-haspopup': 'menu',
      onclick: () => openMenu(control, optionsOf(data), (value) => choose(data, surface, value, control)),
    },
    icon('more'),
  );
  return control;
}

function checkboxes(data, surface) {
  return choices(data, surface, 'checkbox', (boxes) => boxes.filter((box) => box.checked).map((box) => box.value));
}

function radios(data, surface) {
  return choices(data, surface, 'radio', (boxes) => boxes.find((box) => box.checked)?.value);
}

function choices(data, surface, type, read) {
  const first = (data.initial_options ?? [data.initial_option]).filter(Boolean).map((option) => option.value);
  const chosen = [surface.value(data) ?? first].flat();
  const name = `${surface.key}-${data.action_id}`;
  const boxes = data.options.map((option) =>
    el('input', {
      type,
      name,
      value: option.value,
      checked: chosen.includes(option.value),
      onchange: () => choose(data, surface, read(boxes)),
    }),
  );
  const rows = data.options.map((option, index) =>
    el(
      'label.choice',
      {},
      boxes[index],
      el(
        'span',
        {},
        textObject(option.text),
        option.description && el('span.menu-note', {}, textObject(option.description)),
      ),
    ),
  );
  return el('div.choices', { role: type === 'radio' ? 'radiogroup' : 'group', 'data-action': data.action_id }, rows);
}

function field(data, surface) {
  const control = el(data.multiline ? 'textarea.field' : 'input.field', {
    'data-action': data.action_id,
    type: data.multiline ? undefined : 'text',
    inputmode: data.type === 'number_input' ? 'decimal' : undefined,
    rows: data.multiline ? 4 : undefined,
    placeholder: data.placeholder?.text,
    maxlength: data.max_length,
    autofocus: data.focus_on_load,
    autocomplete: 'off',
    oninput: () => surface.choose(data, control.value),
  });
  control.value = surface.value(data) ?? data.initial_value ?? '';
  return control;
}
