// The image reference cannot be parsed, so nobody was asked for it.

import { defineRule } from '../core/rule.ts';
import { fromPull } from './reading/pull.ts';

export default defineRule({
  id: 'image-name-invalid',
  title: 'The image name is not a valid reference',
  explains: ['image', 'waits', 'cannot-start', 'unread'],
  actions: ['rollback'],
  byHand:
    'Correct the image reference {image} of {container}: lower case, one tag, no spaces or unfilled placeholders.',
  judge: (evidence) =>
    fromPull(evidence, 'image-name-invalid', ({ image }) => `${image} is not a valid image reference`),
  doc: {
    looksAt: "the registry's answer in the kubelet's words",
    means: 'The reference breaks the grammar: upper case, a double colon, a space, an unfilled template placeholder.',
    fix: 'Correct the reference in the template.',
    prevention:
      'Validate image references in the pipeline after templates are rendered: {image|this one} would have been refused.',
    notThis: 'A well-formed name that does not exist is image-not-found.',
  },
});
