// The program does not accept a flag or argument of its command line: its parser says which.

import type { ContainerCase } from '../core/case.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { type LogHit, signIn, strengthOf } from '../core/log-signs.ts';
import { defineRule, EDIT_TEMPLATE } from '../core/rule.ts';
import { details, fromLog, linesAround } from './reading/said.ts';
import { UNKNOWN_FLAG } from './vocabulary/flags.ts';

export default defineRule({
  id: 'flag-unknown',
  title: 'A flag the program does not accept',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'entrypoint-completes',
    'config-value-invalid',
    'config-malformed',
    'env-missing',
  ],
  actions: ['rollback'],
  commands: [EDIT_TEMPLATE],
  byHand:
    'Remove or correct {flag} in the command or args of {container}; compare with the flags of this version (--help).',
  judge: (evidence) =>
    fromLog(evidence, UNKNOWN_FLAG, (hit, k) => {
      const told = hit.groups.flag || hit.groups.flag2 || hit.groups.flag3 || below(hit, k);
      const flag = told.replace(/^["'`]|["'`]$/g, '').trim();
      // "storage.mmapv1.smallFiles" is a key of a configuration file, not an option of the command line.
      if (/^[A-Za-z]\w*\.[A-Za-z]/.test(flag) && !/flag|argument|help/i.test(hit.line.text)) return undefined;
      const given = givenAs(k, flag);
      const usage = saysUsage(k);
      return {
        strength:
          given.length > 0 || usage || hit.position === 'last-words' ? strengthOf(lasting(hit, usage), k) : 'sign',
        summary: NEEDED.test(hit.line.text)
          ? `${k.container.name} is started without ${flag || 'an argument'}, which it requires`
          : `${k.container.name} does not accept ${flag || 'its command line'}`,
        more: given,
        detail: details({ flag, image: known(k.container.image) }),
      };
    }),
  doc: {
    looksAt: "the argument parser's words, the usage that follows them, and command and args of the template",
    means:
      'The command line holds a flag that this version of the program does not know, or an argument it does not expect.',
    fix: 'Correct the flag. Flags disappear with new versions: read the notes of the version that was rolled out.',
    prevention:
      'Start {image|the image} with its real arguments before the rollout: {flag|this flag} would have been refused there.',
    notThis: 'A flag that is known and has a wrong value (config-value-invalid), or a command that does not exist.',
  },
});

const NEEDED =
  /required (?:flag|argument|option)|arguments? (?:are|were|is) required|required arguments were not provided/i;

/** clap lists in lines of their own what was not provided. */
function below(hit: LogHit, k: ContainerCase): string {
  const [next] = linesAround(k, hit.line.n, -1, 1);
  return /^\s{2,8}(-{1,2}[\w-]{1,80}|<[\w-]{1,80}>)/.exec(next?.raw ?? '')?.[1] ?? '';
}

const ERROR = /^\s*[\w.]{0,80}(?:Error|Exception)\b:|^panic:|^thread '/;

/** A page of usage follows the complaint, and no other error, and pushes it out of the last words. */
function saysUsage(k: ContainerCase): boolean {
  if (k.log.state !== 'seen') return false;
  const otherError = k.lastWords.some(
    (l) => (l.level === 'error' || l.level === 'fatal' || ERROR.test(l.raw)) && !signIn(l.text, UNKNOWN_FLAG),
  );
  const page = k.log.value.lines.slice(-300).some((l) => /^\s*usage(?: of)?\b|^options:|^flags:/i.test(l.raw));
  return page && !otherError;
}

function lasting(hit: LogHit, usage: boolean): LogHit {
  return usage && hit.position === 'earlier' ? { ...hit, position: 'last-words' } : hit;
}

/** Where the template gives it; flags may be written with one dash or two. */
function givenAs(k: ContainerCase, flag: string): Citation[] {
  const name = flag.replace(/^-+/, '').split('=')[0] ?? '';
  if (name.length < 2) return [];
  return [k.container.args, k.container.command].flatMap((fact) => {
    const words = known(fact) ?? [];
    const index = words.findIndex((w) => w.includes(name));
    return index < 0 ? [] : cite(fact, (words[index] ?? '').slice(0, 200), `[${index}]`);
  });
}
