// Slack's mrkdwn, parsed once for the page and for the terminal's transcript: text in, a tree of plain pieces out.
// Nothing here makes HTML; entities (&amp; &lt; &gt;) are decoded last, so escaped text can never turn into a mention.

/**
 * @typedef {{ type: 'text', text: string } | { type: 'code', text: string } | { type: 'pre', text: string }
 *   | { type: 'break' } | { type: 'emoji', name: string }
 *   | { type: 'bold' | 'italic' | 'strike' | 'quote', children: Piece[] }
 *   | { type: 'link', url: string, text: string }
 *   | { type: 'user', id: string, label: string } | { type: 'channel', id: string, label: string }
 *   | { type: 'usergroup', id: string, label: string } | { type: 'broadcast', range: string }
 *   | { type: 'date', timestamp: number, format: string, url: string, fallback: string }} Piece
 */

/** @type {Record<string, 'bold' | 'italic' | 'strike'>} */
const STYLES = { '*': 'bold', _: 'italic', '~': 'strike' };
const WORD = /[\p{L}\p{N}_]/u;
const LINKS = /^(https?:\/\/|mailto:|tel:|slack:\/\/)/i;

/** @param {string} text */
export function decode(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/**
 * A whole text: code fences first, then quoted lines, then the rest.
 * @param {string} text
 * @returns {Piece[]}
 */
export function parseMrkdwn(text) {
  return text.split(/```/).flatMap((part, index, parts) => {
    const closed = index % 2 === 1 && index < parts.length - 1;
    if (closed) return [{ type: 'pre', text: decode(plainAngles(part.replace(/^\n|\n$/g, ''))) }];
    return parseLines(index % 2 === 1 ? `\`\`\`${part}` : part, index > 0);
  });
}

/**
 * @param {string} text
 * @param {boolean} afterFence
 * @returns {Piece[]}
 */
function parseLines(text, afterFence) {
  /** @type {Piece[]} */
  const pieces = [];
  /** @type {string[]} */
  let quoted = [];
  const lines = (afterFence ? text.replace(/^\n/, '') : text).split('\n');
  const closeQuote = () => {
    if (quoted.length) pieces.push({ type: 'quote', children: joinLines(quoted) });
    quoted = [];
  };
  let first = true;
  for (const line of lines) {
    const quote = /^(?:>|&gt;) ?(.*)$/.exec(line);
    if (quote) {
      quoted.push(quote[1] ?? '');
      continue;
    }
    // A quote is a paragraph of its own: no extra line break after it.
    const follows = !first && quoted.length === 0;
    first = false;
    closeQuote();
    if (follows) pieces.push({ type: 'break' });
    pieces.push(...parseInline(line));
  }
  closeQuote();
  return pieces;
}

/** @param {string[]} lines @returns {Piece[]} */
function joinLines(lines) {
  return lines.flatMap((line, index) => [
    ...(index ? [/** @type {Piece} */ ({ type: 'break' })] : []),
    ...parseInline(line),
  ]);
}

/**
 * One line: code, angle brackets, emoji, bare addresses and the three styles.
 * @param {string} line
 * @returns {Piece[]}
 */
export function parseInline(line) {
  /** @type {Piece[]} */
  const pieces = [];
  let plain = '';
  let at = 0;
  /** @param {Piece} piece @param {number} length */
  const take = (piece, length) => {
    if (plain) pieces.push({ type: 'text', text: decode(plain) });
    plain = '';
    pieces.push(piece);
    at += length;
  };
  while (at < line.length) {
    const rest = line.slice(at);
    const before = line[at - 1] ?? '';
    const code = /^`([^`]+)`/.exec(rest);
    const angle = /^<([^<>]+)>/.exec(rest);
    const emoji = /^:([a-z0-9_+-]+):/.exec(rest);
    const address = /^https?:\/\/[^\s<>|*`]*[^\s<>|*`.,;:!?)\]'"]/.exec(rest);
    const end = STYLES[rest[0] ?? ''] && !WORD.test(before) ? styleEnd(rest) : 0;
    if (code) take({ type: 'code', text: decode(plainAngles(code[1] ?? '')) }, code[0].length);
    else if (angle) take(parseAngle(angle[1] ?? ''), angle[0].length);
    else if (emoji && !WORD.test(before)) take({ type: 'emoji', name: emoji[1] ?? '' }, emoji[0].length);
    else if (address) take({ type: 'link', url: decode(address[0]), text: decode(address[0]) }, address[0].length);
    else if (end) take({ type: STYLES[rest[0] ?? ''] ?? 'bold', children: parseInline(rest.slice(1, end)) }, end + 1);
    else {
      plain += line[at];
      at += 1;
    }
  }
  if (plain) pieces.push({ type: 'text', text: decode(plain) });
  return pieces;
}

/** Where the style that opens this text closes; 0 when it does not. @param {string} text */
function styleEnd(text) {
  const mark = text[0] ?? '';
  if (!text[1] || /\s/.test(text[1]) || text[1] === mark) return 0;
  for (let end = 2; end < text.length; end += 1) {
    if (text[end] !== mark || /\s/.test(text[end - 1] ?? '')) continue;
    if (!WORD.test(text[end + 1] ?? '')) return end;
  }
  return 0;
}

/** Inside code a link shows as its text and a mention as it was written. @param {string} text */
function plainAngles(text) {
  return text.replace(/<([^<>|!@#]+)(?:\|([^<>]*))?>/g, (_whole, url, label) => label ?? url);
}

/** @param {string} inside @returns {Piece} */
function parseAngle(inside) {
  const bar = inside.indexOf('|');
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? '' : decode(inside.slice(bar + 1));
  if (/^@[UW][A-Z0-9]+$/.test(target)) return { type: 'user', id: target.slice(1), label };
  if (/^#[CG][A-Z0-9]+$/.test(target)) return { type: 'channel', id: target.slice(1), label };
  if (/^!(channel|here|everyone)$/.test(target)) return { type: 'broadcast', range: target.slice(1) };
  if (target.startsWith('!subteam^')) return { type: 'usergroup', id: target.slice(9), label };
  const date = /^!date\^(\d+)\^([^^]*)(?:\^(.*))?$/.exec(target);
  if (date) {
    const [, timestamp, format = '', url = ''] = date;
    return { type: 'date', timestamp: Number(timestamp), format: decode(format), url: decode(url), fallback: label };
  }
  if (LINKS.test(target)) return { type: 'link', url: decode(target), text: label || decode(target) };
  return { type: 'text', text: label || decode(`<${inside}>`) };
}
