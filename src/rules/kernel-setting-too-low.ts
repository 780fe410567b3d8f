// A kernel setting of the node is smaller than the program demands.

import type { LogHit } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { details, fromLog } from './reading/said.ts';
import { KERNEL_SETTING } from './vocabulary/kernel-setting.ts';

export default defineRule({
  id: 'kernel-setting-too-low',
  title: 'A kernel setting of the node is too low',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'os-limit-exhausted',
    'disk-full',
    'entrypoint-completes',
    'config-value-invalid',
    'aborted',
  ],
  byHand:
    'Set {setting} on the node (sysctl in the node image or a privileged DaemonSet), or turn off the feature that needs it.',
  judge: (evidence) =>
    fromLog(evidence, KERNEL_SETTING, (hit, k) => {
      // Redis and others only warn of settings like these, and run.
      if (
        hit.line.level === 'warn' ||
        (!['error', 'fatal'].includes(hit.line.level) &&
          /^(?:#\s)?WARNING|overcommit_memory|somaxconn|Transparent Huge/i.test(hit.line.text))
      )
        return undefined;
      const setting = hit.groups.setting?.replace(/\//g, '.') || 'a kernel setting';
      return {
        summary: `${setting} of the node ${hit.sign.who === 'Calico' ? 'does not suit' : 'is too low for'} ${k.container.name}: ${aroundSetting(hit)}`,
        detail: details({ setting }),
      };
    }),
  doc: {
    looksAt: 'the bootstrap checks and errors that name a kernel setting',
    means: 'The program checks the kernel of its node at the start and refuses to run with what it finds.',
    fix: 'Raise {setting} on every node that may run it.',
    prevention: 'Set {setting|what is too low} where nodes are made, so that new nodes have it too.',
    notThis:
      'A warning about such a setting by a program that runs on (Redis and overcommit_memory), or a sysctl that the pod itself may not write (sysctl-denied).',
  },
});

/** Elasticsearch says the setting in one of several lines of a message. */
function aroundSetting({ line, groups }: LogHit): string {
  const lines = line.text.split('\n');
  const said = lines.find((l) => groups.setting && l.includes(groups.setting)) ?? lines[0] ?? '';
  return said.trim().slice(0, 160);
}
