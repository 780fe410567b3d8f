// Findings that the kubelet, the scheduler, a controller or the API server states in an event, a waiting message or a
// condition: there is no log to read yet.

import { casesOf } from '../../core/case.ts';
import type { EventRecord, Evidence } from '../../core/evidence.ts';
import { type Citation, cite, known } from '../../core/fact.ts';

export interface Statement {
  text: string;
  /** Named groups of the pattern. */
  groups: { [name: string]: string | undefined };
  citation: Citation;
}

/** The newest event that says this; of several the one that names most. */
export function eventSaying(evidence: Evidence, pattern: RegExp, reasons?: readonly string[]): Statement | undefined {
  const events = (known(evidence.events) ?? []).filter((e) => !reasons || reasons.includes(e.reason));
  for (const event of [...events].reverse()) {
    const match = pattern.exec(event.message);
    if (match) return { text: event.message, groups: { ...match.groups }, citation: citeEvent(event) };
  }
  return undefined;
}

export function citeEvent(event: EventRecord): Citation {
  return { source: 'event', at: event.at, text: event.message.slice(0, 600) };
}

/** A condition of the workload or the pod that says this. */
export function conditionSaying(evidence: Evidence, pattern: RegExp): Statement | undefined {
  const workload = known(evidence.workload)?.conditions ?? [];
  const pod = known(evidence.pod.conditions) ?? [];
  for (const [fact, conditions, below] of [
    [evidence.workload, workload, ':status.conditions'],
    [evidence.pod.conditions, pod, ''],
  ] as const) {
    for (const condition of conditions) {
      const text = `${condition.reason}: ${condition.message}`;
      const match = pattern.exec(text);
      if (match) {
        const [citation] = cite<unknown>(fact, text, `${below}[${condition.type}]`);
        if (citation) return { text, groups: { ...match.groups }, citation };
      }
    }
  }
  return undefined;
}

/** Waiting message of any container that says this, with the container's name. */
export function waitingSaying(evidence: Evidence, pattern: RegExp): (Statement & { container: string }) | undefined {
  for (const k of casesOf(evidence)) {
    const state = known(k.container.state);
    if (state?.is !== 'waiting') continue;
    const text = `${state.reason}: ${state.message}`;
    const match = pattern.exec(text);
    const [citation] = cite(k.container.state, text, '.waiting');
    if (match && citation) return { text, groups: { ...match.groups }, citation, container: k.container.name };
  }
  return undefined;
}

/** Both, the event first: two sources where there are two. */
export function saying(
  evidence: Evidence,
  pattern: RegExp,
  reasons?: readonly string[],
): { first: Statement; citations: Citation[] } | undefined {
  const found = [
    eventSaying(evidence, pattern, reasons),
    conditionSaying(evidence, pattern),
    waitingSaying(evidence, pattern),
  ].filter((s): s is Statement => s !== undefined);
  const [first] = found;
  return first && { first, citations: found.map((f) => f.citation) };
}

/**
 * The container that a statement about the pod holds up: the one whose mounts or name it mentions, else the first that
 * has not started; "" when the pod never came to be.
 */
export function heldUp(evidence: Evidence, volume?: string) {
  if (evidence.pod.name.state === 'absent') return undefined;
  const waiting = casesOf(evidence).filter((k) => ['waits', 'cannot-start', 'unread'].includes(k.symptom));
  const using =
    volume === undefined
      ? []
      : waiting.filter((k) => (known(k.container.mounts) ?? []).some((m) => m.volume === volume));
  return using[0] ?? waiting.find((k) => k.container.kind === 'main') ?? waiting[0];
}
