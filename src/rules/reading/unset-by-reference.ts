// A variable that an optional reference leaves unset: the program ends for want of it, and what is missing is the object
// or its key.

import type { ContainerCase } from '../../core/case.ts';
import type { Evidence } from '../../core/evidence.ts';
import { logHits, strengthOf } from '../../core/log-signs.ts';
import { type Holds, holds } from '../../core/rule.ts';
import { MISSING_SETTING } from '../vocabulary/missing-setting.ts';
import { details } from './said.ts';
import { type Setting, settingOf } from './settings.ts';

/** The first variable that the program misses and whose setting fits. */
export function unsetByReference(
  evidence: Evidence,
  k: ContainerCase,
  fits: (setting: Setting) => boolean,
): Holds | undefined {
  for (const hit of logHits(k, MISSING_SETTING)) {
    const variable = hit.groups.name ?? '';
    const setting = variable ? settingOf(evidence, k, variable) : undefined;
    if (!setting || !fits(setting)) continue;
    return holds(k, {
      strength: strengthOf(hit, k),
      summary: `The variable ${variable} is never set: ${setting.words}`,
      evidence: [hit.citation, ...setting.citations],
      detail: details({
        container: k.container.name,
        variable,
        [setting.kind === 'Secret' ? 'secret' : 'configMap']: setting.object,
        key: setting.key,
        nearestKey: setting.nearestKey,
      }),
    });
  }
  return undefined;
}
