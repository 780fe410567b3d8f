// What was looked at for an answer: an answer that names no cause must at least say where it looked.

import type { Evidence } from './evidence.ts';
import { type Fact, known, wasRead } from './fact.ts';
import { counted } from './spoken.ts';

/** In the order of weight: "status", "events", "previous log" … Only what was really read. */
export function checkedIn(evidence: Evidence): string[] {
  const { containers } = evidence;
  const any = (fact: (c: Evidence['containers'][number]) => Fact<unknown>): boolean =>
    containers.some((c) => wasRead(fact(c)));
  const revisions = known(evidence.revisions)?.length ?? 0;
  const references = evidence.references.filter((r) => wasRead(r.object)).length;
  const both = any((c) => c.logs.previous) && any((c) => c.logs.current);
  const checks: [boolean, string][] = [
    [any((c) => c.state), 'status'],
    [wasRead(evidence.events), 'events'],
    [both, 'both logs'],
    [!both && any((c) => c.logs.previous), 'the previous log'],
    [!both && any((c) => c.logs.current), 'the current log'],
    [any((c) => c.probes.liveness), 'probes'],
    [any((c) => c.memoryLimit), 'limits'],
    [references > 0, 'references'],
    [revisions > 1, counted(revisions, 'revision')],
    [wasRead(evidence.node), 'the node'],
    [wasRead(evidence.services), 'Services'],
  ];
  return checks.filter(([looked]) => looked).map(([, what]) => what);
}
