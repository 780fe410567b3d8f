// How long a program took to start, and whether it was still starting when it ended. Read from its own log: the
// seconds that frameworks print, else the time stamps of the lines.

import type { ContainerCase } from '../../core/case.ts';
import { type Citation, known } from '../../core/fact.ts';
import type { LogLine } from '../../core/log.ts';
import { listens } from './listens.ts';
import { citeLine } from './said.ts';

export interface StartUp {
  seconds: number;
  citation: Citation;
}

// Spring Boot, Tomcat, Quarkus, Micronaut, WildFly, Elasticsearch, Next.js, NestJS, Keycloak
const STARTED_IN =
  /\b(?:started|startup|start-up|ready|booted|initiali[sz]ed|completed)\b.{0,80}?\bin \[?(?<amount>\d+(?:[.,]\d+)?)\]? ?(?<unit>ms|milliseconds|s|sec|seconds)\b/i;

/** Seconds from the start of the run until the program says that it is up. */
export function startUpOf(k: ContainerCase): StartUp | undefined {
  if (k.log.state !== 'seen') return undefined;
  const lines = k.log.value.lines.filter((l) => l.notable && STARTED_IN.test(l.text));
  const told = lines.map((line) => ({ line, seconds: toldSeconds(line) })).sort((a, b) => b.seconds - a.seconds)[0];
  const at = listens(k)[0];
  const stamped = at && secondsIntoRun(k, at.line);
  if (told && (stamped === undefined || told.seconds >= stamped))
    return { seconds: told.seconds, citation: citeLine(k, told.line) };
  return at && stamped !== undefined ? { seconds: stamped, citation: at.citation } : undefined;
}

function toldSeconds(line: LogLine): number {
  const groups = STARTED_IN.exec(line.text)?.groups;
  const amount = Number((groups?.amount ?? '').replace(',', '.'));
  return (groups?.unit ?? '').toLowerCase().startsWith('m') ? amount / 1000 : amount;
}

const STAMP = /(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?/;

/** Seconds between the start of the last run and a line of its log, by the clock of the line; UTC is assumed. */
export function secondsIntoRun(k: ContainerCase, line: LogLine): number | undefined {
  const started = Date.parse(known(k.exit)?.startedAt ?? '');
  const stamp = STAMP.exec(line.raw);
  if (!(started > 0) || !stamp) return undefined;
  const at = Date.parse(`${stamp[1]}-${stamp[2]}-${stamp[3]}T${stamp[4]}Z`);
  const seconds = (at - started) / 1000;
  return seconds >= -1 && seconds <= (k.livedForSeconds ?? 0) + 5 ? Math.max(0, seconds) : undefined;
}

const STARTING =
  /\bstarting|loading|initiali[sz]ing|warm|booting|migrat|replay|recover|index|import|prepar|compil|fetch|download|\d ?%|bootstrap|waiting|scanning|connecting|\d (?:of|\/) \d/i;

/** The last thing it said shows work of starting, not an error and not that it serves. */
export function wasStarting(k: ContainerCase): LogLine | undefined {
  const last = lastCalm(k);
  return last && STARTING.test(last.text) ? last : undefined;
}

const BUSY =
  /\b(?:applying|processing|running|creating|building|restor\w*|seeding|unpacking|extracting|installing|syncing|copying|checking)\b|Hibernate|HHH\d+/i;
// Banners that frameworks print first, long before they say that they are up.
const BEGAN =
  /:: Spring Boot ::|\bStarting \S+ (?:v\S+ )?(?:using|on|with) |Starting service \[|Booting Puma|Booting worker|Initializing Spring|Starting Liquibase|Performing system checks/;

/** As `wasStarting`, where nobody was listening when the probe asked: then any work without an end is a start. */
export function stillStarting(k: ContainerCase): LogLine | undefined {
  const last = lastCalm(k);
  if (!last || k.log.state !== 'seen') return undefined;
  const began = STARTING.test(last.text) || BUSY.test(last.text) || k.log.value.lines.some((l) => BEGAN.test(l.text));
  return began ? last : undefined;
}

/** The last line, when it is no error and nothing before it says that the program serves. */
function lastCalm(k: ContainerCase): LogLine | undefined {
  if (k.log.state !== 'seen' || listens(k).length > 0 || startUpOf(k)) return undefined;
  const calm = k.log.value.lines.filter(
    (l) => l.text.trim() !== '' && !/sigterm|shutting down|stopping|terminat/i.test(l.text),
  );
  const last = calm.at(-1);
  return last && last.level !== 'error' && last.level !== 'fatal' ? last : undefined;
}
