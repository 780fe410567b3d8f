// What could not be read, said once each. A gap is never silence.

import type { Evidence } from './evidence.ts';
import type { Fact } from './fact.ts';
import type { Gap } from './report.ts';

export function gapsOf(evidence: Evidence): Gap[] {
  const gaps = new Map<string, string>();
  const note = (what: string, fact: Fact<unknown>): void => {
    if (fact.state === 'unread' && !gaps.has(what)) gaps.set(what, fact.why);
  };
  note('pod status', evidence.pod.phase);
  note('events', evidence.events);
  for (const c of evidence.containers) {
    const label = c.name || 'the container';
    note(`status of ${label}`, c.state);
    note(`specification of ${label}`, c.image);
    note(`previous log of ${label}`, c.logs.previous);
    note(`current log of ${label}`, c.logs.current);
    for (const [run, log] of Object.entries(c.logs)) {
      if (log.state === 'seen' && log.value.skippedBytes > 0)
        gaps.set(
          `middle of the ${run} log of ${label}`,
          `${log.value.skippedBytes} bytes between head and tail were not read`,
        );
    }
  }
  note('owner and rollout', evidence.workload);
  note('revisions', evidence.revisions);
  for (const r of evidence.references) note(`${r.kind} ${r.name}`, r.object);
  note('node', evidence.node);
  note('other pods', evidence.siblings);
  note('services', evidence.services);
  note('quotas', evidence.quotas);
  note('limit ranges', evidence.limitRanges);
  return [...gaps].map(([what, why]) => ({ what, why }));
}
