// The process ended itself because something must not be: a failed assertion, an uncaught C++ exception, damaged heap.

import type { ContainerCase } from '../core/case.ts';
import { exitWords, windowsFault } from '../core/exit-code.ts';
import { cite, known } from '../core/fact.ts';
import { type LogHit, logHits, signIn, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { lastLines, lastlySaid, OUTSIDE } from './reading/final-words.ts';
import { inBrief } from './reading/in-brief.ts';
import { citeLine, details, linesAround, SPOKEN } from './reading/said.ts';
import { ABORTS, ILLEGAL, MANAGED, SEGFAULTS } from './vocabulary/faults.ts';

export default defineRule({
  id: 'aborted',
  title: 'Aborted itself',
  explains: SPOKEN,
  causes: ['application-error', 'init-script-failed', 'segmentation-fault', 'terminated-by-signal'],
  actions: ['rollback'],
  byHand: 'Look at what the program checked: {what|its last words name it}.',
  judge: (evidence) => eachCase(evidence, SPOKEN, (k) => byWords(k) ?? byExitCode(k)),
  doc: {
    looksAt:
      'the words of failed assertions, uncaught C++ exceptions and heap checks; exit code 134, or 139 for process 1',
    means: 'The program found itself in a state that it refuses to go on from, and called abort().',
    fix: 'Read what it checked. If it began with a revision, go back to the one before.',
    prevention:
      'Run {image|the program} in the pipeline with assertions and sanitizers on, and let it catch what it can at its edge: "{what|this end}" would have been met there.',
    notThis:
      'The heap limit of V8 or the JVM, which aborts too (heap-exhausted); an invalid memory access (segmentation-fault).',
  },
});

/** An allocation was refused: whether by a limit or by a mistake is not known. */
const NO_MEMORY = /bad_alloc/;

function byWords(k: ContainerCase): Holds | undefined {
  const exit = known(k.exit);
  const telling = logHits(k, ABORTS).sort((a, b) => Number(isPlain(a)) - Number(isPlain(b)));
  for (const hit of telling) {
    if (hit.position === 'earlier' || (isPlain(hit) && (caughtFault(k) || lastlySaid(k, MANAGED)))) continue;
    const after = linesAround(k, hit.line.n, 0, 2).find((l) => l.n > hit.line.n && /^\s*what\(\):/.test(l.raw));
    const what = after?.raw.replace(/^\s*what\(\):\s*/, '') ?? hit.groups.what ?? hit.groups.kind ?? '';
    // What the exception says is decisive, unless it speaks of the world outside: then another cause may say more.
    const words = after ? [citeLine(k, after)] : [];
    const said = OUTSIDE.test(what) ? [hit.citation, ...words] : [...words, hit.citation];
    // Exit code 1 after such words: somebody else caught them, or a parent ended for it.
    const own = exit === undefined || [134, 139].includes(exit.exitCode) || exit.signal === 6;
    return holds(k, {
      strength: own && !saysWhy(k, hit) && !NO_MEMORY.test(hit.groups.kind ?? '') ? strengthOf(hit, k) : 'sign',
      summary: `${k.container.name} aborted itself${what ? `: ${inBrief(what)}` : ''}`,
      evidence: [...said, ...code(k)],
      detail: details({
        container: k.container.name,
        what: what.trim().slice(0, 120),
        image: known(k.container.image),
      }),
    });
  }
  return undefined;
}

/** The shell's word, and nothing else. */
function isPlain(hit: LogHit): boolean {
  return /^(?:\S{1,80}: line \d{1,6}: {1,9}\d{1,9} )?Aborted/.test(hit.groups.what ?? '');
}

/** Runtimes that catch a fault end with abort(): then the fault is what happened. */
function caughtFault(k: ContainerCase): boolean {
  return logHits(k, SEGFAULTS).length > 0 || logHits(k, ILLEGAL).length > 0;
}

const ONLY_THE_END = /\bAborted\b|fassert|Fatal assertion/;

/** "Aborted" is only the end of what an error before it says; an assertion or exception speaks for itself. */
function saysWhy(k: ContainerCase, hit?: LogHit): boolean {
  if (hit && !ONLY_THE_END.test(hit.groups.what ?? '')) return false;
  return k.lastWords.some(
    (l) =>
      (l.level === 'fatal' || l.level === 'error') &&
      (hit === undefined || l.n < hit.line.n) &&
      !signIn(l.text, ABORTS),
  );
}

function byExitCode(k: ContainerCase): Holds | undefined {
  const exit = known(k.exit);
  const onWindows = windowsFault(exit?.exitCode) === 'aborted';
  if (!exit || (exit.exitCode !== 134 && exit.signal !== 6 && !onWindows)) return undefined;
  if (lastlySaid(k, MANAGED)) return undefined;
  if (caughtFault(k)) return undefined;
  return holds(k, {
    // Words that nobody read can name what made it abort.
    strength: saysWhy(k) || k.log.state === 'unread' ? 'sign' : 'proof',
    summary: `${k.container.name} aborted itself${onWindows ? '' : ' (SIGABRT)'}`,
    evidence: [...code(k), ...lastLines(k, 3)],
    detail: details({ container: k.container.name, image: known(k.container.image) }),
  });
}

function code(k: ContainerCase) {
  const exitCode = known(k.exit)?.exitCode;
  if (exitCode !== undefined && windowsFault(exitCode))
    return cite(k.exit, `exit code ${exitCode}: ${exitWords(exitCode)}`, '.exitCode');
  const words = exitCode === 139 ? '; as process 1 abort() ends with 139' : '';
  return exitCode === 134 || exitCode === 139 ? cite(k.exit, `exit code ${exitCode}${words}`, '.exitCode') : [];
}
