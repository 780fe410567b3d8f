// @ts-nocheck -- runs in the browser; the project's types know no DOM
// Builds elements from data. Text always becomes a text node: nothing that somebody else wrote is ever read as HTML.

/**
 * `el('button.primary', { type: 'button', onclick }, 'Approve')`: tag and classes, attributes and listeners, children.
 * Children may be text, nodes, lists of both, or nothing at all.
 */
export function el(selector, props = {}, ...children) {
  const [tag, ...classes] = selector.split('.');
  const element = document.createElement(tag || 'div');
  if (classes.length) element.className = classes.join(' ');
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...flat(children));
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

function flat(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== undefined && child !== null && child !== false && child !== '');
}

export const byId = (id) => document.getElementById(id);

/** Line drawings on a 20 by 20 grid. */
const ICONS = {
  menu: 'M3 6h14M3 10h14M3 14h14',
  close: 'M5 5l10 10M15 5L5 15',
  send: 'M4 16V4l13 6-13 6zm0-6h6',
  reply: 'M4 5h12v8H9l-4 3v-3H4z',
  eye: 'M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zm8 2a2 2 0 100-4 2 2 0 000 4z',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  down: 'M6 8l4 4 4-4',
  check: 'M4 10l4 4 8-8',
  bulb: 'M7 14a5 5 0 116 0v1.500H7zM8 18h4',
  image: 'M3 4h14v12H3zM6 13l3-4 3 3 2-2 2 3',
  lock: 'M5 9h10v8H5zM7 9V7a3 3 0 016 0v2',
  loop: 'M14.800 7.800A5.400 5.400 0 1015.400 10M12.600 7.600l2.800.7.6-2.900',
};

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
