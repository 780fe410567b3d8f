// The registry refuses the pull without, or with these, credentials.

import { defineRule } from '../core/rule.ts';
import { fromPull } from './reading/pull.ts';

export default defineRule({
  id: 'image-pull-denied',
  title: 'The registry refuses the pull',
  explains: ['image', 'waits', 'cannot-start', 'unread'],
  actions: ['fix-config'],
  commands: [
    [
      'Make a pull secret of a file with the login',
      'create secret generic registry-login -n {namespace} --type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=FILE',
    ],
    [
      'Let the ServiceAccount carry it; new pods use it',
      'patch serviceaccount {serviceAccount} -n {namespace} -p {"imagePullSecrets":[{"name":"registry-login"}]}',
    ],
  ],
  byHand: 'Give the pod an imagePullSecret that may read {image} from {registry}, or let its ServiceAccount carry one.',
  judge: (evidence) =>
    fromPull(
      evidence,
      'image-pull-denied',
      ({ image, registry, missingSecrets }) =>
        `${registry} refuses to hand out ${image}: ${missingSecrets ? `the kubelet cannot read the pull secret ${missingSecrets}` : 'no credentials, or the wrong ones'}`,
    ),
  doc: {
    looksAt: "the registry's answer in the kubelet's words",
    means:
      'The registry answered 401 or 403, or hides a repository that the credentials may not see (which may also not exist).',
    fix: 'Name a pull secret for this registry in imagePullSecrets, renew an expired token, or give the node identity the right to read.',
    prevention:
      'Attach the pull secret of {registry|the registry} to the ServiceAccount instead of to single pods, and renew it before it expires.',
    notThis: 'A registry that says "manifest unknown" was reached and allowed the look: image-not-found.',
  },
});
