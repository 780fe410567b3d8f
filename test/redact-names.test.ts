// A name that marks a secret must be seen wherever it stands: the lists that find lines and the lists that judge names
// are two, and every spelling that the one calls secret has to hold a word of the other.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { secrecyOf } from '../src/core/redact/names.ts';
import { redactText } from '../src/core/redact.ts';

/** Every word that the patterns and lists of names are made of. */
const code = readFileSync('src/core/redact/names.ts', 'utf8').replaceAll(/^\s*(?:\/\/|import).*$/gm, '');
const words = [...new Set(code.match(/[\p{L}\p{M}][\p{L}\p{M}\d]*|\d+/gu))].map((w) => w.toLowerCase());
const value = 'Zq8Wk3Xv7Lm2Np9Rt4';

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
const spellings: { [spelling: string]: (first: string, second: string) => string } = {
  'one after the other': (a, b) => a + b,
  'with an underscore': (a, b) => `${a}_${b}`,
  'in capitals': (a, b) => `${a}_${b}`.toUpperCase(),
  'in camel case': (a, b) => a + capital(b),
  'with a dash, each with a capital': (a, b) => `${capital(a)}-${capital(b)}`,
  'behind a dot and before a number': (a, b) => `app.${a}.${b}.1`,
};

const isSecret = (name: string): boolean => secrecyOf(name) !== undefined && !/cookie$/i.test(name);

/** A line, one of JSON, and one that ends as on Windows. */
const places: readonly ((name: string) => string)[] = [
  (name) => `${name}=${value}`,
  (name) => `{"a":1,"${name}":"${value}"}`,
  (name) => `  ${name}: ${value}\r`,
];

test.each(Object.entries(spellings))('names of two words %s hide their values', (_spelling, spell) => {
  const names = words.flatMap((a) => words.map((b) => spell(a, b))).filter(isSecret);
  expect(names.length).toBeGreaterThan(1_000);
  const lines = names.map((name, i) => places[i % places.length]!(name));
  const shown = redactText(lines.join('\n')).text.split('\n');
  expect(names.filter((_, i) => shown[i]?.includes(value))).toEqual([]);
});

test('names of one word hide their values', () => {
  const names = ['пароль', 'пароля', ...words].filter(isSecret);
  expect(names.length).toBeGreaterThan(60);
  expect(names.filter((name) => redactText(`${name}=${value}`).text.includes(value))).toEqual([]);
});

test('names of a secret are seen in a sentence too', () => {
  const names = words.flatMap((a) => [`${a}_key`, `${a}Pw`, `${a}.pass`, a.toUpperCase(), `db-${a}`, `${a}2`]);
  const strong = names.filter((name) => secrecyOf(name) === 'strong' && /^[\w.-]+$/.test(name));
  expect(strong.length).toBeGreaterThan(300);
  const shown = redactText(strong.map((name) => `the ${name} -> ${value}`).join('\n')).text.split('\n');
  expect(strong.filter((_, i) => shown[i]?.includes(value))).toEqual([]);
});
