// An init container's own script fails for its own reason, and so the pod's containers never start.

import { cite, known } from '../core/fact.ts';
import { defineRule, eachCase, holds } from '../core/rule.ts';
import { finalWords, lastLines } from './reading/final-words.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, SPOKEN } from './reading/said.ts';
import { commandCitation } from './reading/start-error.ts';

export default defineRule({
  id: 'init-script-failed',
  title: 'An init container fails',
  explains: SPOKEN,
  generic: true,
  causes: ['application-error'],
  actions: ['rollback'],
  byHand: 'Correct what {container} does: it runs before the others, and they start only when it ends with 0.',
  judge: (evidence) =>
    eachCase(evidence, SPOKEN, (k) => {
      if (k.container.kind !== 'init' || k.ending !== 'by-itself') return undefined;
      const exit = known(k.exit);
      const words = finalWords(k);
      const said =
        words.findLast(
          ({ line }) =>
            line.level === 'fatal' ||
            line.level === 'error' ||
            /error|fail|fatal|cannot|unable|denied|not found|exception/i.test(line.text),
        ) ?? words.at(-1);
      const heard = k.log.state !== 'unread';
      const silence = heard ? ' and says nothing' : '';
      const waiting = evidence.containers.filter((c) => c.kind === 'main').map((c) => c.name);
      return holds(k, {
        strength: 'sign',
        summary: `Init container ${k.container.name} ends with code ${exit?.exitCode}${said ? `: ${inBrief(said.line.text)}` : silence}; ${waiting.join(', ')} ${waiting.length === 1 ? 'waits' : 'wait'} for it`,
        evidence: [
          ...(said ? [said.citation] : lastLines(k, 2)),
          ...cite(k.exit, `exit code ${exit?.exitCode}`, '.exitCode'),
          // Without its words anything may be wrong: then the command adds nothing.
          ...(heard ? commandCitation(k) : []),
        ],
        detail: details({ container: k.container.name, image: known(k.container.image) }),
      });
    }),
  doc: {
    looksAt: 'how an init container ended, and its last words',
    means:
      'The kubelet runs init containers one after the other; while {container} fails, no other container of the pod starts.',
    fix: 'Correct the script, or what it needs.',
    prevention:
      'Let init container {container} say what it waits for or fetches, and give up with words after a while.',
    notThis:
      'An init container that fails for a cause with a name of its own (a missing variable, a refused connection, a migration): then that is the cause.',
  },
});
