// Somebody from outside ended the process by a signal, and none of those who announce it (probe, memory limit,
// eviction, rollout) did. Exit code 137 says SIGKILL, never "out of memory": only kubelet or kernel know that.

import { mayBeKubeletKill } from '../core/case/probe-kill.ts';
import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { exitWords } from '../core/exit-code.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { defineRule, eachCase, holds, type Judgement, undecided } from '../core/rule.ts';
import { lastLines } from './reading/final-words.ts';
import { details } from './reading/said.ts';

export default defineRule({
  id: 'terminated-by-signal',
  title: 'Ended by a signal from outside',
  explains: ['crash-loop', 'unread'],
  actions: ['debug-copy'],
  byHand: 'Find who sends the signal to {container}: a watchdog or supervisor in the container, a script, or the node.',
  judge: (evidence) => eachCase(evidence, ['crash-loop', 'unread'], (k) => signalled(evidence, k)),
  doc: {
    looksAt: 'exit codes above 128, the events that would announce a kill, and what was said before the end',
    means:
      'The process got a signal that the kubelet did not announce: from inside the container, from the node, or from a supervisor.',
    fix: 'Find the sender. A watchdog that gives up names itself in the log; a kill by the kernel stands in the node log.',
    prevention:
      'Let {container} log the {caught} it gets. Let watchdogs, supervisors and scripts log whom they end, and why.',
    notThis:
      'A kill that is announced: OOMKilled, a failed probe, an eviction, a drain, a rollout. An exit code 143 after one of them is its mechanism.',
  },
});

const NAMES: { [code: number]: string } = {
  129: 'SIGHUP',
  130: 'SIGINT',
  131: 'SIGQUIT',
  137: 'SIGKILL',
  143: 'SIGTERM',
};
const ASKED =
  /SIGTERM|SIGINT|SIGKILL|SIGQUIT|SIGHUP|\bsignal (?:15|2|3|9)\b|received (?:signal|shutdown|termination|stop)|watchdog|kill(?:ed|ing)/i;

/** A program can say something of every signal but the one that ends it at once. */
const caught = (signal: string | undefined) => (signal === 'SIGKILL' ? undefined : signal);

function signalled(evidence: Evidence, k: ContainerCase): Judgement | Judgement[] | undefined {
  const exit = known(k.exit);
  if (!exit) return undefined;
  const said = lastLines(k, 40).findLast((c) => ASKED.test(c.text));
  if (k.ending === 'completed' && mayBeKubeletKill(k, evidence)) return undefined;
  if (k.ending === 'completed')
    return said && /SIG(?:TERM|INT|QUIT|HUP)|signal|watchdog/i.test(said.text)
      ? finding(evidence, k, 'SIGTERM', 'sign', said)
      : undefined;
  if (k.ending !== 'signalled') return undefined;
  if (mayBeKubeletKill(k, evidence)) return byKubeletPerhaps(k);
  const signal = NAMES[exit.exitCode] ?? `signal ${exit.signal || exit.exitCode - 128}`;
  const heard = wouldBeHeard(evidence, k);
  const found = finding(evidence, k, signal, heard && exit.exitCode !== 137 ? 'proof' : 'sign', said);
  if (signal !== 'SIGKILL') return found;
  const node = known(evidence.pod.nodeName) ?? 'NODE';
  return [
    found,
    undecided(
      k,
      `Who killed it? The node's kernel log tells (privileged): kubectl debug node/${node} -it --image=busybox -- chroot /host sh -c 'journalctl -k | grep -i -E "oom|killed process"'`,
    ),
  ];
}

/** Nothing of the pod can have it killed, or the events reach back to this run: then one of them would announce a kill. */
function wouldBeHeard(evidence: Evidence, k: ContainerCase): boolean {
  const { liveness, startup } = k.container.probes;
  const events = known(evidence.events);
  const started = Date.parse(known(k.exit)?.startedAt ?? '');
  const reachBack = events?.some((e) => !(Date.parse(e.last) < started)) ?? false;
  return events !== undefined && (reachBack || (liveness.state === 'absent' && startup.state === 'absent'));
}

/** The one who announces its kills may have announced this one, where nobody could look. */
function byKubeletPerhaps(k: ContainerCase): Judgement {
  const { exitCode = 0 } = known(k.exit) ?? {};
  const evidenceOfIt = cite(k.exit, `exit code ${exitCode}: ${exitWords(exitCode)}`, '.exitCode');
  const summary = `${k.container.name} was ended by ${NAMES[exitCode] ?? 'a signal'}, perhaps by the kubelet for a probe or hook`;
  const detail = details({ container: k.container.name, signal: NAMES[exitCode], caught: caught(NAMES[exitCode]) });
  return holds(k, { strength: 'sign', summary, evidence: evidenceOfIt, detail });
}

function finding(
  evidence: Evidence,
  k: ContainerCase,
  signal: string,
  strength: 'proof' | 'sign',
  said: Citation | undefined,
): Judgement {
  const exit = known(k.exit);
  const silent = evidence.events.state === 'seen' ? ', and no event of the kubelet announces a kill' : '';
  return holds(k, {
    strength,
    summary: `${k.container.name} was ended by ${signal} from outside the program${silent}`,
    evidence: [
      ...cite(
        k.exit,
        `exit code ${exit?.exitCode}: ${exitWords(exit?.exitCode ?? 0)}, reason ${exit?.reason}`,
        '.exitCode',
      ),
      ...(said ? [said] : lastLines(k, 1)),
    ],
    detail: details({ container: k.container.name, signal, caught: caught(signal) }),
  });
}
