// A module, class or package of the language is not in the image.

import type { ContainerCase } from '../core/case.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { type LogHit, logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, holds } from '../core/rule.ts';
import { citeLine, details, SPOKEN } from './reading/said.ts';
import { NO_MODULE } from './vocabulary/images.ts';

export default defineRule({
  id: 'module-missing',
  title: 'A module or class is missing',
  explains: SPOKEN,
  causes: [
    'application-error',
    'init-script-failed',
    'entrypoint-completes',
    'file-missing',
    'config-malformed',
    'config-value-invalid',
  ],
  actions: ['rollback'],
  byHand: 'Add {module|the module} to the image, or correct the name that asks for it.',
  judge: (evidence) =>
    eachCase(evidence, SPOKEN, (k) => {
      const hit = logHits(k, NO_MODULE).find((h) => h.position !== 'earlier' || k.lastWords.length === 0) ?? bootHit(k);
      if (!hit) return undefined;
      const module = hit.groups.name || hit.groups.name2 || hit.groups.name3 || '';
      const by = hit.groups.by;
      return holds(k, {
        strength: strengthOf(hit, k),
        summary: `${module || 'A module'} is not in the image of ${k.container.name}${by ? `: ${by} does not have it` : ''}`,
        evidence: [hit.citation, ...workerWords(k), ...cite(k.container.image, known(k.container.image) ?? '')],
        detail: details({ container: k.container.name, module, image: known(k.container.image) }),
      });
    }),
  doc: {
    looksAt: 'the words of each language for a module, class or package that it cannot load',
    means:
      'The program asks for code that was not built into this image: not installed, another version, or a name that is wrong.',
    fix: 'Add it to the dependencies of the image, or correct the setting or import that names it.',
    prevention:
      'Start {image|the final image} in continuous integration, not the development environment: {module|this module} is missing only there.',
    notThis:
      'A native library (library-missing), a data file (file-missing), or a method that another version has (version-incompatible).',
  },
});

const BOOT = /Worker failed to boot|failed to load (?:command|application)|Worker exiting/i;

/** Masters that start workers say so after the worker's trace, and end a second later with calm words. */
function workerWords(k: ContainerCase): Citation[] {
  if (k.log.state !== 'seen') return [];
  return k.log.value.lines
    .filter((l) => /Worker failed to boot/.test(l.raw))
    .slice(-1)
    .map((l) => citeLine(k, l));
}

function bootHit(k: ContainerCase): LogHit | undefined {
  const booting = k.log.state === 'seen' && k.log.value.lines.slice(-12).some((l) => BOOT.test(l.raw));
  const hit = booting ? logHits(k, NO_MODULE)[0] : undefined;
  return hit && { ...hit, position: 'last-words' };
}
