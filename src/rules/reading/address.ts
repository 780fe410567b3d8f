// Which dependency a log line speaks of. Many errors carry no address ("Connection refused"), but the lines around
// them, the source line of a traceback or the pod's own settings name it.

import type { ContainerCase } from '../../core/case.ts';
import type { ServiceEvidence } from '../../core/evidence/around.ts';
import type { Evidence } from '../../core/evidence.ts';
import { type Citation, cite, known } from '../../core/fact.ts';
import type { LogLine } from '../../core/log.ts';
import type { LogHit } from '../../core/log-signs.ts';
import { TELEMETRY } from '../vocabulary/telemetry.ts';
import { citeLine, linesAround } from './said.ts';

export interface Address {
  host: string;
  port: string;
  /** Where the name stands, when not in the hit itself. */
  more: Citation[];
}

/** Go names both ends of a connection that was made, its own first: "read tcp 10.0.0.3:43210->10.0.0.9:5432: …". */
const FAR_SIDE = /(?:read|write) tcp[46]? \S{3,60}->(?<host>[\d.]{7,15}|\[[\da-f:]{2,40}\]):(?<port>\d{1,5}):/;

/** Host and port of the dependency, "" where unknown. A Service's address is given by the Service's name. */
export function addressOf(hit: LogHit, k: ContainerCase, evidence: Evidence): Address {
  const g = hit.groups;
  const far = FAR_SIDE.exec(hit.line.text.slice(0, 2_000))?.groups;
  const host = clean(far?.host ?? g.host ?? g.host2 ?? g.host3 ?? '');
  const port = far?.port ?? g.port ?? g.port2 ?? '';
  const service = serviceAt(host, evidence);
  if (service) return { host: nameOf(service, evidence), port, more: citeService(service, evidence) };
  if (host !== '' && !isBareIp(host)) return { host, port, more: citeServiceNamed(host, evidence) };
  const fields = host === '' ? inFields(hit.line, k) : undefined;
  const served = fields && serviceAt(fields.host, evidence);
  if (fields)
    return served
      ? { host: nameOf(served, evidence), port: fields.port, more: [...fields.more, ...citeService(served, evidence)] }
      : fields;
  const near = nearby(hit.line, k, port) ?? inSettings(k, evidence, port);
  if (near && host === '') return { ...near, more: [...near.more, ...citeServiceNamed(near.host, evidence)] };
  if (near && port !== '' && near.port === port) return { ...near, port };
  return { host, port, more: [] };
}

export function isBareIp(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$|^\[?[0-9a-f]*:[0-9a-f:]+\]?$/i.test(host);
}

export function isLoopback(host: string): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0)$/i.test(host);
}

/** `host:port`, as far as known, for a sentence. */
export function spoken({ host, port }: { host: string; port: string }): string {
  if (host === '') return port === '' ? 'a dependency' : `port ${port} of a dependency`;
  return port === '' ? host : `${host}:${port}`;
}

function clean(host: string): string {
  return host.replace(/^[[(/]{1,9}|[\])]{1,9}$/g, '').replace(/\.$/, '');
}

function serviceAt(host: string, evidence: Evidence): ServiceEvidence | undefined {
  if (!isBareIp(host)) return undefined;
  return (known(evidence.services) ?? []).find((s) => s.clusterIP === host);
}

function nameOf(service: ServiceEvidence, evidence: Evidence): string {
  return service.namespace === evidence.namespace ? service.name : `${service.name}.${service.namespace}`;
}

export function citeServiceNamed(host: string, evidence: Evidence): Citation[] {
  const [name, namespace = evidence.namespace] = host.split('.');
  const service = (known(evidence.services) ?? []).find((s) => s.name === name && s.namespace === namespace);
  return service ? citeService(service, evidence) : [];
}

/** Says what stands behind a Service, when that is nothing. */
function citeService(service: ServiceEvidence, evidence: Evidence): Citation[] {
  const at = `[${nameOf(service, evidence)}]`;
  const trouble = service.trouble ? ` (${service.trouble})` : '';
  if (service.readyEndpoints !== 0)
    return service.trouble ? cite(evidence.services, `Service ${service.name}${trouble}`, at) : [];
  return cite(evidence.services, `Service ${service.name} has no ready endpoint${trouble}`, at);
}

