// A stateful member's data or identity does not fit the cluster that it wants to join.

import { defineRule } from '../core/rule.ts';
import { inBrief } from './reading/in-brief.ts';
import { citeMount, pathOfHit, placeOf } from './reading/paths.ts';
import { details, fromLog } from './reading/said.ts';
import { STALE_MEMBER } from './vocabulary/stale-member.ts';

export default defineRule({
  id: 'cluster-member-stale',
  title: 'The member belongs to another cluster',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'probe-too-early',
    'probe-endpoint-failing',
    'data-corrupted',
    'dependency-timeout',
  ],
  actions: [],
  byHand:
    'Remove the stale member from the cluster and let it join anew with an empty volume; one member at a time, never all.',
  judge: (evidence) =>
    fromLog(evidence, STALE_MEMBER, (hit, k) => {
      const path = pathOfHit(hit);
      const place = placeOf(path, k, evidence);
      return {
        summary: `${k.container.name} brings the identity of another or older cluster: "${inBrief(hit.line.text)}"`,
        detail: details({ path, volume: place.mount?.volume, member: hit.groups.member }),
        more: citeMount(place, k),
      };
    }),
  doc: {
    looksAt: 'the last words of the program, and the volume that holds its data',
    means:
      'The volume remembers a membership that the cluster no longer knows, or the cluster was made anew around it.',
    fix: 'Take the member out, clear its data after a copy, and add it again, with quorum on the other members.',
    prevention:
      'Scale {container} down with its own tools, so that members leave before their volumes are kept or reused.',
    notThis: 'Damaged files are data-corrupted; a peer that cannot be reached is a dependency.',
  },
});
