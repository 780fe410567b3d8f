// A mount cannot be made: type, subPath, propagation, missing source, a broken file system, an unknown driver.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { isCutOff } from './reading/cut-off.ts';
import { eventSaying, waitingSaying } from './reading/events.ts';
import { holdUp } from './reading/held-up.ts';
import { inBrief } from './reading/in-brief.ts';
import { details } from './reading/said.ts';
import { startError } from './reading/start-error.ts';

const MOUNT =
  /(?:MountVolume\.\w+|UnmountVolume\.\w+|MapVolume\.\w+|Unable to mount volumes?|Unable to attach or mount volumes)(?:[^"]{0,60}?volume "(?<volume>[^"]+)")? ?:? ?(?<why>[\s\S]*)$|(?<why2>failed to (?:prepare|create) subPath[\s\S]*|is not a shared mount[\s\S]*|is not a shared or slave mount[\s\S]*|hostPath type check failed[\s\S]*|invalid mount config[\s\S]*|bind source path does not exist[\s\S]*|error mounting "[^"]+"[\s\S]*)$/;
// Missing ConfigMaps, Secrets and keys, and attachment to another node, have ids of their own.
const OTHERS =
  /(?:configmap|secret)s? "[^"]+" not found|references non-existent (?:config|secret) key|object "[^"]+"\/"[^"]+" not registered|failed to sync (?:configmap|secret) cache|Multi-Attach|AttachVolume|not a directory.{0,60}Are you trying|persistentvolumeclaim "[^"]+" not (?:found|bound)/i;

export default defineRule({
  id: 'volume-mount-failed',
  title: 'A volume cannot be mounted',
  explains: ['waits', 'cannot-start', 'unread'],
  actions: ['rollback', 'move-off-node'],
  byHand:
    'Correct the volume {volume|that it names} or its source. The kubelet says: {why}. What the subPath of {stale} led to is gone: delete the pod, and its controller makes one that reads it anew.',
  judge: (evidence) => {
    const refused = eachCase(evidence, ['cannot-start'], (k) => byRuntime(evidence, k));
    if (refused.length > 0) return refused;
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
    // What is not said to its end may be any of the others.
    if (isCutOff(why) || !/\S\s+\S/.test(why)) return [];
    const timedOut = /timed out waiting for the condition/.test(why);
    const source = (known(evidence.pod.volumes) ?? []).find((v) => v.name === volume);
    return holdUp(evidence, {
      volume,
      strength: timedOut ? 'sign' : 'proof',
      summary: `${volume ? `the volume ${volume}` : 'a volume'}${source?.from ? ` (${source.type} ${source.from})` : ''} cannot be mounted: ${essence(why)}`,
      evidence: [
        ...[event?.citation, waiting?.citation].filter((c): c is Citation => c !== undefined),
        ...citeVolume(evidence, volume),
      ],
      detail: details({ volume, why: essence(why), path: source?.type === 'hostPath' ? source.from : undefined }),
    });
  },
  doc: {
    looksAt: 'the FailedMount events, the waiting message, and the volume in the specification',
    means: 'The kubelet cannot set up a volume, so no container of the pod starts.',
    fix: 'Correct what the message names: the hostPath or its type, subPath, mount options, the export of the server, the driver on the node.',
    prevention:
      'Create the source of {volume|the volume} before the workload. Let the hostPath {path} name a type (DirectoryOrCreate) that fits every node. Mount the whole of {stale} instead of a subPath, which does not follow its ConfigMap.',
    notThis: 'A ConfigMap, Secret or claim that does not exist has its own id; so has a disk that another node holds.',
  },
});

/** The mount program's own words, without the command line that the kubelet prints before them. */
function essence(why: string): string {
  const output = /Mounting command: [\s\S]{0,2000}?Output: (?<said>[\s\S]+)/.exec(why)?.groups?.said;
  const words = (output ?? why).replace(/^rpc error: code = \w+ desc = /, '').trim();
  const own = output
    ? words.replace(/^Running scope as unit: \S{1,200}|Refer to the mount\.\w{1,20}\(8\) manual page[\s\S]*$/g, '')
    : words;
  return inBrief(own, 240);
}

const REFUSED =
  /error mounting \\?"(?<source>[^"\\]{1,400})\\?" to rootfs at \\?"(?<path>[^"\\]{1,200})\\?"(?<why>(?:(?!a directory)[\s\S]){0,600})$/;

/** The runtime could not put the volume in its place: what stood behind a subPath at the first start is gone. */
function byRuntime(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const error = startError(evidence, k);
  const match = error && REFUSED.exec(error.text);
  if (!error || !match) return undefined;
  const { source = '', path = '', why = '' } = match.groups ?? {};
  const mount = known(k.container.mounts)?.find((m) => m.path === path);
  const stale = /volume-subpaths/.test(source) && /no such file/.test(why);
  return holds(k, {
    strength: 'proof',
    summary: `${mount ? `the volume ${mount.volume}` : 'a volume'} cannot be mounted at ${path}: ${stale ? 'what its subPath led to is gone; a new pod reads it anew' : essenceOfRuntime(why)}`,
    evidence: [...error.citations, ...citeVolume(evidence, mount?.volume)],
    detail: details({
      container: k.container.name,
      volume: mount?.volume,
      why: stale ? undefined : essenceOfRuntime(why),
      stale: stale ? (mount?.volume ?? path) : undefined,
    }),
  });
}

/** The last of the words that the runtime strings together. */
const essenceOfRuntime = (why: string): string => (why.split(': ').at(-1) ?? '').trim().slice(0, 160);

function citeVolume(evidence: Evidence, name: string | undefined): Citation[] {
  const volumes = known(evidence.pod.volumes) ?? [];
  const i = volumes.findIndex((v) => v.name === name);
  const volume = volumes[i];
  return volume
    ? cite(evidence.pod.volumes, `${volume.name}: ${volume.type} ${volume.from} ${volume.detail}`.trim(), `[${i}]`)
    : [];
}
