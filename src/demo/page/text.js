// @ts-nocheck -- runs in the browser; the project's types know no DOM
// Turns parsed text into elements: mrkdwn, plain text, mentions, dates and emoji. Links go only to http, https and mail.

import { el } from './dom.js';
import { DOTS } from './emoji.js';
import { parseMrkdwn } from './mrkdwn.js';
import { emojiOf, state } from './store.js';

const DOT = new RegExp(`(${Object.keys(DOTS).join('|')})`, 'u');
const TAGS = { bold: 'strong', italic: 'em', strike: 's', quote: 'blockquote' };

/** Plain characters; the round state icons are drawn, so that they look alike everywhere. */
export function characters(text) {
  return text.split(DOT).map((part) => (DOTS[part] ? dot(part) : part));
}

function dot(character) {
  return el(`span.dot.dot-${DOTS[character]}`, { role: 'img', 'aria-label': `${DOTS[character]} circle` }, character);
}

export function emoji(name) {
  const character = emojiOf(name);
  return character ? characters(character) : `:${name}:`;
}

export function mrkdwn(text) {
  return parseMrkdwn(text).map(piece);
}

/** plain_text: no markup, but emoji names are read unless `emoji` is false. */
export function plain({ text, emoji: withEmoji }) {
  if (withEmoji === false) return lines(text);
  return text.split(/(:[a-z0-9_+-]+:)/).map((part) => {
    const name = /^:([a-z0-9_+-]+):$/.exec(part)?.[1];
    return name && emojiOf(name) ? emoji(name) : lines(part);
  });
}

function lines(text) {
  return text.split('\n').flatMap((line, index) => (index ? [el('br'), characters(line)] : [characters(line)]));
}

/** A text object of either kind. */
export function textObject(object) {
  return object.type === 'mrkdwn' ? mrkdwn(object.text) : plain(object);
}

function piece(part) {
  switch (part.type) {
    case 'text':
      return characters(part.text);
    case 'break':
      return el('br');
    case 'code':
      return el('code', {}, part.text);
    case 'pre':
      return el('pre', { tabindex: 0 }, part.text);
    case 'emoji':
      return emoji(part.name);
    case 'link':
      return link(part.url, part.text);
    case 'user':
      return user(part.id, part.label);
    case 'channel':
      return el('span.mention', {}, `#${part.label || channelName(part.id)}`);
    case 'usergroup':
      return el('span.mention', {}, `@${state.groups.get(part.id) ?? part.label ?? part.id}`);
    case 'broadcast':
      return broadcast(part.range);
    case 'date':
      return date(part.timestamp, part.format, part.fallback);
    default:
      return el(TAGS[part.type], {}, part.children.map(piece));
  }
}

export function link(url, text) {
  const safe = /^(https?:|mailto:)/i.test(url);
  if (!safe) return text || url;
  return el('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, text || url);
}

export function user(id, label) {
  const isMe = id === state.me;
  return el(`span.mention${isMe ? '.mention-me' : ''}`, {}, `@${label || (state.names.get(id)?.name ?? id)}`);
}

export function broadcast(range) {
  return el('span.mention.mention-me', {}, `@${range}`);
}

export function channelName(id) {
  return state.channels.find((channel) => channel.id === id)?.name ?? id;
}

const FORMATS = {
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date_slash: { year: 'numeric', month: '2-digit', day: '2-digit' },
  date: { month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

/** A moment in the reader's own time zone, in Slack's date format words. */
export function date(timestamp, format, fallback) {
  const moment = new Date(timestamp * 1000);
  const text = format.replace(/\{([a-z_]+)\}/g, (whole, word) => {
    const known = FORMATS[word] ?? FORMATS[word.replace('_pretty', '')];
    return known ? new Intl.DateTimeFormat(undefined, known).format(moment) : whole;
  });
  return el('time', { datetime: moment.toISOString(), title: moment.toLocaleString() }, text || fallback);
}

export function clock(ts) {
  return new Intl.DateTimeFormat(undefined, FORMATS.time).format(new Date(Number(ts) * 1000));
}

export function day(ts) {
  const moment = new Date(Number(ts) * 1000);
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(moment).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' }).format(moment);
}
