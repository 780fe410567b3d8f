// One container seen as a case: how its last run ended, which log belongs to that run, what it said last.
// Derived once from the evidence, so that every rule starts from the same reading.

import { type Ending, endingOf, lastExit } from './case/ending.ts';
import { heard } from './case/heard.ts';
import { livedFor } from './case/lived-for.ts';
import { lastLog } from './case/run-log.ts';
import { type Symptom, symptomOf } from './case/symptom.ts';
import type { ContainerEvidence, Termination } from './evidence/container.ts';
import type { EventRecord, Evidence } from './evidence.ts';
import { type Fact, known } from './fact.ts';
import { lastWords } from './last-words.ts';
import type { Log, LogLine } from './log.ts';

export interface ContainerCase {
  container: ContainerEvidence;
  symptom: Symptom;
  ending: Ending;
  /** The last ended run. */
  exit: Fact<Termination>;
  /** The log of the last ended run, or of the present run when none ended. */
  log: Fact<Log>;
  /** The lines of that log that can speak of why it ended. */
  heard: LogLine[];
  /** Final statement of that run; empty when the log is unread or silent. */
  lastWords: LogLine[];
  /** Events that name this container, or the pod's events when it has only one container. */
  events: EventRecord[];
  /** Seconds the last ended run lived; undefined when unknown. */
  livedForSeconds: number | undefined;
}

const cache = new WeakMap<Evidence, ContainerCase[]>();

/** All containers as cases, in start order. */
export function casesOf(evidence: Evidence): ContainerCase[] {
  const known = cache.get(evidence);
  if (known) return known;
  const cases = evidence.containers.map((container) => caseOf(container, evidence));
  cache.set(evidence, cases);
  return cases;
}

function caseOf(container: ContainerEvidence, evidence: Evidence): ContainerCase {
  const events = (known(evidence.events) ?? []).filter(
    (e) => e.container === container.name || namesContainer(e, container.name, evidence),
  );
  const exit = lastExit(container);
  const ending = endingOf(container, exit, events, evidence);
  const symptom = symptomOf(container, ending, events, evidence);
  const log = lastLog(container, symptom);
  const lines = log.state === 'seen' ? heard(log.value.lines, ending) : [];
  return {
    container,
    symptom,
    ending,
    exit,
    log,
    events,
    heard: lines,
    lastWords: lastWords(lines),
    livedForSeconds: livedFor(known(exit)),
  };
}

function namesContainer(event: EventRecord, name: string, evidence: Evidence): boolean {
  if (event.container !== '' || event.object.kind !== 'Pod') return false;
  if (evidence.containers.length === 1) return true;
  const image = /(?:pull|pulling|pulled|[Cc]ontainer) image "([^"]{1,400})"/.exec(event.message)?.[1];
  if (image !== undefined) return ofImage(image, evidence) === name;
  return new RegExp(`[Cc]ontainer[ =]"?${name.replace(/[^\w-]/g, '.')}\\b`).test(event.message);
}

/** The only container with this image. */
function ofImage(image: string, evidence: Evidence): string | undefined {
  const having = evidence.containers.filter((c) => known(c.image) === image);
  return having.length === 1 ? having[0]?.name : undefined;
}
