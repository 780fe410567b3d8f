// A volume is mounted over files of the image, or a directory over a file.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, known } from '../core/fact.ts';
import { logHits } from '../core/log-signs.ts';
import { defineRule, EDIT_TEMPLATE, eachCase, type Holds, holds } from '../core/rule.ts';
import { missingFileHits } from './reading/missing-files.ts';
import { isImageFile, type MountedFile, mountedFile } from './reading/mounted-file.ts';
import { details } from './reading/said.ts';
import { startError } from './reading/start-error.ts';
import { NOT_FOUND } from './vocabulary/commands.ts';
import { NO_MODULE } from './vocabulary/images.ts';
import { NO_INTERPRETER } from './vocabulary/interpreters.ts';
import { RUNTIME_NOT_FOUND } from './vocabulary/runtime-commands.ts';

const WHERE = ['crash-loop', 'cannot-start', 'unread'] as const;

export default defineRule({
  id: 'mount-hides-files',
  title: 'A mount hides files of the image',
  explains: WHERE,
  causes: [
    'command-not-found',
    'module-missing',
    'file-missing',
    'config-key-missing',
    'container-runtime-fault',
    'application-error',
    'interpreter-missing',
    'volume-mount-failed',
    'init-script-failed',
  ],
  actions: ['rollback'],
  commands: [EDIT_TEMPLATE],
  byHand: 'Mount {volume|the volume} elsewhere than at {path|this path}, or only the one file by subPath.',
  judge: (evidence) => eachCase(evidence, WHERE, (k) => byRuntime(evidence, k) ?? byMissing(evidence, k)),
  doc: {
    looksAt: "the runtime's words about file and directory, and whether what is missing lies below a mount",
    means:
      'A mount replaces the whole directory of the image: everything that was there is out of sight. A file cannot be replaced by a directory.',
    fix: 'Mount into a directory of its own, or single files with subPath.',
    prevention:
      'Never mount over the directory that holds the program (mount beside it, or single files by subPath): {path|this mount} hides one.',
    notThis:
      'A file that was never in the image (file-missing, command-not-found), or a key that the mounted object lacks (config-key-missing).',
  },
});

const FILE_OR_DIRECTORY =
  /(?:error )?mounting (?:\\?"[^"]{1,400}\\?" )?to rootfs at (?:\\?"(?<path>[^"\\]{1,200})\\?")?.{0,400}(?:not a directory|is a directory)|trying to mount a directory onto a file|mount destination .{0,80}not a directory|cannot create subdirectories in .{0,120}: not a directory/i;

function byRuntime(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const error = startError(evidence, k);
  const match = error && FILE_OR_DIRECTORY.exec(error.text);
  if (!error || !match) return undefined;
  const path = match.groups?.path ?? '';
  const mount = known(k.container.mounts)?.find((m) => m.path === path);
  const volume = known(evidence.pod.volumes)?.find((v) => v.name === mount?.volume);
  const mounted = path ? mountedFile(evidence, k, path) : undefined;
  return holds(k, {
    strength: 'proof',
    summary: `A directory is mounted over a file, or a file over a directory${path ? `, at ${path}` : ''}${volume ? ` (volume ${volume.name}, ${volume.type}${mount?.subPath ? `, subPath ${mount.subPath}` : ''})` : ''}`,
    evidence: [...error.citations, ...(mounted?.citations ?? [])],
    detail: details({ container: k.container.name, path, volume: volume?.name }),
  });
}

/** What cannot be found lies below a mount that nobody fills. The image's content is not known, so it is a sign. */
function byMissing(evidence: Evidence, k: ContainerCase): Holds | undefined {
  for (const { path, said } of missing(evidence, k)) {
    const file = mountedFile(evidence, k, path);
    if (!file || file.mount.subPath || file.exists || filled(evidence, k, file)) continue;
    if (file.kind && !isImageFile(path) && said.from === 'file') continue;
    return holds(k, {
      strength: 'sign',
      summary: `Volume ${file.volume.name} is mounted at ${file.mount.path} and hides what the image has there: ${path} is out of sight`,
      evidence: [...said.citations, ...file.citations],
      detail: details({ container: k.container.name, path: file.mount.path, file: path, volume: file.volume.name }),
    });
  }
  return undefined;
}

interface Missing {
  path: string;
  said: { from: 'command' | 'module' | 'file'; citations: Citation[] };
}

function missing(evidence: Evidence, k: ContainerCase): Missing[] {
  const error = startError(evidence, k);
  const command =
    error && RUNTIME_NOT_FOUND.map((p) => p.exec(error.text)?.groups?.command).find((c) => c !== undefined);
  const found: Missing[] =
    error && command?.startsWith('/') ? [{ path: command, said: { from: 'command', citations: error.citations } }] : [];
  for (const hit of [...logHits(k, NOT_FOUND), ...logHits(k, NO_INTERPRETER)]) {
    const path = hit.groups.command ?? '';
    if (path.startsWith('/') && hit.position !== 'earlier')
      found.push({ path, said: { from: 'command', citations: [hit.citation] } });
  }
  for (const hit of logHits(k, NO_MODULE)) {
    const path = hit.groups.name ?? '';
    if (path.startsWith('/') && hit.position !== 'earlier')
      found.push({ path, said: { from: 'module', citations: [hit.citation] } });
  }
  for (const { hit, path } of missingFileHits(evidence, k)) {
    if (isImageFile(path) && hit.position !== 'earlier')
      found.push({ path, said: { from: 'file', citations: [hit.citation] } });
  }
  return found;
}

/** An init container or sidecar mounts the same volume: then it should have put the file there. */
function filled(evidence: Evidence, k: ContainerCase, file: MountedFile): boolean {
  return evidence.containers.some(
    (c) => c.name !== k.container.name && known(c.mounts)?.some((m) => m.volume === file.mount.volume),
  );
}
