// "Operation not permitted" where the file mode is not to blame: a capability was dropped, was never given, or the file
// capabilities of the binary are void under allowPrivilegeEscalation: false.

import type { ContainerCase } from '../core/case.ts';
import { cite, known } from '../core/fact.ts';
import { signTable } from '../core/log-signs.ts';
import { defineRule, eachCase, holds, type Judgement } from '../core/rule.ts';
import { addedCapabilities, citeCapabilities, droppedCapabilities, forbidsEscalation } from './reading/capabilities.ts';
import { inBrief } from './reading/in-brief.ts';
import { pathOfHit, userOf } from './reading/paths.ts';
import { details, SPOKEN, saidBy } from './reading/said.ts';
import { NOT_PERMITTED } from './vocabulary/denied.ts';

const NAMED = signTable([
  {
    who: 'programs that name the capability',
    pattern:
      /(?<capability>CAP_[A-Z_]{2,20}\b|NET_ADMIN|SYS_ADMIN|NET_RAW|IPC_LOCK|SYS_PTRACE|NET_BIND_SERVICE).{0,80}(?:required|missing|needed|not (?:set|granted|available|permitted)|dropped)|(?:requires?|missing|needs?|lacks?|without|no) (?:the )?(?:capability )?(?<capability2>CAP_[A-Z_]{2,20}\b|NET_ADMIN|SYS_ADMIN|NET_RAW|IPC_LOCK|SYS_PTRACE)/i,
  },
  {
    who: 'iptables, mount, modprobe, ip',
    pattern:
      /\(you must be root\)|are you root\?|must be superuser|must be (?:run as )?root|RTNETLINK answers: Operation not permitted|only root can (?:do that|use)|can't initialize ip6?tables table .{0,60}: Permission denied|unable to (?:set|apply|raise) (?:process )?capabilit|cap_set_proc|failed to set cap/i,
  },
  { who: 'Vault', pattern: /Failed to lock memory|requires the mlock\(2\) syscall/i },
]);
// Which capability a refused call needs (capabilities(7)).
const NEEDS: [RegExp, string][] = [
  [/\bchown|changing ownership/i, 'CHOWN'],
  [/setuid|setgid|setgroups|initgroups|seteuid|\bsu\b|gosu|switching to "|su-exec|setpriv|runuser/i, 'SETUID'],
  [/chmod|changing permissions/i, 'FOWNER'],
  [/iptables|nft\b|RTNETLINK|\bip (?:link|route|addr|rule)|tun\b|sysctl/i, 'NET_ADMIN'],
  [/\bping\b|raw socket|icmp|AF_PACKET|pcap/i, 'NET_RAW'],
  [/mlock|lock memory/i, 'IPC_LOCK'],
  [/\bmount\b|umount|unshare|setns|nsenter|bpf/i, 'SYS_ADMIN'],
  [/modprobe|insmod/i, 'SYS_MODULE'],
  [/ptrace/i, 'SYS_PTRACE'],
  [/nice|sched_set|priority/i, 'SYS_NICE'],
  [/adjtimex|settimeofday|clock_settime/i, 'SYS_TIME'],
  [/chroot/i, 'SYS_CHROOT'],
  [/mknod/i, 'MKNOD'],
];
const GIVEN_BY_DEFAULT = ['CHOWN', 'SETUID', 'FOWNER', 'SYS_CHROOT', 'MKNOD', 'NET_RAW'];
const EXEC =
  /(?:^|[\s:])exec:? "?(?<path>\/[^\s":]+)"?:? ?.{0,40}operation not permitted|exec user process caused:? "?operation not permitted/i;

