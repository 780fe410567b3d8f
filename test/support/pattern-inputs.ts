// Inputs that make a regular expression work hardest: its own almost-matches, repeated. The pattern is read as a tree, so
// that each repetition is fed with what it takes, behind what leads to it, and then refused its end.

type Node =
  | { is: 'char'; takes: (c: string) => boolean; like: string }
  | { is: 'nothing' }
  | { is: 'sequence'; parts: Node[] }
  | { is: 'choice'; ways: Node[] }
  | { is: 'repeat'; body: Node; least: number; most: number };

export interface Pattern {
  source: string;
  flags: string;
}

/** Characters that are tried against every class. */
const POOL = [...'aA0 \t\n"\'./:-_=,;@#%$&*+?!|\\^~`{}[]()<>xXeEzZ9é\u001b\u0000'];

/** What no pattern takes as its end. */
const NO_END = '\u0001';

/** Texts of about `size` characters against which the pattern fails late, or over and over. */
export function hostileTexts(pattern: Pattern): ((size: number) => string)[] {
  const classes: Extract<Node, { is: 'char' }>[] = [];
  const tree = parse(pattern, classes);
  const pool = unlike(classes);
  const texts = new Map<string, (size: number) => string>();
  const add = (before: string, piece: string): void => {
    const repeated = (size: number): string => piece.repeat(Math.max(1, Math.floor(size / piece.length)));
    if (piece) texts.set(JSON.stringify([before, piece]), (size) => before + repeated(size) + NO_END);
  };
  for (const c of pool) add('', c);
  for (const way of tree.is === 'choice' ? tree.ways : [tree]) {
    const whole = example(way);
    add('', whole);
    add('', whole.slice(0, -1));
    for (const { before, pump } of pumps(way, '', pool)) {
      add(before, pump);
      add('', before + pump);
      add('', before);
    }
  }
  return [...texts.values()];
}

/** Of all characters that every class of the pattern takes or refuses alike, one. */
function unlike(classes: Extract<Node, { is: 'char' }>[]): string[] {
  const kinds = new Map<string, string>();
  for (const c of POOL) {
    const kind = classes.map(({ takes }) => (takes(c) ? '1' : '0')).join('');
    if (!kinds.has(kind)) kinds.set(kind, c);
  }
  return [...kinds.values()];
}

/** The shortest text that the node takes, by its first way. */
function example(node: Node): string {
  if (node.is === 'char') return node.like;
  if (node.is === 'sequence') return node.parts.map(example).join('');
  if (node.is === 'choice') return example(node.ways[0]!);
  return node.is === 'repeat' ? example(node.body).repeat(Math.min(node.least, 40)) : '';
}

/** What leads to each long repetition, and what it can be fed with. */
function pumps(node: Node, before: string, pool: string[]): { before: string; pump: string }[] {
  if (node.is === 'choice') return node.ways.flatMap((way) => pumps(way, before, pool));
  if (node.is === 'sequence')
    return node.parts.flatMap((part, i) => pumps(part, before + node.parts.slice(0, i).map(example).join(''), pool));
  if (node.is !== 'repeat') return [];
  const { body, most } = node;
  const food = body.is === 'char' ? [...pool.filter(body.takes), body.like] : [example(body)];
  return [...(most < 30 ? [] : food.map((pump) => ({ before, pump }))), ...pumps(body, before, pool)];
}

/** Assertions and back-references take nothing. Every class met is added to `classes`. */
function parse({ source, flags }: Pattern, classes: Extract<Node, { is: 'char' }>[]): Node {
  let at = 0;
  const take = (pattern: RegExp): string => {
    const found = pattern.exec(source.slice(at))?.[0] ?? '';
    at += found.length;
    return found;
  };

  function choice(): Node {
    const ways = [sequence()];
    while (take(/^\|/)) ways.push(sequence());
    return ways.length === 1 ? ways[0]! : { is: 'choice', ways };
  }

  function sequence(): Node {
    const parts: Node[] = [];
    while (at < source.length && !'|)'.includes(source[at]!)) parts.push(repeated(atom()));
    return { is: 'sequence', parts };
  }

  function repeated(body: Node): Node {
    const [, sign, least, comma, most] = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})/.exec(take(QUANTIFIER)) ?? [];
    if (sign) return { is: 'repeat', body, least: sign === '+' ? 1 : 0, most: sign === '?' ? 1 : Number.MAX_VALUE };
    if (!least) return body;
    return { is: 'repeat', body, least: Number(least), most: Number(comma ? most || Number.MAX_VALUE : least) };
  }

  function atom(): Node {
    const group = take(/^\((?:\?(?::|=|!|<=|<!|<\w+>))?/);
    if (group) {
      const inside = choice();
      at++;
      return /[=!]$/.test(group) ? { is: 'nothing' } : inside;
    }
    return take(/^(?:[$^]|\\(?:[bB1-9]|k<\w+>))/) ? { is: 'nothing' } : char(take(ONE));
  }

  function char(text: string): Node {
    const one = new RegExp(`^(?:${text})$`, flags.replace(/[gyd]/g, ''));
    const takes = (c: string): boolean => one.test(c);
    const plain = text.replace(/^\\/, '');
    const like = plain.length === 1 && takes(plain) ? plain : (POOL.find(takes) ?? '\u00ff');
    const node = { is: 'char' as const, takes, like };
    classes.push(node);
    return node;
  }

  return choice();
}

const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;
const ONE = /^(?:\[(?:\\.|[^\]\\])*\]|\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|p\{[^}]*\}|.)|.)/s;
