// Stored data is damaged, and the program refuses to go on with it.

import { defineRule } from '../core/rule.ts';
import { citeMount, pathOfHit, placeOf } from './reading/paths.ts';
import { details, fromLog } from './reading/said.ts';
import { CORRUPTED } from './vocabulary/corrupted.ts';

export default defineRule({
  id: 'data-corrupted',
  title: 'Stored data is damaged',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'probe-too-early',
    'probe-endpoint-failing',
    'aborted',
    'config-malformed',
    'segmentation-fault',
  ],
  actions: [],
  byHand: 'Copy the volume of {container} first; then repair with the tool of the program, or restore from backup.',
  judge: (evidence) =>
    fromLog(evidence, CORRUPTED, (hit, k) => {
      const path = pathOfHit(hit);
      const place = placeOf(path, k, evidence);
      return {
        summary: `${k.container.name} finds its stored data damaged${path ? ` (${path})` : ''}`,
        detail: details({ path, volume: place.mount?.volume }),
        more: citeMount(place, k),
      };
    }),
  doc: {
    looksAt: 'the last words of the program, and the volume that holds its data',
    means: 'A file of the data directory was cut, overwritten or lost: a kill during a write, a full disk, a bad copy.',
    fix: 'Copy the volume before anything else. Then the repair tool of the program, or a restore; a restart reads the same files.',
    prevention:
      'Give {container} time to end (terminationGracePeriodSeconds), room on its volume, and restore a backup as a rehearsal.',
    notThis: 'Data of another version is readable for that version: data-version-incompatible.',
  },
});
