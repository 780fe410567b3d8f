// The ways in which a remedy can be carried out, as words of the command line: "--action rollback --choice revision=6".

import { actions } from '../actions/index.ts';
import type { Choice, Report } from '../core/report.ts';

export interface Way {
  action: string;
  title: string;
  /** {} for the best one. */
  choice: Choice;
  /** Name of the variable or key whose value only a person knows; its choice lacks `value`. */
  asks?: string;
  /** Why it is not offered, with the next step. */
  refusal: string | null;
}

/** Every way of every remedy, in the order in which they are offered. */
export function waysOf({ proposals }: Report): Way[] {
  return proposals.flatMap(({ action, title, refusal, choices = [], asks }) => [
    { action, title, choice: {}, refusal },
    ...choices.map((other) => ({ action, ...other, refusal: null })),
    ...(asks ? [{ action, title: asks.title, choice: asks.choice, asks: asks.name, refusal: null }] : []),
  ]);
}

export type Chosen = { way: Way; choice: Choice } | { wrong: string };

/** Which of the ways the words mean; `wrong` says which there are. */
export function chosenFrom(ways: Way[], action: string, words: string[]): Chosen {
  const ids = actions.map(({ id }) => String(id));
  if (!ids.includes(action)) return { wrong: `There is no action "${action}". There are: ${ids.join(', ')}.` };
  const own = ways.filter((way) => way.action === action);
  const choice = choiceFrom(words);
  if (!choice) return { wrong: `A choice is NAME=VALUE, such as --choice revision=6, not "${words.join(' ')}".` };
  const way = own.find((one) => isMeant(one, choice));
  if (way) return { way, choice };
  const offered = [...new Set(ways.filter(({ refusal }) => refusal === null).map((one) => one.action))];
  if (own.length === 0)
    return { wrong: `${action} is no remedy for what is wrong here. Offered: ${offered.join(', ') || 'none'}.` };
  const others = own.map(choiceWords).filter(Boolean).join(', or ');
  return { wrong: `${action} has no such choice here. ${others ? `There is: ${others}.` : 'Leave --choice out.'}` };
}

/** "--choice how=value --choice value=…" */
export function choiceWords({ choice, asks }: Way): string {
  const pairs = Object.entries(choice).map(([name, value]) => `${name}=${value}`);
  return [...pairs, ...(asks ? ['value=…'] : [])].map((pair) => `--choice ${pair}`).join(' ');
}

function isMeant({ choice, asks }: Way, { value, ...rest }: Choice): boolean {
  const wanted: Choice = value === undefined ? rest : { ...rest, value };
  const known: Choice = asks && value !== undefined ? { ...choice, value } : choice;
  const names = Object.keys({ ...wanted, ...known });
  return (asks === undefined || value !== undefined) && names.every((name) => wanted[name] === known[name]);
}

function choiceFrom(words: string[]): Choice | undefined {
  const pairs = words.map((word) => /^([\w-]{1,60})=(.*)$/s.exec(word));
  return pairs.includes(null) ? undefined : Object.fromEntries(pairs.map((pair) => [pair?.[1], pair?.[2]]));
}
