// The command of the container, or one that its script runs, does not exist in the image.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { cite, known } from '../core/fact.ts';
import { logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, EDIT_TEMPLATE, eachCase, type Holds, holds } from '../core/rule.ts';
import { details } from './reading/said.ts';
import { commandCitation, isWholeLine, startError } from './reading/start-error.ts';
import { NOT_FOUND } from './vocabulary/commands.ts';
import { isInterpreter, isShell } from './vocabulary/interpreters.ts';
import { RUNTIME_NOT_FOUND } from './vocabulary/runtime-commands.ts';

const WHERE = ['crash-loop', 'cannot-start', 'unread'] as const;

export default defineRule({
  id: 'command-not-found',
  title: 'The command does not exist in the image',
  explains: WHERE,
  causes: [
    'application-error',
    'init-script-failed',
    'file-missing',
    'module-missing',
    'container-runtime-fault',
    'entrypoint-completes',
  ],
  actions: ['rollback'],
  commands: [EDIT_TEMPLATE],
  byHand: 'Correct the command in the template, or put {command|the program} into the image and its PATH.',
  judge: (evidence) => eachCase(evidence, WHERE, (k) => byRuntime(evidence, k) ?? byShell(k) ?? byCode(k)),
  doc: {
    looksAt: "the runtime's words when it cannot start the container, exit code 127 and the shell's words",
    means: 'Nothing of that name is in the image under that path or in PATH. Trying again cannot help.',
    fix: 'Correct command or args, split a command line into its words, or add the program to the image.',
    prevention:
      'Start {image|every image} once with its real command before the rollout: {command|this command} would have been missed at once.',
    notThis:
      'A program that is there but may not be run (command-not-executable), whose interpreter or loader is missing (interpreter-missing, library-missing), or that a probe runs (probe-command-broken).',
  },
});

function byRuntime(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const error = startError(evidence, k);
  if (!error) return undefined;
  const match = RUNTIME_NOT_FOUND.map((p) => p.exec(error.text)).find((m) => m !== null);
  if (!match) return undefined;
  const command = match.groups?.command || known(k.container.command)?.[0] || '';
  if (isShell(command) || ofHost(error.text)) return undefined;
  return holds(k, {
    strength: 'proof',
    summary: isWholeLine(command)
      ? `The runtime looks for one program named "${command}": a whole command line stands in one string`
      : `${command || 'The command'} does not exist in the image of ${k.container.name}`,
    evidence: [...error.citations, ...commandCitation(k)],
    detail: details({ container: k.container.name, command, image: known(k.container.image) }),
  });
}

// bash words a missing file that it should read as it words one that it should run, a script that it sources included.
const DATA = /^\/etc\/|\.(?:env|conf|cfg|ini|ya?ml|json|properties|txt|pem|crt|key|sql|log|pid)$/;

/** What the runtime runs for itself while it makes the container is no command of the container. */
function ofHost(text: string): boolean {
  return /failed to create containerd container|hook #?\d|exec: \\?"(?:apparmor_parser|nvidia-\S+|mount\.\w+|conmon|newuidmap|iptables)\\?"/.test(
    text,
  );
}

function byShell(k: ContainerCase): Holds | undefined {
  for (const hit of logHits(k, NOT_FOUND)) {
    const command = hit.groups.command ?? '';
    if (/\r|\^M|\\r/.test(hit.line.raw) || (/\benv: /.test(hit.line.text) && isInterpreter(command))) continue;
    const exit = known(k.exit);
    const says127 = exit?.exitCode === 127 || exit?.exitCode === 2;
    const strength = strengthOf(hit, k);
    return holds(k, {
      // A script may go on after a command that it does not find; its exit code tells whether it ended by it.
      strength:
        strength === 'proof' &&
        ((!says127 && /not found$/.test(hit.line.text) && exit?.exitCode === 0) ||
          (exit?.exitCode !== 127 && (DATA.test(command) || /line \d{1,5}: \S+\.sh: /.test(hit.line.text))))
          ? 'sign'
          : strength,
      summary: `${command || 'The command'} does not exist in the image of ${k.container.name}`,
      evidence: [
        hit.citation,
        ...(exit?.exitCode === 127 ? cite(k.exit, 'exit code 127: command not found', '.exitCode') : []),
        ...commandCitation(k),
      ],
      detail: details({ container: k.container.name, command, image: known(k.container.image) }),
    });
  }
  return undefined;
}

/** A shell's code for a command that it did not find, and not a word: one sign, for any program may end with it. */
function byCode(k: ContainerCase): Holds | undefined {
  if (k.ending !== 'by-itself' || known(k.exit)?.exitCode !== 127 || k.lastWords.length > 0) return undefined;
  const [program] = known(k.container.command) ?? [];
  return holds(k, {
    strength: 'sign',
    summary: `${k.container.name} ends with code 127, with which shells say that a command was not found${k.log.state === 'seen' ? '; it says nothing itself' : ''}`,
    evidence: cite(k.exit, 'exit code 127: command not found', '.exitCode'),
    detail: details({ container: k.container.name, command: program, image: known(k.container.image) }),
  });
}
