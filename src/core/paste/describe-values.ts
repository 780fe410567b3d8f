// Single values of `kubectl describe` in the shape of the API: probes, ports, mounts, environment, commands.
// Wording after kubectl's pkg/describe/describe.go, 1.20 to 1.36.

import type { JsonObject } from '../json.ts';

/** The last of it may be cut off. */
const TIMING =
  /\s?delay=(\d+)s timeout=(\d+)s period=(\d+)s(?: #success=(\d+)(?: #failure=(\d+)|.{0,12}$)|.{0,12}$)\s*$/;

/** `http-get http://:8080/healthz delay=0s timeout=1s period=10s #success=1 #failure=3` */
export function probeOf(printed: string): JsonObject | undefined {
  const text = printed.replace(/\s+/g, ' ').trim();
  const timing = TIMING.exec(text);
  const handler = handlerOf(timing ? text.slice(0, timing.index) : text);
  if (!handler) return undefined;
  if (!timing) return handler;
  const [, delay, timeout, period, success, failure] = timing.map((n) => (n === undefined ? undefined : Number(n)));
  return {
    ...handler,
    ...(delay === 0 ? {} : { initialDelaySeconds: delay }),
    timeoutSeconds: timeout,
    periodSeconds: period,
    ...(success === undefined ? {} : { successThreshold: success }),
    ...(failure === undefined ? {} : { failureThreshold: failure }),
  };
}

function handlerOf(text: string): JsonObject | undefined {
  const http = /^http-get (https?):\/\/(\[[^\]]*\]|[^:/]*)(?::([^/\s]*))?(\/.*)?$/i.exec(text);
  if (http) {
    const [, scheme = '', host = '', port = '', path] = http;
    return {
      httpGet: {
        ...(path ? { path: decoded(path) } : {}),
        port: portOf(port),
        scheme: scheme.toUpperCase(),
        ...(host ? { host } : {}),
      },
    };
  }
  const tcp = /^tcp-socket (.*):([^:\s]+)$/i.exec(text);
  if (tcp) return { tcpSocket: { port: portOf(tcp[2] ?? ''), ...(tcp[1] ? { host: tcp[1] } : {}) } };
  const exec = /^exec \[(.*)\]$/i.exec(text);
  // The elements are printed with blanks between them; where one ends is not to be seen, except after sh -c.
  if (exec) return { exec: { command: split(exec[1] ?? '') } };
  const grpc = /^grpc <pod>:(\d+)(?: (.*))?$/i.exec(text);
  if (grpc) return { grpc: { port: Number(grpc[1]), ...(grpc[2] ? { service: grpc[2].trim() } : {}) } };
  return undefined;
}

function portOf(port: string): number | string {
  return /^\d{1,5}$/.test(port) ? Number(port) : port;
}

/** The path is printed as a URL, its odd characters escaped. */
function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function split(words: string): string[] {
  const shell = /^((?:\/[\w/]+\/)?(?:ba|da|a|z)?sh) (-[a-z]*c) (.*)$/.exec(words);
  return shell ? [shell[1]!, shell[2]!, shell[3]!] : words.split(' ');
}

/** An element of several lines is printed as several elements; after `sh -c` they are one script. */
export function resumedCommand(words: string[]): string[] {
  const shell =
    /(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(words[0] ?? '') && /^-[a-z]*c$/.test(words[1] ?? '')
      ? 2
      : /^-[a-z]*c$/.test(words[0] ?? '')
        ? 1
        : 0;
  return shell === 0 || words.length <= shell + 1 ? words : [...words.slice(0, shell), words.slice(shell).join('\n')];
}

/** `8080/TCP, 9090/TCP`, newer `8080/TCP (http)`. */
export function portsOf(printed: string): JsonObject[] {
  return [...printed.matchAll(/(\d{1,5})\/([A-Z]+)(?: \(([\w-]+)\))?/g)].map(([, port, protocol, name]) => ({
    containerPort: Number(port),
    ...(name ? { name } : {}),
    protocol: protocol ?? 'TCP',
  }));
}

/** `/data from data (rw,path="x")` */
export function mountOf(line: string): JsonObject | undefined {
  const match = /^\s*(\S.*?) from (\S+) \((r[ow])([^)]*)\)\s*$/.exec(line);
  if (!match) return undefined;
  const subPath = /path="((?:[^"\\]|\\.)*)"/.exec(match[4] ?? '')?.[1];
  return {
    mountPath: match[1]!,
    name: match[2]!,
    ...(match[3] === 'ro' ? { readOnly: true } : {}),
    ...(subPath ? { subPath } : {}),
  };
}
