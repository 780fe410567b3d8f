// What happened, in order: revisions, events, the last run. Bounded, newest at the end.

import { casesOf } from './case.ts';
import type { Evidence } from './evidence.ts';
import { known } from './fact.ts';

const MOST = 20;

export function timelineOf(evidence: Evidence): { time: string; text: string }[] {
  const entries: { time: string; text: string }[] = [];
  const add = (time: string, text: string): void => {
    if (time > '1970-01-02') entries.push({ time, text });
  };
  add(known(evidence.pod.createdAt) ?? '', 'the pod was made');
  for (const r of known(evidence.revisions) ?? []) add(r.createdAt, `revision ${r.number} (${r.name})`);
  for (const e of known(evidence.events) ?? []) {
    const times = e.count > 1 ? ` (${e.count} times, last ${e.last.slice(11, 19)})` : '';
    add(e.first || e.last, `${e.reason}: ${e.message.slice(0, 200)}${times}`);
  }
  for (const k of casesOf(evidence)) {
    const exit = known(k.exit);
    if (!exit) continue;
    add(exit.startedAt, `${k.container.name} started`);
    add(exit.finishedAt, `${k.container.name} ended with exit ${exit.exitCode} (${exit.reason})`);
  }
  const unique = [...new Map(entries.map((e) => [`${e.time} ${e.text}`, e])).values()];
  return unique.sort((a, b) => a.time.localeCompare(b.time)).slice(-MOST);
}
