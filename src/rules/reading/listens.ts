// Where a program says that it listens. Servers word it differently, but all name the port in the same sentence.
// "localhost" in a friendly banner proves nothing about the address; only 127.0.0.1 and [::1] do.

import type { ContainerCase } from '../../core/case.ts';
import type { Citation, Fact } from '../../core/fact.ts';
import type { Log, LogLine } from '../../core/log.ts';
import { citeAt } from './said.ts';

export interface Listening {
  port: number;
  /** `loopback`: 127.0.0.1 or ::1 only; `all`: reachable from outside; `` when not said. */
  on: 'loopback' | 'all' | '';
  line: LogLine;
  citation: Citation;
}

// express, fastify, gin, echo, uvicorn, gunicorn, werkzeug, puma, Kestrel, Tomcat/Netty/Jetty/Undertow, actix, axum,
// Rocket, Phoenix, http.server, Prometheus, Grafana, PostgreSQL, MySQL, Redis, MongoDB, Caddy, Quarkus, Micronaut, Ktor
const SERVES =
  /\blisten(?:ing|er|s)?\b|\bserving\b|\b(?:start|run|launch)\w*\b.{0,20}\bserver\b|\bserver\b.{0,40}\b(?:started|running|ready|up|address)\b|\b(?:started|starting|running|launched|launching|available|up|ready|bound|opened)\b.{0,60}\b(?:on|at|to|from)\b|Started \w*Connector|ready for connections|Waiting for connections|Running mode=|HTTP Server Listen|Responding at|WEBrick.{0,30}port=|^\W*(?:Local|Network):\s|starting service:|serve at|accepting connections (?:on|at)/i;
const NOT_SERVING =
  /connect(?:ing|ed)? to|upstream|waiting for|refused|in use|cannot|can't|could not|unable|fail|error|retry|\bproxy(?:ing)? to\b|debugger/i;

const PORTS = [
  /(?<host>\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]*\]|localhost|\*|::)?:(?<port>\d{2,5})(?![\d:.]|\w)/gi,
  /\bport(?:\(s\)|s)?["']?\s{0,8}(?:[:=]|is|number)?\s{0,8}["']?(?<port>\d{2,5})\b/gi,
];
const FIELDS =
  /"(?:addr|address|listen|bind|port|url|host|listen_?addr(?:ess)?|endpoint)"\s*:\s*"?(?:https?:\/\/)?(?<host>\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]*\]|localhost)?:?(?<port>\d{2,5})\b|\b(?:addr|address|listen|port)="?(?<host2>\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]*\]|localhost)?:?(?<port2>\d{2,5})\b/gi;

// These print the address that they were told to bind, not a friendly one: Kestrel, Uvicorn, Hypercorn, Angular, webpack.
const BOUND_AS_SAID =
  /Now listening on: |Uvicorn running on |Running on http.{0,60}CTRL|is listening on localhost|^\W*Loopback: /;

const cache = new WeakMap<ContainerCase, Listening[]>();

/** Every address that the last run announced, in the order of its log; or another run, where that one announced none. */
export function listens(k: ContainerCase): Listening[] {
  const known = cache.get(k);
  if (known) return known;
  const { previous, current } = k.container.logs;
  const found = [k.log, current, previous].map(announcedIn).find((all) => all.length > 0) ?? [];
  const open = new Set(found.filter((l) => l.on === 'all').map((l) => l.port));
  const all = found.map((l) => (open.has(l.port) ? { ...l, on: 'all' as const } : l));
  cache.set(k, all);
  return all;
}

function announcedIn(log: Fact<Log>): Listening[] {
  if (log.state !== 'seen') return [];
  const { lines } = log.value;
  const found = lines.flatMap((line) => announced(log.at, line));
  // Vite says in a line of its own that nobody else may come.
  if (found.length === 0 || !lines.some((l) => /Network:\s+use --host/.test(l.text))) return found;
  return found.map((l) => (l.on === '' ? { ...l, on: 'loopback' } : l));
}

function announced(at: string, line: LogLine): Listening[] {
  if (line.level === 'fatal' || !SERVES.test(line.text) || NOT_SERVING.test(line.text)) return [];
  const matches = PORTS.flatMap((p) => [...line.text.matchAll(p)]);
  const structured = matches.length === 0 ? [...line.raw.matchAll(FIELDS)] : [];
  const met = new Set<number>();
  return [...matches, ...structured].flatMap((m): Listening[] => {
    const port = Number(m.groups?.port ?? m.groups?.port2);
    if (!(port > 0 && port < 65536) || met.has(port)) return [];
    met.add(port);
    const named = m.groups?.host ?? m.groups?.host2 ?? hostInWords(line.text);
    const host = named === 'localhost' && BOUND_AS_SAID.test(line.text) ? '127.0.0.1' : named;
    return [{ port, on: reach(host), line, citation: citeAt(at, line) }];
  });
}

// PostgreSQL: listening on IPv4 address "0.0.0.0", port 5432; http.server: Serving HTTP on 0.0.0.0 port 8000
function hostInWords(text: string): string {
  return /\b(?:address|on|host|at)\s+"?(\d{1,3}(?:\.\d{1,3}){3}|::1?)\b/i.exec(text)?.[1] ?? '';
}

function reach(host: string): Listening['on'] {
  if (/^127\.|^\[?::1\]?$/.test(host)) return 'loopback';
  if (host === '' || host === 'localhost') return '';
  return 'all';
}
