// A file inside the image is not accessible for the user that the process runs as.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { pathNear, pathOfHit, placeOf, userOf, usuallyVolume } from './reading/paths.ts';
import { details, fromLog } from './reading/said.ts';
import { startError } from './reading/start-error.ts';
import { DENIED, NOT_A_FILE } from './vocabulary/denied.ts';

/** Libraries that give the number of the error and no path. */
const BY_NUMBER =
  /kind: PermissionDenied|os error 13\b|\[Errno 13\] Permission denied$|^Error: EACCES: permission denied$/;
/** What a process writes to is its own, unless another user opened it. */
const DEVICE = /^\/(?:dev(?!\/std(?:out|err)$)|proc(?!\/self\/fd\/\d+$)|sys)\//;

export default defineRule({
  id: 'file-permission-denied',
  title: 'A file of the image may not be used',
  explains: ['crash-loop', 'unread', 'cannot-start'],
  causes: ['application-error', 'init-script-failed', 'config-malformed', 'file-missing'],
  actions: ['rollback', 'add-writable-volume'],
  byHand:
    'Give {path|the file} to {user|its user} in the image (chown at build), mount a writable volume there, or run as the user of the image.',
  judge: (evidence) => [
    ...eachCase(evidence, ['cannot-start'], (k) => workingDirectory(evidence, k)),
    ...fromLog(evidence, DENIED, (hit, k) => {
      if (hit.sign.weak || NOT_A_FILE.test(hit.line.text)) return undefined;
      const path = pathOfHit(hit) || pathNear(hit, k);
      const place = placeOf(path, k, evidence);
      const nameless = path === '' && BY_NUMBER.test(hit.line.text);
      if (place.mount || (path === '' && !nameless) || DEVICE.test(path)) return undefined;
      if (!place.known && usuallyVolume(path, hit.line.text)) return undefined;
      const { uid, citation } = userOf(k);
      return {
        summary: `${uid === undefined ? k.container.name : `user ${uid}`} may not use ${path || 'a file that it does not name'}${!nameless && place.known ? ', a path of the image' : ''}`,
        detail: details({ path, user: uid === undefined ? 'the user of the process' : `user ${uid}`, uid }),
        more: place.known ? citation : [],
        ...(place.known && path.startsWith('/') ? {} : { strength: 'sign' as const }),
      };
    }),
  ],
  doc: {
    looksAt: 'the refused path, the mounts of the container, and runAsUser',
    means: 'The image expects another user, often root: the path belongs to that one, and no volume is mounted there.',
    fix: 'Change owner or mode when the image is built, use the unprivileged variant of the image, or mount an emptyDir at the path that is written.',
    prevention:
      'Run the image in the pipeline as the user that the cluster will use, with all capabilities dropped: {path|this file} would have failed there.',
    notThis: 'A path on a volume is volume-permission-denied; a refused bind is privileged-port-denied.',
  },
});

const CWD = /chdir to cwd \(\\?"(?<path>[^"\\]{1,400})\\?"\) set in config\.json failed: permission denied/;

/** The runtime enters the working directory as the user of the process. */
function workingDirectory(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const error = startError(evidence, k);
  const path = error && CWD.exec(error.text)?.groups?.path;
  if (!error || !path) return undefined;
  const { uid, citation } = userOf(k);
  const user = uid === undefined ? 'the user of the process' : `user ${uid}`;
  return holds(k, {
    strength: 'proof',
    summary: `${user} may not enter ${path}, the working directory of ${k.container.name}`,
    evidence: [...error.citations, ...citation],
    detail: details({ container: k.container.name, path, user, uid }),
  });
}
