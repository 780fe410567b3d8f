// No space is left: on a volume, a tmpfs, or the node's own disk.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { type LogHit, logHits, signIn, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { type MountedFile, mountedFile } from './reading/mounted-file.ts';
import { citeLine, details, linesAround, SPOKEN } from './reading/said.ts';
import { DISK_FULL } from './vocabulary/disk-full.ts';
import { KERNEL_SETTING } from './vocabulary/kernel-setting.ts';
import { OS_LIMIT } from './vocabulary/os-limit.ts';

const WHERE = [...SPOKEN, 'cannot-start', 'waits', 'image'] as const;

export default defineRule({
  id: 'disk-full',
  title: 'No space left',
  explains: WHERE,
  causes: [
    'application-error',
    'init-script-failed',
    'entrypoint-completes',
    'data-corrupted',
    'container-runtime-fault',
    'image-not-found',
    'aborted',
    'volume-mount-failed',
  ],
  commands: [['See how full it is, while it runs', 'exec {pod} -n {namespace} -c {container} -- df -h {path}']],
  byHand:
    'Make room on {path|the disk that is full}: expire what is old, or write less. Or give volume {volume} more than {sizeLimit|it has}.',
  judge: (evidence) => eachCase(evidence, WHERE, (k) => byLog(evidence, k) ?? byEvent(evidence, k)),
  doc: {
    looksAt: 'the errno words, the path they name, the volume that is mounted there and its size, and the node',
    means: 'A write failed because the file system behind it is full.',
    fix: 'Delete what is not needed or make the volume larger. A memory-backed emptyDir counts against the memory limit too.',
    prevention:
      'Alert when {path|the disk} is 80 % full, and rotate or expire what grows there. Size volume {volume} for its peak: {sizeLimit} was not enough.',
    notThis:
      'inotify watches that are used up have the same errno (os-limit-exhausted); a pod that the kubelet removed for its disk use is evicted.',
  },
});

function byLog(evidence: Evidence, k: ContainerCase): Holds | undefined {
  if (!SPOKEN.includes(k.symptom)) return undefined;
  for (const hit of logHits(k, DISK_FULL)) {
    if (isOtherLimit(k, hit)) continue;
    if (NODES_OWN.test(hit.line.raw)) return ofNode(k, hit);
    const { path, mounted, named } = place(evidence, k, hit);
    const volume = mounted?.volume;
    const kind = volume?.detail === 'Memory' ? 'memory-backed emptyDir' : volume?.type;
    return holds(k, {
      strength: strengthOf(hit, k),
      summary: `No space is left${path ? ` on ${mounted?.mount.path ?? path}` : ''}${volume ? ` (volume ${volume.name}, ${kind}${volume.sizeLimit ? `, ${volume.sizeLimit}` : ''})` : ''}, and ${k.container.name} cannot go on without it`,
      evidence: [hit.citation, ...named, ...(mounted?.citations ?? []), ...size(evidence, mounted)],
      detail: details({
        container: k.container.name,
        path: mounted?.mount.path ?? path,
        volume: volume?.name,
        sizeLimit: volume?.sizeLimit,
      }),
    });
  }
  return undefined;
}

/** A journal of the node, pasted: nobody's program speaks. */
const NODES_OWN =
  /\b(?:kubelet|containerd|crio|dockerd|k3s|rke2)\[\d{1,7}\]: |"CreatePodSandbox for pod failed"|CreatePodSandboxError/;

function ofNode(k: ContainerCase, hit: LogHit): Holds {
  const path = hit.line.raw.match(PATH)?.[0] ?? '';
  return holds(k, {
    strength: strengthOf(hit, k),
    summary: `No space is left on the node${path ? ` (${path})` : ''}, and it cannot make containers`,
    evidence: [hit.citation],
    detail: details({ path }),
  });
}

/** Watches and semaphores that are used up have the same errno; Node repeats it lines below as a field. */
function isOtherLimit(k: ContainerCase, hit: LogHit): boolean {
  return linesAround(k, hit.line.n, 8, 0).some(
    (l) =>
      /inotify|fsnotify|watch|semaphore|semget|shmget/i.test(l.text) &&
      (l.n === hit.line.n || /ENOSPC|no space/i.test(l.text)) &&
      [OS_LIMIT, KERNEL_SETTING].some((table) => signIn(l.text, table)),
  );
}

interface Place {
  path: string;
  mounted: MountedFile | undefined;
  named: Citation[];
}

const PATH = /(?<![\w./])\/[\w.@-]{1,80}(?:\/[\w.@{}$-]{1,80}){0,12}/g;

/** The path in the line or near it; else the only volume that can be written. */
function place(evidence: Evidence, k: ContainerCase, hit: LogHit): Place {
  const lines = [hit.line, ...linesAround(k, hit.line.n, 12, 3).reverse()];
  for (const line of lines) {
    for (const [path] of line.raw.matchAll(PATH)) {
      const mounted = mountedFile(evidence, k, path);
      if (mounted && !mounted.kind)
        return { path, mounted, named: line === hit.line || line.n === hit.line.n ? [] : [citeLine(k, line)] };
    }
  }
  const writable = (known(k.container.mounts) ?? []).filter((m) => {
    const type = known(evidence.pod.volumes)?.find((v) => v.name === m.volume)?.type;
    return !m.readOnly && type !== undefined && !['configMap', 'secret', 'projected', 'downwardAPI'].includes(type);
  });
  const path = hit.line.raw.match(PATH)?.[0] ?? '';
  const only = path === '' && writable.length === 1 ? writable[0] : undefined;
  return { path: only?.path ?? path, mounted: only && mountedFile(evidence, k, only.path), named: [] };
}

function size(evidence: Evidence, mounted: MountedFile | undefined): Citation[] {
  const index = (known(evidence.pod.volumes) ?? []).findIndex((v) => v.name === mounted?.volume.name);
  const limit = mounted?.volume.sizeLimit;
  return index >= 0 && limit ? cite(evidence.pod.volumes, `sizeLimit ${limit}`, `[${index}].emptyDir.sizeLimit`) : [];
}

/** The node itself: images, sandboxes and volumes cannot be made. */
function byEvent(evidence: Evidence, k: ContainerCase): Holds | undefined {
  if (!['cannot-start', 'waits', 'image'].includes(k.symptom)) return undefined;
  const event = (known(evidence.events) ?? []).findLast(
    (e) =>
      /no space left on device|disk quota exceeded/i.test(e.message) &&
      (e.container === '' || e.container === k.container.name),
  );
  const state = known(k.container.state);
  const waiting = state?.is === 'waiting' && /no space left on device/i.test(state.message) ? state.message : undefined;
  if (!event && !waiting) return undefined;
  const node = known(evidence.pod.nodeName);
  return holds(k, {
    strength: 'proof',
    summary: `No space is left on ${node ? `node ${node}` : 'the node'}, and ${k.container.name} cannot be started`,
    evidence: [
      ...(waiting ? cite(k.container.state, waiting.slice(0, 400), '.waiting.message') : []),
      ...(event ? [{ source: 'event' as const, at: event.at, text: event.message.slice(0, 400) }] : []),
    ],
    detail: details({ container: k.container.name, node }),
  });
}
