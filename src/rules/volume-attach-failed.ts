// A disk cannot be attached here, mostly because another node still holds it.

import { known } from '../core/fact.ts';
import { defineRule } from '../core/rule.ts';
import { eventSaying } from './reading/events.ts';
import { holdUp } from './reading/held-up.ts';
import { inBrief } from './reading/in-brief.ts';
import { details } from './reading/said.ts';

const ATTACH =
  /Multi-Attach error for volume "(?<volume>[^"]+)":? ?(?<why>[\s\S]*)$|AttachVolume\.\w+ failed for volume "(?<volume2>[^"]+)" ?: ?(?<why2>[\s\S]*)$|(?:is )?already (?:exclusively )?attached to (?:one |another )?node[\s\S]*|(?:disk|volume).{0,120}(?:already being used by|is in use|already attached|exceeds the limit)[\s\S]*/i;

export default defineRule({
  id: 'volume-attach-failed',
  title: 'A disk is held by another node',
  explains: ['waits', 'cannot-start', 'unread'],
  causes: ['volume-mount-failed'],
  actions: [],
  commands: [['See which node holds which volume', 'get volumeattachments']],
  byHand:
    'Find the pod or VolumeAttachment that still holds {volume|the disk}; remove it only when that node is surely down.',
  judge: (evidence) => {
    if (known(evidence.pod.phase) === 'Running') return [];
    const said = eventSaying(evidence, ATTACH, ['FailedAttachVolume', 'FailedMount']);
    if (!said) return [];
    const g = said.groups;
    const volume = g.volume ?? g.volume2;
    const why = (g.why ?? g.why2 ?? said.text).replace(/^rpc error: code = \w+ desc = /, '').trim();
    const mounted = eventSaying(evidence, /Unable to attach or mount volumes/, ['FailedMount']);
    return holdUp(evidence, {
      summary: `${volume ? `the disk ${volume}` : 'a disk'} cannot be attached to ${known(evidence.pod.nodeName) ?? 'this node'}: ${inBrief(why, 240)}`,
      evidence: [said.citation, ...(mounted ? [mounted.citation] : [])],
      detail: details({ volume, why: why.slice(0, 300) }),
    });
  },
  doc: {
    looksAt: 'the FailedAttachVolume events',
    means:
      'The disk can be used by one node at a time, and an old pod, a dead node or a stale VolumeAttachment still holds it; or the node has no slot left.',
    fix: 'Wait for the old pod to end, or delete it; for a node that is surely gone delete the VolumeAttachment. Forcing it on a living node damages data.',
    prevention:
      'Use the strategy Recreate (or a StatefulSet) for a workload with a ReadWriteOnce volume: a rolling update needs the disk twice.',
    notThis: 'A disk that is attached and cannot be mounted is volume-mount-failed.',
  },
});
