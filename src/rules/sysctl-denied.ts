// The pod or its program may not write a kernel setting.

import { casesOf } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { objects, words } from '../core/json.ts';
import { logHits, signIn } from '../core/log-signs.ts';
import { defineRule, type Holds, holds, holdsForPod } from '../core/rule.ts';
import { details, fromLog } from './reading/said.ts';
import { startError } from './reading/start-error.ts';
import { SYSCTL } from './vocabulary/kernel-setting.ts';

export default defineRule({
  id: 'sysctl-denied',
  title: 'A kernel setting may not be written',
  explains: ['crash-loop', 'cannot-start', 'waits', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'filesystem-read-only',
    'file-permission-denied',
    'capability-missing',
    'container-runtime-fault',
    'admission-denied',
  ],
  byHand:
    'Set {setting|it} on the node (in its image, or by a privileged DaemonSet), or leave it out. Only a setting that has a namespace (net.*, kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.*) can be set for a pod, in securityContext.sysctls, and one that is not safe only where the kubelet allows it (--allowed-unsafe-sysctls).',
  judge: (evidence) => [
    ...byKubelet(evidence),
    ...byRuntime(evidence),
    ...fromLog(evidence, SYSCTL, (hit, k) => ({
      summary: `${k.container.name} may not write the kernel setting ${setting(hit.groups.setting)}`,
      detail: details({ setting: setting(hit.groups.setting) }),
      // Many programs only try.
      strength: logHits(k, SYSCTL).some((h) => h.position === 'last-words') ? undefined : 'sign',
    })),
  ],
  doc: {
    looksAt: "the reason of a pod that was rejected, the runtime's words, and writes below /proc/sys that are refused",
    means: 'The setting is not among those a pod may change, or it belongs to the whole node.',
    fix: "Use the safe sysctls of the pod's securityContext, allow the setting on the kubelet, or set it on the node.",
    prevention:
      'Set what belongs to the node (vm.*, fs.*, most of kernel.*) where nodes are made, and what a pod may set for itself in securityContext.sysctls after the kubelet allows it: {setting|this one} was refused.',
    notThis: 'A setting that may be read and is too small (kernel-setting-too-low), or a read-only root file system.',
  },
});

const REJECTED = /forbidden sysctl: "(?<setting>[^"]{1,80})"/;

/** The kubelet rejects the whole pod: phase Failed, no container ever exists. */
function byKubelet(evidence: Evidence): Holds[] {
  const event = (known(evidence.events) ?? []).findLast((e) => e.reason === 'SysctlForbidden');
  const message = known(evidence.pod.message) ?? event?.message ?? '';
  if (known(evidence.pod.reason) !== 'SysctlForbidden' && !event) return [];
  const name = REJECTED.exec(message)?.groups?.setting ?? '';
  return [
    holdsForPod({
      strength: 'proof',
      summary: `The kubelet rejects the pod: it asks for the kernel setting ${name || 'that is not allowed'}`,
      evidence: [
        ...cite(evidence.pod.reason, `SysctlForbidden: ${message}`),
        ...(event ? [{ source: 'event' as const, at: event.at, text: `${event.reason}: ${event.message}` }] : []),
        ...citeSysctls(evidence),
      ],
      detail: details({ setting: name }),
    }),
  ];
}

function citeSysctls({ pod }: Evidence): Citation[] {
  const asked = objects(known(pod.securityContext)?.sysctls).map(
    (s) => `${words(s.name) ?? ''}=${words(s.value) ?? ''}`,
  );
  return asked.length ? cite(pod.securityContext, `sysctls ${asked.slice(0, 8).join(', ')}`, '.sysctls') : [];
}

function byRuntime(evidence: Evidence): Holds[] {
  return casesOf(evidence).flatMap((k) => {
    const error = startError(evidence, k);
    const match = error && signIn(error.text, SYSCTL);
    if (!error || !match) return [];
    return holds(k, {
      strength: 'proof',
      summary: `The runtime may not write the kernel setting ${setting(match.groups.setting)} for this pod`,
      evidence: error.citations,
      detail: details({ container: k.container.name, setting: setting(match.groups.setting) }),
    });
  });
}

function setting(path: string | undefined): string {
  return (path ?? '').replace(/\//g, '.');
}
