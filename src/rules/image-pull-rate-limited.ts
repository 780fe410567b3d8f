// The registry's rate limit stops the pull for now.

import { defineRule } from '../core/rule.ts';
import { fromPull } from './reading/pull.ts';

export default defineRule({
  id: 'image-pull-rate-limited',
  title: "The registry's rate limit",
  explains: ['image', 'waits', 'cannot-start', 'unread'],
  actions: ['restart'],
  byHand: 'Wait until the limit of {registry} has passed, log in there, or pull through a mirror.',
  judge: (evidence) =>
    fromPull(
      evidence,
      'image-pull-rate-limited',
      ({ image, registry }) => `${registry} limits the rate of pulls, so ${image} cannot be had for now`,
    ),
  doc: {
    looksAt: "the registry's answer in the kubelet's words",
    means: 'Too many pulls came from this address or account in a short time.',
    fix: 'Wait, log in with an account that has a higher limit, or use a pull-through cache.',
    prevention:
      'Mirror the images that many nodes pull, {image|this one} among them, in a registry of your own, and keep imagePullPolicy at IfNotPresent.',
    notThis: 'Denied credentials do not pass with time; this does.',
  },
});
