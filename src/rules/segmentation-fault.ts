// An invalid memory access ended the process: the kernel's signal 11, told by exit code 139 or by those who watched.

import type { ContainerCase } from '../core/case.ts';
import { exitWords, windowsFault } from '../core/exit-code.ts';
import { cite, known } from '../core/fact.ts';
import { logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { lastLines, lastlySaid } from './reading/final-words.ts';
import { details, SPOKEN } from './reading/said.ts';
import { OWN_ERRORS } from './vocabulary/errors.ts';
import { ABORTS, MANAGED, SEGFAULTS } from './vocabulary/faults.ts';
import { HEAP } from './vocabulary/heap.ts';

export default defineRule({
  id: 'segmentation-fault',
  title: 'Segmentation fault',
  explains: SPOKEN,
  causes: ['application-error', 'init-script-failed', 'terminated-by-signal'],
  actions: ['rollback'],
  byHand:
    'Collect a core dump of {image|the program} and compare what changed in native code, libraries and base image.',
  judge: (evidence) => eachCase(evidence, SPOKEN, (k) => byWords(k) ?? byExitCode(k)),
  doc: {
    looksAt: 'exit code 139 and what runtimes and parents say of signal 11',
    means:
      'Native code (the program itself, an extension or a library) touched memory that is not its own. Configuration can trigger it, but only code can be at fault.',
    fix: 'Go back to the version that ran. Then look at the core dump, or run it with a debugger or AddressSanitizer.',
    prevention:
      'Start each build of {image|the program} once on the node type it will run on; native extensions must fit the base image.',
    notThis:
      'abort() as process 1 ends with 139 too, but says why (aborted, heap-exhausted). A Go panic about SIGSEGV with goroutines is a nil pointer in the program (application-error).',
  },
});

function byWords(k: ContainerCase): Holds | undefined {
  for (const hit of logHits(k, SEGFAULTS)) {
    if (isGoPanic(k) && /segmentation violation/.test(hit.line.text)) continue;
    return finding(k, hit.groups.what ?? '', strengthOf(hit, k), [hit.citation, ...exit139(k)]);
  }
  return undefined;
}

/** Go turns a nil pointer into a panic with goroutines and exit code 2; cgo code can still fault for real. */
function isGoPanic(k: ContainerCase): boolean {
  const text = k.lastWords.map((l) => l.raw).join('\n');
  const native = /cgo execution|unexpected signal during runtime execution/.test(text);
  return /invalid memory address or nil pointer dereference|goroutine \d+ \[/.test(text) && !native;
}

function byExitCode(k: ContainerCase): Holds | undefined {
  const exit = known(k.exit);
  const onWindows = windowsFault(exit?.exitCode) === 'access-violation';
  if (!exit || (exit.exitCode !== 139 && exit.signal !== 11 && !onWindows)) return undefined;
  // As process 1 abort() ends with 139 as well: its words are another cause's.
  if ([MANAGED, ABORTS, HEAP].some((table) => lastlySaid(k, table))) return undefined;
  const sure = !lastlySaid(k, OWN_ERRORS) && k.log.state !== 'unread';
  return finding(k, '', sure ? 'proof' : 'sign', [...exit139(k), ...lastLines(k, 2)]);
}

function exit139(k: ContainerCase) {
  const code = known(k.exit)?.exitCode;
  if (code === 139) return cite(k.exit, 'exit code 139: invalid memory access (SIGSEGV)', '.exitCode');
  return code !== undefined && windowsFault(code)
    ? cite(k.exit, `exit code ${code}: ${exitWords(code)}`, '.exitCode')
    : [];
}

function finding(k: ContainerCase, what: string, strength: 'proof' | 'sign', evidence: Holds['evidence']): Holds {
  const silent = k.log.state === 'seen' ? ', and said nothing about it' : '';
  return holds(k, {
    strength,
    summary: `${k.container.name} was ended by an invalid memory access in native code${windowsFault(known(k.exit)?.exitCode) ? '' : ' (SIGSEGV)'}${what ? `: ${what.trim()}` : silent}`,
    evidence,
    detail: details({ container: k.container.name, image: known(k.container.image) }),
  });
}
