// What the rules about a missing ConfigMap and a missing Secret share: all but id and title.

import { eachCase, type Rule } from '../../core/rule.ts';
import { missingObjects } from './missing-object.ts';

const WHERE = ['cannot-start', 'waits', 'crash-loop', 'unread'] as const;

/** `named` is where the finding's detail holds the name of the object. */
export function missingObjectRule(kind: 'ConfigMap' | 'Secret', named: string) {
  return {
    explains: WHERE,
    causes: [
      'env-missing',
      'file-missing',
      'config-key-missing',
      'volume-mount-failed',
      'application-error',
      'init-script-failed',
      'entrypoint-completes',
    ],
    actions: ['fix-config', 'rollback'],
    byHand: `Create ${kind} {${named}} in the namespace of the pod, or correct its name in the template.`,
    judge: (evidence) => eachCase(evidence, WHERE, (k) => missingObjects(evidence, kind, k)),
    doc: {
      looksAt: `the kubelet's words before the start, mount events, and whether each referenced ${kind} exists`,
      means:
        'The kubelet cannot prepare the container, because an object that the template names is not in the namespace.',
      fix: 'Create the object under that name, or correct the name. The kubelet tries again by itself.',
      prevention: `Ship {${named}|the ${kind}} in the same release as {workload|the workload that reads it}, and check every reference of the rendered manifests before the rollout.`,
      notThis:
        'An object that exists but lacks the key is config-key-missing. An object that may not be read is a question of rights and proves nothing.',
    },
  } satisfies Partial<Rule>;
}
