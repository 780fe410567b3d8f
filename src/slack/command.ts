// `/crashloop …` in words -> what is wanted. Bounded and validated: only names that Kubernetes allows get through.

import { HISTORY_WORDS, type HistoryAsk, type HistoryWord } from '../core/history/ask.ts';
import { kindOfWord } from '../core/kind-names.ts';
import type { Wanted } from '../core/request.ts';

export interface CommandScope {
  /** Cluster aliases that this place may read, the default first. */
  clusters: string[];
}

export type Command =
  | { is: 'wanted'; wanted: Omit<Wanted, 'allowedNamespaces'> }
  | { is: 'history'; ask: HistoryAsk }
  | { is: 'help' }
  /** `sentence` may hold what was typed: it is escaped by whoever shows it. */
  | { is: 'wrong'; sentence: string };

/** mrkdwn of our own. */
export const USAGE = [
  '`/crashloop` – what is crash looping now',
  '`/crashloop POD`, `NAMESPACE/POD` or `KIND/NAME` – why, and what cures it. Narrow it with `-n NAMESPACE`, `-c CONTAINER`, `-l SELECTOR`, `--cluster ALIAS`',
  '`/crashloop list`, `top [ABOVE]`, `warnings` or `history WORKLOAD` – what is kept of the past',
].join('\n');

const MOST = 600;
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;
const SELECTOR = /^[\w./!=,() -]{1,300}$/;

type Flag = 'namespace' | 'container' | 'selector' | 'cluster';
type Given = { [flag in Flag]: string };

const FLAGS: { [flag: string]: Flag } = {
  '-n': 'namespace',
  '--namespace': 'namespace',
  '-c': 'container',
  '--container': 'container',
  '-l': 'selector',
  '--selector': 'selector',
  '--cluster': 'cluster',
  '--context': 'cluster',
};

export function readCommand(text: string, scope: CommandScope): Command {
  if (text.length > MOST) return wrong(`That is longer than ${MOST} characters.`);
  const words = wordsOf(text);
  if (words.some((word) => word === '--help' || word === '-h') || (words.length === 1 && words[0] === 'help'))
    return { is: 'help' };
  const read = readFlags(words);
  if ('is' in read) return read;
  const { given, names } = read;
  const asked = HISTORY_WORDS.find((word) => word === names[0]);
  if (asked) return readHistory(asked, names.slice(1), given, scope);
  takeCluster(names, given, scope);
  if (names.length === 2 && kindOfWord(names[0] ?? '')) names.splice(0, 2, names.join('/'));
  if (names.length > 1) return wrong('I take one name at a time.');
  const cluster = given.cluster || (scope.clusters[0] ?? '');
  if (!scope.clusters.includes(cluster)) return notReadable(scope);
  return checked(names[0] ?? '', { ...given, cluster });
}

/** A pod that is called like one of these words is meant by pod/NAME. */
function readHistory(what: HistoryWord, names: string[], given: Given, scope: CommandScope): Command {
  if (given.container !== '' || given.selector !== '') return wrong(`${what} takes -n and --cluster only.`);
  const above = what === 'top' && /^\d{1,6}$/.test(names[0] ?? '') ? Number(names.shift()) : 0;
  const leading = what !== 'history' || names.length > 1;
  if (leading && given.cluster === '' && scope.clusters.includes(names[0] ?? '')) given.cluster = names.shift() ?? '';
  if (given.cluster !== '' && !scope.clusters.includes(given.cluster)) return notReadable(scope);
  const [subject = '', ...more] = what === 'history' ? names : ['', ...names];
  if (what === 'history' && subject === '') return wrong('history needs the name of a workload.');
  if (more.length > 0) return wrong(`${what} does not take "${more.join(' ').slice(0, 80)}".`);
  const read = checked(subject, given);
  if (read.is !== 'wanted') return read;
  const { namespace, name } = read.wanted;
  const kind = subject.includes('/') ? (kindOfWord(subject.split('/')[0] ?? '') ?? '') : '';
  return { is: 'history', ask: { what, cluster: given.cluster, namespace, kind, name, above } };
}

function notReadable({ clusters }: CommandScope): Command {
  return wrong(`I may not read a cluster of that name from this channel. From here I read: ${clusters.join(', ')}.`);
}

/** Phones turn dashes and quotes into others, and Slack turns what looks like an address into a link. */
function wordsOf(text: string): string[] {
  const plain = text
    .replace(/<https?:\/\/[^|<>]*\|([^<>]*)>/g, '$1')
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’`]/g, "'")
    .replace(/(^|\s)—/g, '$1--')
    .replace(/(^|\s)–/g, '$1-');
  return [...plain.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"']|["'])+/g)].map(([word]) => word.replace(/["']/g, ''));
}

function readFlags(words: string[]): { given: Given; names: string[] } | Command {
  const given: Given = { namespace: '', container: '', selector: '', cluster: '' };
  const names: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const [head = '', inline] = word.split(/=(.*)/s);
    const flag = Object.hasOwn(FLAGS, head) ? FLAGS[head] : undefined;
    if (!flag && word.startsWith('-')) return wrong(`I do not know ${head.slice(0, 40)}.`);
    if (!flag) {
      names.push(word);
      continue;
    }
    const value = inline ?? words[++i] ?? '';
    if (value === '' || value.startsWith('-')) return wrong(`${head} needs a value.`);
    if (given[flag] !== '' && given[flag] !== value) return wrong(`${head} was given twice.`);
    given[flag] = value;
  }
  return { given, names: names.filter(Boolean) };
}

/** A leading alias, where it cannot be meant as a name: before a name, or where there are several clusters. */
function takeCluster(names: string[], given: Given, { clusters }: CommandScope): void {
  const [first = ''] = names;
  if (given.cluster !== '' || !clusters.includes(first)) return;
  if (names.length > 1 || clusters.length > 1) given.cluster = names.shift() ?? '';
}

function checked(subject: string, given: Given): Command {
  const [first = '', second, ...more] = subject.split('/');
  if (more.length || second === '' || (second !== undefined && first === ''))
    return wrong('A name is NAME, NAMESPACE/NAME or KIND/NAME.');
  const kind = second === undefined ? undefined : kindOfWord(first);
  const name = second ?? first;
  const before = second !== undefined && !kind ? first : '';
  if (before && given.namespace && before !== given.namespace) return wrong('That names two namespaces.');
  const namespace = before || given.namespace;
  for (const [what, value] of [
    ['name', name],
    ['namespace', namespace],
    ['container', given.container],
  ] as const) {
    if (value !== '' && !NAME.test(value))
      return wrong(`That is not a ${what} that Kubernetes allows: lower-case letters, digits, dashes and dots.`);
  }
  if (given.selector !== '' && !SELECTOR.test(given.selector))
    return wrong('That is not a label selector such as app=checkout.');
  const { cluster, container, selector } = given;
  return { is: 'wanted', wanted: { cluster, namespace, kind: kind ?? 'Pod', name, container, selector } };
}

function wrong(sentence: string): Command {
  return { is: 'wrong', sentence };
}
