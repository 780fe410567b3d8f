// The program's own error ended it, and nothing more specific applies. Errors of code or data are proof; an uncaught
// error whose words speak of the world outside is only a sign, for its cause may be one that no rule knows.

import type { ContainerCase } from '../core/case.ts';
import type { EventRecord } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { type LogHit, logHits, signIn, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { finalWords, OUTSIDE } from './reading/final-words.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, linesAround, SPOKEN } from './reading/said.ts';
import { OWN_ERRORS, UNCAUGHT } from './vocabulary/errors.ts';
import { WRONG_VALUE } from './vocabulary/wrong-value.ts';

export default defineRule({
  id: 'application-error',
  title: 'An error in the program itself',
  explains: SPOKEN,
  generic: true,
  actions: ['rollback'],
  byHand: 'Give the last words to those who wrote the program; they name the place.',
  judge: (evidence) =>
    eachCase(evidence, SPOKEN, (k) => {
      const found = byOwnError(k) ?? byUncaught(k) ?? byLastWords(k);
      const given = (known(evidence.events) ?? []).findLast((e) => e.reason === 'BackoffLimitExceeded');
      if (!found || !given) return found;
      return { ...found, evidence: [...found.evidence, eventCitation(given)] };
    }),
  doc: {
    looksAt: 'the exception, panic or error that the last run ended with',
    means: 'The program met an error that it did not handle. Nothing in the cluster explains it.',
    fix: 'If it began with a revision, go back to the one before. Otherwise the error has to be corrected in the program or in its data.',
    prevention:
      'Start {image|the new image} with real configuration and data before it is released. Let {rollout} stop by itself at the first pod that does not become ready (readinessProbe, minReadySeconds).',
    notThis: 'An error that names a missing variable, file, module, dependency or right: each has a cause of its own.',
  },
});

/** The Job gave up: a consequence, told beside the error. */
function eventCitation(event: EventRecord): Citation {
  return { source: 'event', at: event.at, text: `${event.reason}: ${event.message}` };
}

function byOwnError(k: ContainerCase): Holds | undefined {
  for (const hit of logHits(k, OWN_ERRORS)) {
    if (hit.position === 'earlier') continue;
    const text = `${hit.groups.what ?? ''}`;
    // A value that the words call a setting is not the program's own.
    const setting = signIn(hit.line.text, WRONG_VALUE, (sign) => !sign.weak);
    const plain =
      !setting &&
      (!/KeyError|ValueError|SyntaxError|RangeError|UnsupportedOperation|NoSuchElement/.test(hit.groups.kind ?? '') ||
        !OUTSIDE.test(text));
    return finding(k, hit, plain ? strengthOf(hit, k) : 'sign');
  }
  return undefined;
}

function byUncaught(k: ContainerCase): Holds | undefined {
  for (const hit of logHits(k, UNCAUGHT)) {
    if (hit.position === 'earlier') continue;
    return finding(
      k,
      hit,
      'sign',
      !OUTSIDE.test(`${hit.groups.kind ?? ''} ${hit.groups.what ?? ''}`) && strengthOf(hit, k) === 'proof',
    );
  }
  return undefined;
}

/** Ends that the error did not bring about. */
const KILLED = ['probe-killed', 'oom-killed', 'evicted', 'completed'];

/** Two sources make it likely; only the log, where the words may belong to a cause that no rule knows. */
function finding(k: ContainerCase, hit: LogHit, strength: 'proof' | 'sign', sure = strength === 'proof'): Holds {
  const exit = known(k.exit);
  const kind = (hit.groups.kind ?? '').split(/[.$]/).at(-1) ?? '';
  const what = inBrief([kind, messageOf(k, hit)].filter(Boolean).join(': '), 240);
  return holds(k, {
    strength,
    summary: `${k.container.name} ${KILLED.includes(k.ending) ? 'met' : 'ended with'} an error of its own: ${what || inBrief(hit.line.text)}`,
    evidence: [
      hit.citation,
      ...(sure && exit ? cite(k.exit, `${exit.reason}, exit code ${exit.exitCode}`, '.exitCode') : []),
    ],
    detail: details({ container: k.container.name, image: known(k.container.image), error: what.slice(0, 120) }),
  });
}

/** Rust gives the place on the first line, and says below it what is wrong. */
function messageOf(k: ContainerCase, hit: LogHit): string {
  const what = (hit.groups.what ?? '').trim();
  const below = /^\S+\.rs:\d+:\d+:?$/.test(what) ? linesAround(k, hit.line.n, -1, 1)[0]?.text.trim() : undefined;
  return below || what;
}

/** It ended itself with an error code, and the last thing it said was an error. */
function byLastWords(k: ContainerCase): Holds | undefined {
  if (k.ending !== 'by-itself') return undefined;
  const said = finalWords(k).findLast(
    ({ line }) =>
      line.level === 'fatal' ||
      line.level === 'error' ||
      (line.level === '' &&
        /\b(?:error|fatal|failed|cannot|can't|could not|unable|not supported|panic|exception)\b/i.test(line.text)),
  );
  if (!said) return undefined;
  const exit = known(k.exit);
  return holds(k, {
    strength: 'sign',
    summary: `${k.container.name} ends itself with code ${exit?.exitCode} after it says: ${inBrief(said.line.text.trim().split('\n')[0] ?? '')}`,
    evidence: [said.citation],
    detail: details({ container: k.container.name, image: known(k.container.image) }),
  });
}
