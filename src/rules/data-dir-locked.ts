// A lock on the data directory is held: another instance runs, or one died and left its lock file.

import { signIn } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { citeMount, pathOfHit, placeOf } from './reading/paths.ts';
import { details, fromLog, linesAround } from './reading/said.ts';
import { LOCKED } from './vocabulary/data-dir.ts';
import { DENIED } from './vocabulary/denied.ts';

export default defineRule({
  id: 'data-dir-locked',
  title: 'The data directory is locked',
  explains: ['crash-loop', 'unread'],
  causes: ['application-error', 'init-script-failed', 'probe-too-early', 'probe-endpoint-failing'],
  actions: [],
  byHand: 'Make sure that no other instance uses {path|its data}; then remove the stale lock file by hand.',
  judge: (evidence) =>
    fromLog(evidence, LOCKED, (hit, k) => {
      // A lock file that may not be written is not held by anybody.
      if (linesAround(k, hit.line.n, 0, 6).some((l) => signIn(l.text, DENIED))) return undefined;
      const told = pathOfHit(hit);
      const path = /[/.]/.test(told) ? told.replace(/\.$/, '') : '';
      const place = placeOf(path, k, evidence);
      return {
        summary: `${k.container.name} finds its data locked${path ? ` (${path})` : ''}: another instance holds it, or one died and left the lock`,
        detail: details({ path, volume: place.mount?.volume }),
        more: citeMount(place, k),
      };
    }),
  doc: {
    looksAt: 'the last words of the program, and the volume that holds its data',
    means:
      'Two instances share one volume (a rolling update, two replicas), or the lock of a killed one is still there.',
    fix: 'End the other instance. Remove a stale lock only when surely nobody uses the data.',
    prevention:
      'Use the strategy Recreate or a StatefulSet with one volume per replica for {container}: a rolling update starts the second instance before the first ends.',
    notThis: '"Permission denied" on the lock file is volume-permission-denied.',
  },
});
