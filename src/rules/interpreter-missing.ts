// The file to run is there, what should run it is not: the interpreter behind its first line, spoiled by a Windows
// line end or absent from the image; or the image has no shell at all.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { type LogHit, logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds, type Judgement, undecided } from '../core/rule.ts';
import { mountedFile } from './reading/mounted-file.ts';
import { details } from './reading/said.ts';
import { commandCitation, startError } from './reading/start-error.ts';
import { NOT_FOUND } from './vocabulary/commands.ts';
import { isInterpreter, isShell, NO_INTERPRETER } from './vocabulary/interpreters.ts';
import { RUNTIME_NOT_FOUND } from './vocabulary/runtime-commands.ts';

const WHERE = ['crash-loop', 'cannot-start', 'unread'] as const;

export default defineRule({
  id: 'interpreter-missing',
  title: 'The interpreter of the command is missing',
  explains: WHERE,
  causes: [
    'application-error',
    'init-script-failed',
    'command-not-found',
    'file-missing',
    'container-runtime-fault',
    'flag-unknown',
  ],
  actions: ['rollback'],
  byHand:
    'Let the first line of {command|the script} name an interpreter that the image has, or add {interpreter|it} to the image; save the script with Unix line ends.',
  judge: (evidence) => eachCase(evidence, WHERE, (k) => byRuntime(evidence, k) ?? byLog(evidence, k)),
  doc: {
    looksAt:
      'words that say "no such file" about a file which the runtime has just found, and what its first line names',
    means:
      'The kernel found the script but not the program that its first line names; a carriage return at its end is part of that name.',
    fix: 'Convert the line ends, correct the first line, or use an image that has the interpreter. Without a shell in the image, give the program and its arguments as a list.',
    prevention:
      'Keep scripts with LF line ends (.gitattributes: *.sh text eol=lf) and a first line that the base image has; started once before the rollout, {image|the image} shows both.',
    notThis:
      'A command that is not in the image (command-not-found), or a binary whose dynamic loader is missing (library-missing).',
  },
});

/** No shell in the image: command or args ask for one. */
function byRuntime(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const error = startError(evidence, k);
  if (!error) return undefined;
  const match = RUNTIME_NOT_FOUND.map((p) => p.exec(error.text)).find((m) => m !== null);
  const command = match?.groups?.command ?? '';
  if (match && isShell(command))
    return finding(
      k,
      `The image has no ${command}, which the command of ${k.container.name} asks for`,
      'proof',
      [...error.citations, ...commandCitation(k)],
      { interpreter: command },
    );
  const later = /exec user process(?: caused)?:? ?"?no such file|cannot execute: required file/.test(error.text);
  return later
    ? finding(
        k,
        `What should run the command of ${k.container.name} is missing: its interpreter or its loader`,
        'sign',
        error.citations,
        { command: known(k.container.command)?.[0] },
      )
    : undefined;
}

function byLog(evidence: Evidence, k: ContainerCase): Judgement | undefined {
  for (const hit of logHits(k, NOT_FOUND)) {
    const command = (hit.groups.command ?? '').trim();
    if (!/\benv: /.test(hit.line.text) || !isInterpreter(command)) continue;
    return finding(
      k,
      `The image has no ${command}, which the first line of the script names`,
      strengthOf(hit, k),
      [hit.citation, ...exit127(k), ...commandCitation(k)],
      { interpreter: command },
    );
  }
  const hit = logHits(k, NO_INTERPRETER)[0];
  return hit && byMissing(evidence, k, hit);
}

function byMissing(evidence: Evidence, k: ContainerCase, hit: LogHit): Judgement {
  const command = hit.groups.command || known(k.container.command)?.[0] || '';
  const script = mountedFile(evidence, k, command);
  const firstLine = script?.value?.split('\n', 1)[0] ?? '';
  const crlf = /\r|\^M|\\r/.test(hit.line.raw) || firstLine.endsWith('\r');
  const name = hit.groups.interpreter || /^#!\s*(\S+(?: \S+)?)/.exec(firstLine)?.[1]?.trim();
  const isScript = /\.(?:sh|bash|py|rb|pl|js|php|lua|R)$|entrypoint|start|run|launch|init|script|wrapper|boot/i.test(
    command,
  );
  if (!crlf && !name && !isScript && command !== '') {
    return undecided(
      k,
      `Is ${command} a script or a binary? Look at its first bytes in the image: head -c 64 ${command} | od -c`,
    );
  }
  const why = crlf
    ? 'its lines end with a carriage return'
    : name
      ? `its interpreter ${name} is not in the image`
      : 'its interpreter is not in the image, or its lines end with a carriage return';
  return finding(
    k,
    `${command || 'The script'} is there, but cannot be run: ${why}`,
    strengthOf(hit, k),
    [hit.citation, ...exit127(k), ...commandCitation(k), ...(script?.citations ?? [])],
    name && !crlf ? { interpreter: name } : { command },
  );
}

function exit127(k: ContainerCase): Citation[] {
  return known(k.exit)?.exitCode === 127 ? cite(k.exit, 'exit code 127: command not found', '.exitCode') : [];
}

function finding(
  k: ContainerCase,
  summary: string,
  strength: 'proof' | 'sign',
  evidence: Citation[],
  names: { command?: string; interpreter?: string },
): Holds {
  return holds(k, {
    strength,
    summary,
    evidence,
    detail: details({ container: k.container.name, ...names, image: known(k.container.image) }),
  });
}
