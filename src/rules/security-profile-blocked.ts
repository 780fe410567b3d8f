// SELinux, AppArmor or seccomp denies, or the profile that the pod asks for is not on the node.

import { cite, known } from '../core/fact.ts';
import { signTable } from '../core/log-signs.ts';
import { defineRule, eachCase, holds, type Judgement } from '../core/rule.ts';
import { eventSaying } from './reading/events.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, SPOKEN, saidBy } from './reading/said.ts';

const BLOCKED = signTable([
  { who: 'kernel audit', pattern: /avc: +denied|apparmor="DENIED"|type=SECCOMP|SELinux is preventing/i },
  {
    who: 'programs that know',
    pattern:
      /(?:seccomp|SELinux|AppArmor).{0,80}(?:denied|blocked|forbid|not permitted|prevent|violation|refus)|(?:blocked|denied|prevented) by (?:seccomp|SELinux|AppArmor)|[Bb]ad system call|SIGSYS/i,
  },
  {
    who: 'system calls that only a profile refuses',
    weak: true,
    pattern:
      /(?:clone3|io_uring_setup|io_uring_queue_init|keyctl|perf_event_open|userfaultfd|unshare|pthread_create|statx|close_range).{0,60}(?:Operation not permitted|not permitted|EPERM)/i,
  },
]);
const PROFILE =
  /(?:apparmor|seccomp).{0,120}(?:profile|filter).{0,160}(?:not (?:found|loaded|supported|enabled)|no such file or directory|cannot|failed|unable|invalid)|cannot (?:enforce AppArmor|load seccomp profile)[\s\S]{0,200}|failed to (?:load|apply|set) (?:seccomp|apparmor|selinux)[\s\S]{0,200}|set apparmor label|write \/proc\/[^:]{1,60}\/attr\/(?:exec|keycreate|fscreate)|selinux (?:relabel|label)[\s\S]{0,120}(?:failed|not supported)/i;
const SIGSYS = 159;

export default defineRule({
  id: 'security-profile-blocked',
  title: 'A security profile denies',
  explains: ['crash-loop', 'cannot-start', 'waits', 'unread'],
  causes: [
    'application-error',
    'file-permission-denied',
    'volume-permission-denied',
    'capability-missing',
    'terminated-by-signal',
  ],
  actions: ['fix-security-context'],
  byHand:
    'Look for the denial in the audit log of the node, then allow it in the profile or name a profile that exists there.',
  judge: (evidence) =>
    eachCase(evidence, [...SPOKEN, 'cannot-start', 'waits'], (k): Judgement | undefined => {
      const state = known(k.container.state);
      const exit = known(k.exit);
      const text = state?.is === 'waiting' && PROFILE.test(state.message) ? state.message : undefined;
      const refused = exit && PROFILE.test(exit.message) ? exit.message : undefined;
      const event =
        k.symptom === 'waits' || k.symptom === 'cannot-start'
          ? eventSaying(evidence, PROFILE, ['Failed', 'FailedCreatePodSandBox', 'AppArmor'])
          : undefined;
      const pod = known(evidence.pod.reason) === 'AppArmor' ? known(evidence.pod.message) : undefined;
      const words = text ?? refused ?? event?.text ?? pod;
      if (words) {
        return holds(k, {
          strength: 'proof',
          summary: `${k.container.name} cannot be created under its security profile: ${inBrief(PROFILE.exec(words)?.[0] ?? words)}`,
          evidence: [
            ...(text ? cite(k.container.state, text, '.waiting.message') : []),
            ...(refused ? cite(k.exit, refused, '.message') : []),
            ...(event ? [event.citation] : []),
            ...(pod === undefined ? [] : cite(evidence.pod.message, `AppArmor: ${pod}`)),
          ],
          detail: details({ container: k.container.name }),
        });
      }
      const said = saidBy(k, BLOCKED, (hit) => ({
        summary: `a security profile of the node denies ${k.container.name} a call: "${inBrief(hit.line.text, 160)}"`,
      }));
      if (said || exit?.exitCode !== SIGSYS) return said;
      return holds(k, {
        strength: 'proof',
        summary: `${k.container.name} was ended by SIGSYS: its seccomp profile forbids a system call that it makes`,
        evidence: cite(k.exit, `exit code ${SIGSYS} (128 + 31, SIGSYS)`, '.exitCode'),
        detail: details({ container: k.container.name }),
      });
    }),
  doc: {
    looksAt: 'the runtime when it creates the container, denials in the log, and exit code 159 (SIGSYS)',
    means:
      'The kernel refuses a call or a file by policy, whatever mode and owner say, or the policy itself is missing on the node.',
    fix: 'Read the denial in the audit log of the node, extend the profile by that one thing, or install the profile on every node.',
    prevention:
      'Record a profile from a full test run of {container} and roll it out to the nodes before the workload that names it.',
    notThis:
      'A dropped capability says "operation not permitted" too; without a denial seen, ask the audit log of the node.',
  },
});
