// Initialisation refuses a data directory that already holds files, often only lost+found.

import { defineRule, EDIT_TEMPLATE } from '../core/rule.ts';
import { citeMount, pathOfHit, placeOf } from './reading/paths.ts';
import { details, fromLog } from './reading/said.ts';
import { NOT_EMPTY } from './vocabulary/data-dir.ts';

export default defineRule({
  id: 'data-dir-not-empty',
  title: 'The data directory is not empty',
  explains: ['crash-loop', 'unread'],
  causes: ['application-error', 'init-script-failed', 'probe-too-early', 'probe-endpoint-failing'],
  actions: [],
  commands: [EDIT_TEMPLATE],
  byHand:
    'Let {container} use a directory below the mount point (subPath or a data sub-directory), or clear leftovers of a failed initialisation by hand.',
  judge: (evidence) =>
    fromLog(evidence, NOT_EMPTY, (hit, k) => {
      const path = pathOfHit(hit);
      const place = placeOf(path, k, evidence);
      return {
        summary: `${k.container.name} will not initialise ${path || 'its data directory'}: there are files in it${/lost\+found/.test(hit.line.text) ? ' (lost+found of a fresh volume)' : ''}`,
        detail: details({ path, volume: place.mount?.volume }),
        more: citeMount(place, k),
      };
    }),
  doc: {
    looksAt: 'the last words of the program, and the volume that holds its data',
    means:
      'A fresh volume is mounted straight at the data directory (its lost+found counts as a file), or an earlier initialisation stopped half way.',
    fix: 'Use a sub-directory (PGDATA=/…/pgdata, or subPath). Clear half-made data only when it surely holds nothing.',
    prevention: 'Mount data volumes of {container} one level above the data directory, or with a subPath.',
    notThis: 'A directory that another version wrote is data-version-incompatible.',
  },
});
