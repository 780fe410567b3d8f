// A ConfigMap that the template names does not exist.

import { defineRule, eachCase } from '../core/rule.ts';
import { missingObjects } from './reading/missing-object.ts';

const WHERE = ['cannot-start', 'waits', 'crash-loop', 'unread'] as const;

export default defineRule({
  id: 'configmap-missing',
  title: 'A referenced ConfigMap does not exist',
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
  byHand: 'Create ConfigMap {configMap} in the namespace of the pod, or correct its name in the template.',
  judge: (evidence) => eachCase(evidence, WHERE, (k) => missingObjects(evidence, 'ConfigMap', k)),
  doc: {
    looksAt: "the kubelet's words before the start, mount events, and whether each referenced ConfigMap exists",
    means:
      'The kubelet cannot prepare the container, because an object that the template names is not in the namespace.',
    fix: 'Create the object under that name, or correct the name. The kubelet tries again by itself.',
    prevention:
      'Ship {configMap|the ConfigMap} in the same release as {workload|the workload that reads it}, and check every reference of the rendered manifests before the rollout.',
    notThis:
      'An object that exists but lacks the key is config-key-missing. An object that may not be read is a question of rights and proves nothing.',
  },
});
