// Probes and lifecycle hooks of a container, with the API's own defaults.

import type { Handler, Port, Probe } from '../evidence/container.ts';
import { isObject, number, object, strings, text, words } from '../json.ts';

export function handlerOf(value: unknown, ports: Port[]): Handler | undefined {
  if (!isObject(value)) return undefined;
  const port = (ref: unknown): { port?: number; portName?: string } => {
    const asNumber = number(ref) ?? (/^\d+$/.test(words(ref) ?? '') ? Number(ref) : undefined);
    if (asNumber !== undefined) return { port: asNumber };
    const portName = text(ref);
    const named = ports.find((p) => p.name !== '' && p.name === portName)?.containerPort;
    return { ...(named === undefined ? {} : { port: named }), ...(portName === undefined ? {} : { portName }) };
  };
  if (isObject(value.httpGet)) {
    const http = value.httpGet;
    return {
      type: 'httpGet',
      ...port(http.port),
      path: text(http.path) ?? '/',
      scheme: text(http.scheme) ?? 'HTTP',
      host: text(http.host),
    };
  }
  if (isObject(value.tcpSocket))
    return { type: 'tcpSocket', ...port(value.tcpSocket.port), host: text(value.tcpSocket.host) };
  if (isObject(value.exec)) return { type: 'exec', command: strings(value.exec.command) };
  if (isObject(value.grpc)) return { type: 'grpc', ...port(value.grpc.port) };
  if (isObject(value.sleep)) return { type: 'sleep' };
  return { type: 'unknown' };
}

/** Defaults are those of the API: delay 0, period 10, timeout 1, thresholds 3 and 1. */
export function probeOf(value: unknown, ports: Port[]): Probe | undefined {
  const handler = handlerOf(value, ports);
  if (!handler) return undefined;
  const probe = object(value);
  return {
    ...handler,
    initialDelaySeconds: number(probe.initialDelaySeconds) ?? 0,
    periodSeconds: number(probe.periodSeconds) ?? 10,
    timeoutSeconds: number(probe.timeoutSeconds) ?? 1,
    failureThreshold: number(probe.failureThreshold) ?? 3,
    successThreshold: number(probe.successThreshold) ?? 1,
  };
}
