// A mount cannot be made: type, subPath, propagation, missing source, a broken file system, an unknown driver.

import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { defineRule } from '../core/rule.ts';
import { eventSaying, waitingSaying } from './reading/events.ts';
import { holdUp } from './reading/held-up.ts';
import { details } from './reading/said.ts';

const MOUNT =
  /(?:MountVolume\.\w+|UnmountVolume\.\w+|MapVolume\.\w+|Unable to mount volumes?|Unable to attach or mount volumes)[^"]{0,60}(?:volume "(?<volume>[^"]+)")? ?:? ?(?<why>[\s\S]*)$|(?<why2>failed to (?:prepare|create) subPath[\s\S]*|is not a shared mount[\s\S]*|is not a shared or slave mount[\s\S]*|hostPath type check failed[\s\S]*|invalid mount config[\s\S]*|bind source path does not exist[\s\S]*|error mounting "[^"]+"[\s\S]*)$/;
// Missing ConfigMaps, Secrets and keys, and attachment to another node, have ids of their own.
const OTHERS =
  /(?:configmap|secret)s? "[^"]+" not found|references non-existent (?:config|secret) key|object "[^"]+"\/"[^"]+" not registered|failed to sync (?:configmap|secret) cache|Multi-Attach|AttachVolume|not a directory.{0,60}Are you trying|persistentvolumeclaim "[^"]+" not (?:found|bound)/i;

export default defineRule({
  id: 'volume-mount-failed',
  title: 'A volume cannot be mounted',
  explains: ['waits', 'cannot-start', 'unread'],
  actions: ['rollback', 'move-off-node'],
  byHand: 'Correct the volume {volume} or its source: {why}.',
  judge: (evidence) => {
    if ((known(evidence.pod.phase) ?? 'Pending') === 'Running' && !waitingSaying(evidence, MOUNT)) return [];
    const event = eventSaying(evidence, MOUNT, [
      'FailedMount',
      'FailedMapVolume',
      'Failed',
      'FailedCreatePodContainer',
    ]);
    const waiting = waitingSaying(evidence, MOUNT);
    const said = event ?? waiting;
    if (!said || OTHERS.test(said.text)) return [];
    const g = said.groups;
    const volume = g.volume;
    const why = (g.why || g.why2 || said.text).trim();
    const timedOut = /timed out waiting for the condition/.test(why);
    const source = (known(evidence.pod.volumes) ?? []).find((v) => v.name === volume);
    return holdUp(evidence, {
      volume,
      strength: timedOut ? 'sign' : 'proof',
      summary: `the volume ${volume ?? ''}${source?.from ? ` (${source.type} ${source.from})` : ''} cannot be mounted: ${why.slice(0, 200)}`,
      evidence: [
        ...[event?.citation, waiting?.citation].filter((c): c is Citation => c !== undefined),
        ...citeVolume(evidence, volume),
      ],
      detail: details({ volume, why: why.slice(0, 300), path: source?.type === 'hostPath' ? source.from : undefined }),
    });
  },
  doc: {
    looksAt: 'the FailedMount events, the waiting message, and the volume in the specification',
    means: 'The kubelet cannot set up a volume, so no container of the pod starts.',
    fix: 'Correct what the message names: the hostPath or its type, subPath, mount options, the export of the server, the driver on the node.',
    prevention:
      'Create the source of {volume} before the workload, and let hostPath volumes name a type (DirectoryOrCreate) that fits every node.',
    notThis: 'A ConfigMap, Secret or claim that does not exist has its own id; so has a disk that another node holds.',
  },
});

function citeVolume(evidence: Evidence, name: string | undefined): Citation[] {
  const volumes = known(evidence.pod.volumes) ?? [];
  const i = volumes.findIndex((v) => v.name === name);
  const volume = volumes[i];
  return volume
    ? cite(evidence.pod.volumes, `${volume.name}: ${volume.type} ${volume.from} ${volume.detail}`.trim(), `[${i}]`)
    : [];
}
