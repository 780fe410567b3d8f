// @ts-nocheck -- runs in the browser; the project's types know no DOM
// Draws Block Kit. A message and a modal are both a list of blocks; what differs is the surface that hears the presses.

import { el, icon } from './dom.js';
import { element } from './elements.js';
import { markdown, richText } from './rich-text.js';
import { plain, textObject } from './text.js';

export function blocks(list, surface) {
  return list.map((block) => {
    const draw = DRAW[block.type];
    return draw ? draw(block, within(surface, block.block_id)) : el('p.quiet', {}, `[${block.type}]`);
  });
}

/** The surface as one block's elements see it: the same action id may stand in another block. */
function within(surface, blockId) {
  return {
    ...surface,
    key: `${surface.key}-${blockId}`,
    value: (data) => surface.value(data, blockId),
    choose: (data, choice) => surface.choose(data, choice, blockId),
  };
}

const DRAW = {
  header: (block) => el('h3.header', {}, plain(block.text)),
  divider: () => el('hr'),
  section: (block, surface) =>
    el(
      'div.section',
      {},
      el(
        'div.section-text',
        {},
        block.text && el('div.text', {}, textObject(block.text)),
        block.fields &&
          el(
            'div.fields',
            {},
            block.fields.map((field) => el('div', {}, textObject(field))),
          ),
      ),
      block.accessory && el('div.accessory', {}, element(block.accessory, surface)),
    ),
  context: (block) =>
    el(
      'div.context',
      {},
      block.elements.map((part) =>
        part.type === 'image'
          ? el('span.image-alt', {}, icon('image'), part.alt_text)
          : el('span', {}, textObject(part)),
      ),
    ),
  actions: (block, surface) =>
    el(
      'div.actions',
      {},
      block.elements.map((part) => element(part, surface)),
    ),
  image: (block) =>
    el('figure.image', {}, icon('image'), el('figcaption', {}, block.title ? plain(block.title) : block.alt_text)),
  rich_text: (block) => richText(block),
  markdown: (block) => markdown(block.text),
  table: (block) => el('div.table', { tabindex: 0 }, el('table', {}, el('tbody', {}, block.rows.map(row)))),
  input: (block, surface) => {
    const control = element(block.element, surface);
    const id = surface.key;
    const isField = control.matches('input, textarea');
    if (isField) control.id = id;
    else control.setAttribute('aria-labelledby', `${id}-label`);
    const error = surface.error?.(block.block_id);
    if (error) control.setAttribute('aria-describedby', `${id}-error`);
    return el(
      `div.input${error ? '.input-wrong' : ''}`,
      {},
      el(
        'label',
        { id: `${id}-label`, for: isField ? id : undefined },
        plain(block.label),
        block.optional && el('span.quiet', {}, ' (optional)'),
      ),
      control,
      error && el('p.error', { id: `${id}-error`, role: 'alert' }, error),
      block.hint && el('p.hint', {}, plain(block.hint)),
    );
  },
};

function row(cells, index) {
  const tag = index === 0 ? 'th' : 'td';
  return el(
    'tr',
    {},
    cells.map((cell) => el(tag, {}, cell.type === 'rich_text' ? richText(cell) : cell.text)),
  );
}
