// Facts that are never the cause themselves but belong in every answer where they hold, each with its address.

import { clockwork } from './context/clockwork.ts';
import { configChanged } from './context/config-change.ts';
import { dependency } from './context/dependency.ts';
import { managed } from './context/managed.ts';
import { nearest } from './context/names.ts';
import { place } from './context/place.ts';
import { beganWith } from './context/revision.ts';
import { spread } from './context/spread.ts';
import type { Evidence } from './evidence.ts';
import type { Cause, ContextFact, Root } from './report.ts';

export { formerRevision } from './context/revision.ts';

export function contextOf(evidence: Evidence, first: Cause | undefined, root: Root | undefined): ContextFact[] {
  return [
    ...beganWith(evidence, first),
    ...configChanged(evidence),
    ...spread(evidence),
    ...clockwork(evidence, first),
    ...dependency(evidence, first, root),
    ...nearest(evidence, first),
    ...managed(evidence),
    ...place(evidence),
  ];
}
