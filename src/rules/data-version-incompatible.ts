// The data was written by another major version of the program.

import { defineRule } from '../core/rule.ts';
import { citeMount, pathOfHit, placeOf } from './reading/paths.ts';
import { details, fromLog } from './reading/said.ts';
import { OTHER_VERSION } from './vocabulary/other-version.ts';

export default defineRule({
  id: 'data-version-incompatible',
  title: 'The data belongs to another version',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'probe-too-early',
    'probe-endpoint-failing',
    'data-corrupted',
    'version-incompatible',
    'config-malformed',
  ],
  actions: ['rollback'],
  byHand:
    'Go back to the version that wrote the data, or migrate it with the documented upgrade; copy the volume first.',
  judge: (evidence) =>
    fromLog(evidence, OTHER_VERSION, (hit, k) => {
      const path = pathOfHit(hit);
      const place = placeOf(path, k, evidence);
      return {
        summary: versions(k.container.name, hit.groups),
        detail: details({
          path,
          volume: place.mount?.volume,
          ...versionsIn(hit.groups),
        }),
        more: citeMount(place, k),
      };
    }),
  doc: {
    looksAt: 'the last words of the program, and the volume that holds its data',
    means:
      'The image was changed to a version that cannot read the files on the volume, or a dump of a newer version was restored.',
    fix: 'Run the version that wrote the data, or upgrade it step by step as documented.',
    prevention: 'Pin the major version of the image of {container}, and rehearse upgrades on a copy of the volume.',
    notThis: 'Files that no version can read are data-corrupted.',
  },
});

/** The version that wrote the data, and the one that runs now. */
function versionsIn(g: { [name: string]: string | undefined }) {
  return {
    found: g.found ?? g.found2 ?? g.found3 ?? g.found4,
    program: g.program ?? g.program2 ?? g.program3 ?? g.program4,
  };
}

function versions(name: string, groups: { [name: string]: string | undefined }): string {
  const { found, program } = versionsIn(groups);
  if (found && program) return `the data of ${name} was written by version ${found}, and this is version ${program}`;
  return `the data of ${name} was written by another version${found ? ` (${found})` : ''} than the one that runs now`;
}
