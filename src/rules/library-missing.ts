// A shared library, or the version of it that the program was linked against, is not in the image.

import type { ContainerCase } from '../core/case.ts';
import { exitWords, windowsFault } from '../core/exit-code.ts';
import { cite, known } from '../core/fact.ts';
import { logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { backing, details, SPOKEN } from './reading/said.ts';
import { commandCitation } from './reading/start-error.ts';
import { NO_LIBRARY } from './vocabulary/images.ts';
import { NO_INTERPRETER } from './vocabulary/interpreters.ts';

export default defineRule({
  id: 'library-missing',
  title: 'A shared library is missing',
  explains: SPOKEN,
  causes: [
    'application-error',
    'init-script-failed',
    'module-missing',
    'file-missing',
    'command-not-found',
    'version-incompatible',
    'aborted',
  ],
  actions: ['rollback'],
  byHand: 'Add {library|the library} to the image, or build the program against the libraries that its base image has.',
  judge: (evidence) => eachCase(evidence, SPOKEN, (k) => byLoader(k) ?? byMissingLoader(k) ?? byWindows(k)),
  doc: {
    looksAt: "the dynamic loader's words (glibc and musl), and those of languages that load native code",
    means:
      'The program is there and fits the machine, but a library it was linked against is not in the image, or too old.',
    fix: 'Install the library, use a newer base image, or link statically. A program built on Debian does not run on Alpine (musl) as it is.',
    prevention:
      'Build and run in the same base image: {library|a library} is what differs. `ldd` in the final image shows it before the rollout.',
    notThis: 'A module of the language itself (module-missing), a binary for another architecture (exec-format-error).',
  },
});

/** The loader of Windows says so by its exit code alone. */
function byWindows(k: ContainerCase): Holds | undefined {
  const code = known(k.exit)?.exitCode;
  if (code === undefined || windowsFault(code) !== 'library-missing') return undefined;
  return holds(k, {
    strength: 'proof',
    summary: `A DLL that the program needs is not in the image of ${k.container.name}, or does not fit`,
    evidence: [
      ...cite(k.exit, `exit code ${code}: ${exitWords(code)}`, '.exitCode'),
      ...cite(k.container.image, known(k.container.image) ?? ''),
    ],
    detail: details({ container: k.container.name, image: known(k.container.image) }),
  });
}

function byLoader(k: ContainerCase): Holds | undefined {
  for (const hit of logHits(k, NO_LIBRARY)) {
    if (hit.sign.weak && hit.position !== 'last-words') continue;
    const library = (hit.groups.name || hit.groups.name2 || '').trim();
    const version = /^(?:GLIBC|GLIBCXX|CXXABI)_/.test(library);
    const exit = known(k.exit);
    return holds(k, {
      strength: strengthOf(hit, k),
      summary: version
        ? `${k.container.name} needs ${library}, and the C library of the image is older`
        : `The library ${library || 'that the program needs'} is not in the image of ${k.container.name}, or does not fit`,
      evidence: [
        hit.citation,
        ...backing(hit, [
          ...(exit?.exitCode === 127 ? cite(k.exit, 'exit code 127', '.exitCode') : []),
          ...cite(k.container.image, known(k.container.image) ?? ''),
        ]),
      ],
      detail: details({ container: k.container.name, library, image: known(k.container.image) }),
    });
  }
  return undefined;
}

/** The runtime found the binary, the kernel did not find its loader: the same words as for a missing interpreter. */
function byMissingLoader(k: ContainerCase): Holds | undefined {
  const hit = logHits(k, NO_INTERPRETER)[0];
  const command = hit?.groups.command ?? '';
  if (!hit || command === '' || hit.groups.interpreter !== undefined || /\r|\^M/.test(hit.line.raw)) return undefined;
  if (/\.\w{1,4}$|entrypoint|start|run|launch|init|script|wrapper|boot/i.test(command)) return undefined;
  return holds(k, {
    strength: 'sign',
    summary: `${command} is there, but its dynamic loader is not in the image, as when it was built for another C library (glibc or musl)`,
    evidence: [hit.citation, ...commandCitation(k)],
    detail: details({
      container: k.container.name,
      command,
      library: 'the dynamic loader',
      image: known(k.container.image),
    }),
  });
}
