// The registry answers, and has no such tag, digest or repository; or the node has none and may not pull.

import { known } from '../core/fact.ts';
import { defineRule } from '../core/rule.ts';
import { fromPull } from './reading/pull.ts';

export default defineRule({
  id: 'image-not-found',
  title: 'The image does not exist',
  explains: ['image', 'waits', 'cannot-start', 'unread'],
  actions: ['rollback'],
  byHand:
    'Correct the image {image|reference} of {container}, or push it. With pull policy {pullPolicy} nobody pulls it: load it onto the node.',
  judge: (evidence) =>
    fromPull(evidence, 'image-not-found', ({ image, message }, k) => {
      if (/pull policy of Never|ErrImageNeverPull/.test(message))
        return `the image ${image} is not on the node, and its pull policy is Never`;
      if (/no match(?:ing manifest)? for platform|no matching manifest/i.test(message)) {
        const arch = known(evidence.node)?.architecture;
        return `the image ${image} does not exist for the node's platform${arch ? ` (${arch})` : ''}`;
      }
      return `the image ${image} of ${k.container.name} does not exist in its registry`;
    }),
  doc: {
    looksAt: "the registry's answer in the kubelet's words, and imagePullPolicy",
    means:
      'The registry was reached and has no such tag, digest or repository, or nothing for the platform of the node.',
    fix: 'Correct the reference or push the image. A registry that hides private repositories says "not found" to strangers too.',
    prevention:
      'Let the pipeline resolve {image|every image} to its digest before it deploys: a tag that was never pushed then stops there.',
    notThis: '"denied" and "unauthorized" are image-pull-denied.',
  },
});
