// runAsNonRoot refuses the image's user. The kubelet states it before the container is created.

import { cite, known } from '../core/fact.ts';
import { defineRule, eachCase, holds } from '../core/rule.ts';
import { userOf } from './reading/paths.ts';
import { details } from './reading/said.ts';

const ROOT =
  /runAsNonRoot and image (?:will run as root|has non-numeric user \((?<user>[^)]{0,200})\))|container's runAsUser breaks non-root policy|cannot verify user is non-root/i;

export default defineRule({
  id: 'run-as-non-root-violation',
  title: 'The image runs as root and may not',
  explains: ['cannot-start', 'waits', 'unread'],
  actions: ['fix-security-context', 'rollback'],
  byHand:
    'Give {container} a numeric runAsUser above 0 that its image works with, or build the image with a numeric USER.',
  judge: (evidence) =>
    eachCase(evidence, ['cannot-start', 'waits', 'unread'], (k) => {
      const state = known(k.container.state);
      const waiting = state?.is === 'waiting' && ROOT.test(state.message) ? state.message : undefined;
      const event = k.events.findLast((e) => ROOT.test(e.message));
      const match = ROOT.exec(waiting ?? event?.message ?? '');
      if (!match) return undefined;
      const user = match.groups?.user;
      return holds(k, {
        strength: 'proof',
        summary: user
          ? `runAsNonRoot refuses ${k.container.name}: its image names the user ${user} in words, and only a number can be checked`
          : `runAsNonRoot refuses ${k.container.name}: its image runs as root`,
        evidence: [
          ...(waiting
            ? cite(k.container.state, `${state?.is === 'waiting' ? state.reason : ''}: ${waiting}`, '.waiting.message')
            : []),
          ...(event ? [{ source: 'event' as const, at: event.at, text: event.message }] : []),
          ...userOf(k).citation,
        ],
        detail: details({ container: k.container.name, user, image: known(k.container.image) }),
      });
    }),
  doc: {
    looksAt: "the kubelet's words while the container cannot be created, and the security context",
    means:
      'The pod demands a user other than root, the image runs as root (or names its user in words), and no runAsUser says otherwise.',
    fix: 'Set runAsUser to a number that the image works with, or use an image built with a numeric USER.',
    prevention: 'Build {image|the image} with a numeric USER line, so that runAsNonRoot can be checked anywhere.',
    notThis: 'A user that does not exist in the image is run-as-user-unknown.',
  },
});
