// The words without which a pattern cannot match, read off its source: `/dial tcp (?:\S+): connection refused/i` needs
// "connection refused". Looking for words costs a fraction of a pattern, and a pattern that is never asked is never
// compiled, which is most of what a start of the command line would cost.
// Invariant: a text in which the pattern matches holds one of its words; doubt makes words fewer or shorter, never more.

/** What one part of a pattern is sure to match: `exact` where it is this text alone, else one of `words`. */
interface Sure {
  exact?: string;
  words?: readonly string[];
}

interface Reader {
  source: string;
  at: number;
}

const SHORTEST = 3;
/** Longer words tell no better. */
const LONG_ENOUGH = 10;

/** Words in lower case, one of which stands in the lower case of every text that matches; `['']` when none must. */
export function requiredWords(source: string): readonly string[] {
  const { exact = '', words = [exact] } = alternatives({ source, at: 0 });
  return shortest(words) >= SHORTEST ? words : [''];
}

/** `a|b|c`, up to the end or the closing bracket. */
function alternatives(r: Reader): Sure {
  const all = [sequence(r)];
  while (r.source[r.at] === '|') {
    r.at++;
    all.push(sequence(r));
  }
  if (all.length === 1) return all[0]!;
  const words = all.map((one) => (one.exact === undefined ? one.words : [one.exact]));
  return words.every((w) => w !== undefined && shortest(w) > 0)
    ? { words: [...new Set(words.flat() as string[])] }
    : {};
}

function sequence(r: Reader): Sure {
  let best: readonly string[] | undefined;
  let run = '';
  let isExact = true;
  const keep = (words: readonly string[]) => {
    if (shortest(words) > 0 && (best === undefined || worth(words) > worth(best))) best = words;
  };
  for (;;) {
    run += plainText(r);
    const c = r.source.charCodeAt(r.at);
    if (Number.isNaN(c) || c === BAR || c === CLOSE) break;
    const part = atom(r);
    const often = times(r);
    if (part.exact !== undefined && often !== 'perhaps') run += part.exact;
    if (part.exact !== undefined && often === 'once') continue;
    if (run !== '') keep([run]);
    run = '';
    isExact = false;
    if (part.words && often !== 'perhaps') keep(part.words);
  }
  if (isExact) return { exact: run };
  if (run !== '') keep([run]);
  return { words: best };
}

const BAR = 124;
const CLOSE = 41;
const PLAIN = /(?:[^\\^$.[\](){}|?*+](?![?*+{]))+/y;

/** Characters that stand for themselves, once. */
function plainText(r: Reader): string {
  PLAIN.lastIndex = r.at;
  const found = PLAIN.exec(r.source)?.[0] ?? '';
  r.at += found.length;
  return found.toLowerCase();
}

const worth = (words: readonly string[]): number => Math.min(shortest(words), LONG_ENOUGH) - words.length / 100;

function shortest(words: readonly string[]): number {
  let length = Number.POSITIVE_INFINITY;
  for (const word of words) if (word.length < length) length = word.length;
  return length;
}

/** One character, class, group or assertion; assertions match the empty text. */
function atom(r: Reader): Sure {
  const c = r.source[r.at++]!;
  if (c === '^' || c === '$') return { exact: '' };
  if (c === '.') return {};
  if (c === '[') return charClass(r);
  if (c === '(') return group(r);
  return c === '\\' ? escaped(r) : { exact: c.toLowerCase() };
}

/** `[Mm]` is one letter in lower case; any other class is of no use. */
function charClass(r: Reader): Sure {
  const start = r.at;
  while (r.source[r.at] !== ']') r.at += r.source[r.at] === '\\' ? 2 : 1;
  const [one = '', other, ...more] = r.source.slice(start, r.at++);
  return more.length === 0 && one !== '^' && one.toLowerCase() === other?.toLowerCase()
    ? { exact: one.toLowerCase() }
    : {};
}

function group(r: Reader): Sure {
  let isAssertion = false;
  if (r.source[r.at] === '?') {
    const named = r.source[r.at + 1] === '<';
    const kind = r.source[r.at + (named ? 2 : 1)]!;
    isAssertion = kind === '=' || kind === '!';
    r.at = named && !isAssertion ? r.source.indexOf('>', r.at) + 1 : r.at + (named ? 3 : 2);
  }
  const inner = alternatives(r);
  r.at++;
  return isAssertion ? { exact: '' } : inner;
}

function escaped(r: Reader): Sure {
  const c = r.source[r.at++]!;
  const digits = c === 'u' ? 4 : c === 'x' ? 2 : 0;
  if (digits > 0) {
    r.at += digits;
    return { exact: String.fromCharCode(Number.parseInt(r.source.slice(r.at - digits, r.at), 16)).toLowerCase() };
  }
  if (c === 'k') r.at = r.source.indexOf('>', r.at) + 1;
  if (c === 'b' || c === 'B') return { exact: '' };
  return isWordCharacter(c) ? {} : { exact: c };
}

const isWordCharacter = (c: string): boolean =>
  (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c === '_';

/** How often the part before may stand: `?`, `*`, `+`, `{2}`, `{1,200}`, each also lazy. */
function times(r: Reader): 'once' | 'perhaps' | 'at-least-once' {
  const c = r.source[r.at];
  if (c !== '?' && c !== '*' && c !== '+' && c !== '{') return 'once';
  const isPerhaps = c === '?' || c === '*' || (c === '{' && r.source[r.at + 1] === '0');
  if (c === '{') r.at = r.source.indexOf('}', r.at);
  r.at++;
  if (r.source[r.at] === '?') r.at++;
  return isPerhaps ? 'perhaps' : 'at-least-once';
}
