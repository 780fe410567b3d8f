// The command is there, and may not be run: no execute right, or it is a directory.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { mountedFile } from './reading/mounted-file.ts';
import { details } from './reading/said.ts';
import { commandCitation, startError } from './reading/start-error.ts';
import { NOT_EXECUTABLE } from './vocabulary/commands.ts';
import { RUNTIME_NOT_EXECUTABLE } from './vocabulary/runtime-commands.ts';

const WHERE = ['crash-loop', 'cannot-start', 'unread'] as const;

export default defineRule({
  id: 'command-not-executable',
  title: 'The command may not be executed',
  explains: WHERE,
  causes: [
    'application-error',
    'init-script-failed',
    'file-permission-denied',
    'volume-permission-denied',
    'container-runtime-fault',
  ],
  actions: ['rollback'],
  byHand:
    'Give {command|the file} the execute right where it is made (chmod +x in the image, defaultMode: 0555 on the volume), or run it through its interpreter. On a volume that is mounted noexec nothing runs: put it elsewhere.',
  judge: (evidence) => eachCase(evidence, WHERE, (k) => byRuntime(evidence, k) ?? byShell(evidence, k)),
  doc: {
    looksAt: "the runtime's words when it cannot start the container, exit code 126 and the shell's words",
    means:
      'The file exists and the process may not execute it: its mode lacks the right, it is a directory, or its volume is mounted noexec.',
    fix: 'Set the mode in the image or on the volume; a script can also be started as an argument of its interpreter.',
    prevention:
      'Set the mode where the file is made and keep it through copies (git update-index --chmod=+x, COPY --chmod; defaultMode for a ConfigMap volume): {command|the command} lost it on the way.',
    notThis:
      'A permission refused on data (file-permission-denied, volume-permission-denied), or a command that does not exist.',
  },
});

function byRuntime(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const error = startError(evidence, k);
  if (!error) return undefined;
  const match = RUNTIME_NOT_EXECUTABLE.map((p) => p.exec(error.text)).find((m) => m !== null);
  return match ? finding(evidence, k, match.groups?.command ?? '', 'proof', error.citations) : undefined;
}

/** Without exit code 126 "permission denied" after a path can be about data; with it the shell says: not executable. */
function byShell(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const exitCode = known(k.exit)?.exitCode;
  for (const hit of logHits(k, NOT_EXECUTABLE)) {
    if (hit.sign.weak && exitCode !== 126) continue;
    const code = exitCode === 126 ? cite(k.exit, 'exit code 126: found, may not be executed', '.exitCode') : [];
    const strength = strengthOf({ ...hit, sign: { ...hit.sign, weak: false } }, k);
    return finding(evidence, k, hit.groups.command ?? '', strength, [hit.citation, ...code]);
  }
  return undefined;
}

function finding(
  evidence: Evidence,
  k: ContainerCase,
  named: string,
  strength: 'proof' | 'sign',
  said: Citation[],
): Holds {
  const command = named || known(k.container.command)?.[0] || '';
  const mounted = mountedFile(evidence, k, command);
  const ofData = mounted !== undefined && mounted.kind === undefined;
  const why = /is a directory/i.test(said[0]?.text ?? '')
    ? 'is a directory'
    : `has no execute right${ofData ? ', or its volume is mounted noexec' : ''}`;
  return holds(k, {
    strength,
    summary: `${command || 'The command'} is there, but ${why}${mounted ? ` (it comes from volume ${mounted.volume.name})` : ''}`,
    evidence: [...said, ...commandCitation(k), ...(mounted?.citations ?? [])],
    detail: details({
      container: k.container.name,
      command,
      image: known(k.container.image),
      volume: mounted?.volume.name,
    }),
  });
}
