// The main process ends normally, and the kubelet starts it again: there is nothing that stays.

import { livedAsProbeAllows, mayBeKubeletKill } from '../core/case/probe-kill.ts';
import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { kubectl } from '../core/kubectl.ts';
import { namesOf } from '../core/looks.ts';
import { defineRule, EDIT_TEMPLATE, eachCase, holds, type Judgement, undecided } from '../core/rule.ts';
import { lastLines } from './reading/final-words.ts';
import { details } from './reading/said.ts';
import { commandCitation } from './reading/start-error.ts';
import { isShell } from './vocabulary/interpreters.ts';

export default defineRule({
  id: 'entrypoint-completes',
  title: 'The program ends normally',
  explains: ['crash-loop', 'unread'],
  actions: ['rollback'],
  commands: [EDIT_TEMPLATE],
  byHand:
    'Run {container} as a Job or CronJob if its work is done when it ends; otherwise keep its main process in the foreground.',
  judge: (evidence) => eachCase(evidence, ['crash-loop', 'unread'], (k) => completed(evidence, k)),
  doc: {
    looksAt: 'exit code 0 without a kill by the kubelet, the restart policy, and the last lines of the log',
    means:
      'The main process did its work, or put itself into the background, and ended. With restartPolicy Always the kubelet starts it again.',
    fix: 'Work that ends belongs into a Job or CronJob. A server must stay in the foreground (nginx -g "daemon off;", no --daemonize). A shell needs something to do.',
    prevention:
      'Run work that ends as a Job or CronJob, and keep a server in the foreground: {image|the image}, started once for a minute before the rollout, shows which of them it is.',
    notThis:
      'Exit 0 after SIGTERM, when a probe or somebody else stopped it, and programs that report an error and still end with 0.',
  },
});

const SIGNALLED =
  /SIGTERM|SIGINT|SIGQUIT|signal (?:15|2|3|received)|received (?:signal|shutdown|termination|stop)|(?:caught|got|handling) (?:signal|sig)|graceful(?:ly)? (?:shut|stop)|shutting down gracefully|terminated by|interrupt/i;
const BACKGROUND =
  /daemoni[sz]|fork(?:ed|ing) (?:in)?to (?:the )?background|started in (?:the )?background|running in (?:the )?background|detach|forking|^(?:Starting|\* Starting) \S+ .{0,60}(?:\[ ?ok ?\]|done)/i;
const SERVICE =
  /\b(?:service|systemctl|rc-service|init\.d\/\S+|apachectl|apache2ctl|nginx|httpd|catalina\.sh|redis-server|mysqld_safe|php-fpm|supervisord|crond?)\b/;

function completed(evidence: Evidence, k: ContainerCase): Judgement | undefined {
  if (k.ending !== 'completed' || k.container.kind === 'init') return undefined;
  const policy = known(evidence.pod.restartPolicy);
  if (policy === 'Never' || policy === 'OnFailure') return undefined;
  const exit = known(k.exit);
  const lines = k.log.state === 'seen' ? k.log.value.lines : [];
  const tail = lines.slice(-40);
  if (tail.some((l) => SIGNALLED.test(l.text))) return undefined;
  const background = tail.some((l) => BACKGROUND.test(l.raw)) || (SERVICE.test(line(k)) && lines.length < 10);
  const shell =
    isShell(line(k).trim().split(' ')[0] ?? '') &&
    !/-c\b/.test(line(k)) &&
    (known(k.container.args) ?? []).length === 0;
  // An error just before the end: the program may have failed and hidden it behind exit code 0.
  const troubled =
    tail.slice(-20).some((l) => l.level === 'fatal' || l.level === 'error') ||
    tail.slice(-6).some((l) => /\b(?:error|fatal|exception|panic|failed)\b/i.test(l.text));
  const watched = evidence.events.state === 'seen' && !k.events.some((e) => e.reason === 'Killing');
  const why = shell
    ? ': a shell without anything to do ends at once'
    : background
      ? ': it goes into the background'
      : '';
  // The kubelet may have ended it for its probe or hook: only the events would tell; or somebody else: only the log would.
  const unsure = mayBeKubeletKill(k, evidence) || k.log.state === 'unread';
  if (unsure && livedAsProbeAllows(k)) {
    const { pod, where, all } = namesOf(evidence, k);
    const command = kubectl(['get', 'events', ...where, `--field-selector=involvedObject.name=${pod}`], all);
    return undecided(
      k,
      `Did a failed probe end it, as its ${k.livedForSeconds} s of life would fit?${command ? ` The events tell: ${command}` : ''}`,
    );
  }
  return holds(k, {
    strength: troubled || unsure ? 'sign' : 'proof',
    summary: `${k.container.name} does its work and ends with exit code 0${why}; nothing stays running, so it is started again and again`,
    evidence: [
      ...cite(k.exit, `${exit?.reason}, exit code 0`, '.reason'),
      ...notKilled(evidence, watched && !troubled),
      ...(unsure || troubled ? [] : [...commandCitation(k), ...lastLines(k, 2)]),
    ],
    detail: details({ container: k.container.name, image: known(k.container.image) }),
  });
}

function line(k: ContainerCase): string {
  return (known(k.container.command) ?? []).join(' ');
}

function notKilled(evidence: Evidence, sure: boolean): Citation[] {
  return sure ? cite(evidence.pod.restartPolicy, 'restartPolicy Always') : [];
}
