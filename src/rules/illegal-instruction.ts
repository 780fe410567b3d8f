// The processor of this node lacks an instruction that the program was built to use.

import type { ContainerCase } from '../core/case.ts';
import { cite, known } from '../core/fact.ts';
import { logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, holds } from '../core/rule.ts';
import { lastLines } from './reading/final-words.ts';
import { details, SPOKEN } from './reading/said.ts';
import { ILLEGAL } from './vocabulary/faults.ts';

/** Swift and Rust end a run that must not go on with an instruction that no processor has. */
const TRAP = /\bFatal error: |Swift runtime failure|fatal runtime error|memory allocation of \d+ bytes failed/;

function trap(k: ContainerCase): boolean {
  return k.lastWords.some((l) => TRAP.test(l.raw));
}

export default defineRule({
  id: 'illegal-instruction',
  title: 'An instruction this processor lacks',
  explains: SPOKEN,
  causes: ['application-error', 'init-script-failed', 'aborted', 'segmentation-fault', 'terminated-by-signal'],
  byHand: 'Run it on nodes whose processor has the instruction set, or use a build for older processors.',
  judge: (evidence) =>
    eachCase(evidence, SPOKEN, (k) => {
      const exit = known(k.exit);
      const node = known(evidence.node);
      const hit = logHits(k, ILLEGAL)[0];
      const code = exit?.exitCode === 132 || exit?.signal === 4;
      if ((!code && !hit) || trap(k)) return undefined;
      return holds(k, {
        strength: code ? 'proof' : hit ? strengthOf(hit, k) : 'sign',
        summary: `${k.container.name} needs a processor instruction that ${node ? `node ${node.name}` : 'this node'} does not have${hit?.groups.what ? `: ${hit.groups.what.trim()}` : ' (SIGILL)'}`,
        evidence: [
          ...(hit ? [hit.citation] : []),
          ...(code ? cite(k.exit, `exit code ${exit?.exitCode}: illegal instruction (SIGILL)`, '.exitCode') : []),
          ...(hit ? [] : lastLines(k, 2)),
          ...(node
            ? cite(evidence.node, `node ${node.name} is ${node.architecture}`, ':status.nodeInfo.architecture')
            : []),
        ],
        detail: details({ container: k.container.name, image: known(k.container.image), node: node?.name }),
      });
    }),
  doc: {
    looksAt: 'exit code 132, and what programs say of AVX and other instruction sets',
    means:
      'The image was built for newer processors than this node has, or a virtual machine hides the instruction set.',
    fix: 'Choose nodes with such a processor (a node label and nodeSelector), show the instruction set to the virtual machine, or use another build.',
    prevention: 'Label nodes by instruction set and ask for it where {image|the program} needs it.',
    notThis: 'A binary of another architecture does not start at all (exec-format-error).',
  },
});
