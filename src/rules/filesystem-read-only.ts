// The program writes where the file system is mounted read-only: its root, a ConfigMap or Secret, a read-only mount.

import type { ContainerCase } from '../core/case.ts';
import { cite, known } from '../core/fact.ts';
import { defineRule } from '../core/rule.ts';
import { citeMount, pathOfHit, placeOf } from './reading/paths.ts';
import { details, fromLog } from './reading/said.ts';
import { READ_ONLY } from './vocabulary/denied.ts';

const NO_TEMP = /No usable temporary directory found/;
const ALWAYS_READ_ONLY = ['configMap', 'secret', 'projected', 'downwardAPI', 'image'];

export default defineRule({
  id: 'filesystem-read-only',
  title: 'A write to a read-only file system',
  explains: ['crash-loop', 'unread'],
  causes: ['application-error', 'init-script-failed', 'disk-full', 'config-malformed', 'file-permission-denied'],
  actions: ['add-writable-volume', 'rollback'],
  byHand: 'Mount an emptyDir at {directory|the directory that it writes to}, or let {container} write elsewhere.',
  judge: (evidence) =>
    fromLog(evidence, READ_ONLY, (hit, k) => {
      // Without a writable directory for temporary files a read-only root is to blame only where there is one.
      if (NO_TEMP.test(hit.line.text) && !hasReadOnlyRoot(k)) return undefined;
      const path = NO_TEMP.test(hit.line.text) ? '/tmp' : pathOfHit(hit);
      const place = placeOf(path, k, evidence);
      const context = known(k.container.securityContext) ?? {};
      const root = !place.mount && context.readOnlyRootFilesystem === true;
      const type = place.volume?.type ?? '';
      const why = place.mount
        ? ALWAYS_READ_ONLY.includes(type)
          ? `, which the ${type} volume ${place.mount.volume} makes read-only`
          : `, on the volume ${place.mount.volume}${place.mount.readOnly ? ', mounted read-only' : ''}`
        : root
          ? ': its root file system is read-only (readOnlyRootFilesystem)'
          : '';
      return {
        summary: `${k.container.name} may not write ${path || 'a file'}${why || ': the file system is read-only'}`,
        detail: details({ path, directory: directoryOf(path), volume: place.mount?.volume, volumeType: type }),
        more: [
          ...citeMount(place, k),
          ...(root ? cite(k.container.securityContext, 'readOnlyRootFilesystem true', '.readOnlyRootFilesystem') : []),
        ],
      };
    }),
  doc: {
    looksAt: 'the refused path, readOnlyRootFilesystem, and the mount that holds the path',
    means: 'The path lies on a file system that nobody may write, whoever the user is.',
    fix: 'Mount an emptyDir at each directory that the program writes (temporary files, caches, pid files); ConfigMaps and Secrets are always read-only.',
    prevention:
      'Keep readOnlyRootFilesystem, and give {container} an emptyDir for every directory it writes, {directory|/tmp} among them; run the image with --read-only in the pipeline.',
    notThis:
      '"Permission denied" is about owner and mode. A disk that the kernel remounted read-only after an error is a matter of the node.',
  },
});

function hasReadOnlyRoot(k: ContainerCase): boolean {
  return known(k.container.securityContext)?.readOnlyRootFilesystem === true;
}

/** What to mount: the directory of a file, the path itself when it looks like a directory. */
function directoryOf(path: string): string {
  const name = path.split('/').at(-1) ?? '';
  return name.includes('.') ? path.slice(0, -name.length - 1) : path;
}