// "user:password@" may stand before the host; file names with line numbers are no addresses.
const PAIR =
  /(?:^|[\s"'(=@/[<])(?<host>[a-z][\w-]*(?:\.[\w-]+)*|\d{1,3}(?:\.\d{1,3}){3}):(?<port>\d{2,5})(?![\d:.]\d|\w)/i;
const URL =
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/(?:(?:[^\s@/"'‹]|‹[^›\n]{1,60}›){1,100}@)?(?<host>[a-z0-9][\w.-]*[a-z0-9])(?::(?<port>\d{2,5}))?/i;
const ORACLE = /@(?:\/\/)?(?<host>[a-z][\w.-]*):(?<port>\d{2,5})[:/]/i;
const CALL = /connect\w{0,20}\(\(?\s*["'](?<host>[a-z0-9][\w.-]{0,253})["']\s*,\s*(?<port>\d{2,5})/i;
const KEYED =
  /\bhost(?:name)?["']?\s*[=:]\s*["']?(?<host>[a-z][\w.-]*[a-z0-9])\b["']?(?:.{0,30}\bport["']?\s*[=:]\s*["']?(?<port>\d{2,5}))?/i;
const TO =
  /\b(?:connect(?:ing|ion)?|reach(?:ing)?|wait(?:ing)?|dial(?:ing)?|open(?:ing)?)\b.{0,30}?\b(?:to|for|at|on)\b (?:the )?(?<host>(?!non-)[a-z][a-z0-9]*(?:[.-][a-z0-9]+)+)\b/i;
/** Where programs send their readers for more, not where they connect to. */
const DOCUMENTATION =
  /^(?:docs|www|github|help|support|errors|learn|kb|wiki)\.|github\.com|sqlalche\.me|pris\.ly|aka\.ms|go\.microsoft\.com|(?:spring|coredns|grpc)\.io|curl\.se|example\.org$/i;
const SOURCE_FILE =
  /\.(?:py|js|mjs|cjs|ts|tsx|java|kt|go|rb|rs|php|cs|scala|c|cc|cpp|h|hpp|ex|exs|erl|lua|conf|cfg|ya?ml|json|toml|sh|properties|xml|so|jar)$/i;

/** Node.js prints the fields of the error below it: address: '10.0.0.1', then port: 5432. */
function inFields(line: LogLine, k: ContainerCase): Address | undefined {
  const below = linesAround(k, line.n, 0, 14);
  const at = below.find((l) => /^\W*address\W{1,4}[\d:a-f]/.test(l.text));
  const host = /address\W{1,4}(?<host>[\d.]{7,15}|[0-9a-f:]{3,40})/.exec(at?.text ?? '')?.groups?.host ?? '';
  if (!at || host === '' || isLoopback(host)) return undefined;
  const port = linesAround(k, at.n, 0, 2)
    .map((l) => /^\W*port\W{1,4}(\d{2,5})/.exec(l.text)?.[1])
    .find((p) => p !== undefined);
  return { host, port: port ?? '', more: [citeLine(k, at)] };
}

function nearby(line: LogLine, k: ContainerCase, port: string): Address | undefined {
  if (k.log.state !== 'seen') return undefined;
  const lines = k.log.value.lines;
  const i = lines.indexOf(line);
  const around = [...lines.slice(Math.max(0, i - 40), i + 1).reverse(), ...lines.slice(i + 1, i + 6)];
  const ofTelemetry = TELEMETRY.test(line.raw.slice(0, 2_000));
  for (const candidate of around) {
    if (!ofTelemetry && TELEMETRY.test(candidate.raw.slice(0, 2_000))) continue;
    const found = inText(candidate.text) ?? inText(candidate.raw);
    if (!found || isLoopback(found.host) || (port !== '' && found.port !== '' && found.port !== port)) continue;
    return { ...found, port: found.port || port, more: candidate === line ? [] : [citeLine(k, candidate)] };
  }
  return undefined;
}

/** Where pino and bunyan run: their own host, nobody's dependency. */
const LOGGERS_HOST = /"pid":\d{1,9},"hostname":"[^"]{0,200}"|"hostname":"[^"]{0,200}","pid":\d{1,9}/;

export function inText(line: string): { host: string; port: string } | undefined {
  if (line.length > 2_000) return undefined;
  const text = line.replace(LOGGERS_HOST, '');
  for (const pattern of [URL, ORACLE, CALL, PAIR, KEYED, TO]) {
    const groups = pattern.exec(text)?.groups;
    const host = groups?.host ?? '';
    if (
      host === '' ||
      SOURCE_FILE.test(host) ||
      /^(?:https?|line|pid|port|file|null|none|node|class|number|code|state|error|status)$/i.test(host)
    )
      continue;
    if (DOCUMENTATION.test(host)) continue;
    return { host, port: groups?.port ?? '' };
  }
  return undefined;
}

/** The one setting that names an address on this port, or the only one that names a Service at all. */
function inSettings(k: ContainerCase, evidence: Evidence, port: string): Address | undefined {
  const entries = known(k.container.env) ?? [];
  const services = known(evidence.services) ?? [];
  const found = entries.flatMap((entry, i) => {
    const value = entry.value ?? '';
    const pair = inText(value);
    const host = pair?.host ?? (/HOST|ADDR|SERVER|ENDPOINT/i.test(entry.name) ? value : '');
    const isService = services.some((s) => s.name === host.split('.')[0]);
    if (host === '' || isLoopback(host) || !/^[a-z0-9][\w.-]*$/i.test(host)) return [];
    if (port === '' ? !isService : pair?.port !== port && !servesPort(services, host, port)) return [];
    return [{ host, port: port || pair?.port || '', more: cite(k.container.env, `${entry.name}=${value}`, `[${i}]`) }];
  });
  return new Set(found.map((f) => f.host)).size === 1 ? found[0] : undefined;
}

function servesPort(services: ServiceEvidence[], host: string, port: string): boolean {
  return services.some((s) => s.name === host.split('.')[0] && s.ports.includes(Number(port)));
}