export default defineRule({
  id: 'capability-missing',
  title: 'A Linux capability is missing',
  explains: ['crash-loop', 'cannot-start', 'unread'],
  causes: [
    'application-error',
    'file-permission-denied',
    'volume-permission-denied',
    'run-as-user-unknown',
    'init-script-failed',
    'command-not-executable',
    'config-malformed',
  ],
  actions: ['fix-security-context'],
  byHand: 'Add the capability {capability|that it names} to {container}, or use an image that does not need it.',
  judge: (evidence) =>
    eachCase(evidence, [...SPOKEN, 'cannot-start'], (k): Judgement | undefined => {
      return (
        refusedExec(k) ??
        saidBy(k, NAMED, (hit) => {
          const told = (hit.groups.capability ?? hit.groups.capability2)?.toUpperCase().replace(/^CAP_/, '');
          return about(k, told ?? needed(hit.line.text), hit.line.text);
        }) ??
        saidBy(k, NOT_PERMITTED, (hit) => {
          const capability = needed(hit.line.text);
          const taken = droppedCapabilities(k).some((c) => c === 'ALL' || c === capability) || forbidsEscalation(k);
          const never =
            capability !== '' && !GIVEN_BY_DEFAULT.includes(capability) && !addedCapabilities(k).includes(capability);
          if (taken || never) return about(k, capability, hit.line.text, pathOfHit(hit));
          // Root may do this unless somebody took it away; who could not read the security context cannot tell.
          const unread = k.container.securityContext.state === 'unread';
          return unread && capability !== ''
            ? { ...about(k, capability, hit.line.text, pathOfHit(hit)), strength: 'sign' as const }
            : undefined;
        })
      );
    }),
  doc: {
    looksAt:
      '"operation not permitted" in the last words or from the runtime, capabilities.drop and add, allowPrivilegeEscalation',
    means: 'The call needs a right that root has only with a capability, and the security context does not give it.',
    fix: 'Add the one capability that is needed, do that work in an init container, or use an image that runs without it.',
    prevention:
      'Drop ALL and add back by name what {container} needs; {capability|the missing one} belongs in that list, with a word why.',
    notThis:
      'A wrong owner says "Permission denied"; a user other than root cannot chown either, with any capabilities.',
  },
});

function needed(text: string): string {
  return NEEDS.find(([pattern]) => pattern.test(text))?.[1] ?? '';
}

function about(k: ContainerCase, capability: string, text: string, path = '') {
  const { citation } = userOf(k);
  const dropped = droppedCapabilities(k);
  const why = dropped.length
    ? `drops ${dropped.join(', ')}`
    : forbidsEscalation(k)
      ? 'forbids privilege escalation'
      : k.container.securityContext.state === 'unread'
        ? 'could not be read'
        : 'does not add it';
  return {
    summary: `${k.container.name} needs the capability ${capability || 'for what it tries'}, and its security context ${why}: "${inBrief(text, 140)}"`,
    detail: details({ capability, path }),
    more: [...citeCapabilities(k), ...citation],
  };
}

/** A binary with file capabilities cannot be executed when they may not take effect. */
function refusedExec(k: ContainerCase): Judgement | undefined {
  const exit = known(k.exit);
  const state = known(k.container.state);
  const message = state?.is === 'waiting' && EXEC.test(state.message) ? state.message : (exit?.message ?? '');
  const line = k.lastWords.find((l) => EXEC.test(l.text));
  const match = EXEC.exec(message) ?? EXEC.exec(line?.text ?? '');
  if (!match) return undefined;
  const taken = citeCapabilities(k);
  return holds(k, {
    strength: taken.length ? 'proof' : 'sign',
    summary: `${match.groups?.path ?? 'the binary'} carries file capabilities that ${k.container.name} may not have, so it is not executed`,
    evidence: [
      ...(EXEC.test(message) ? cite<unknown>(message === exit?.message ? k.exit : k.container.state, message) : []),
      ...(line ? [{ source: 'log' as const, at: `${k.log.at}:${line.n}`, text: line.raw.trim() }] : []),
      ...taken,
    ],
    detail: details({ container: k.container.name, path: match.groups?.path, capability: 'NET_BIND_SERVICE' }),
  });
}
