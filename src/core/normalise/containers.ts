// Containers of a pod or of a pod template: spec, status and logs as facts.

import type {
  ContainerEvidence,
  ContainerKind,
  ContainerState,
  EnvEntry,
  EnvFrom,
  Handler,
  Log,
  Mount,
  Port,
  Probe,
  Termination,
} from '../evidence.ts';
import { absent, type Fact, seen, unread } from '../fact.ts';
import { at, flag, isObject, type JsonObject, list, number, object, objects, text, words } from '../json.ts';
import { parseLog } from '../log.ts';
import { parseQuantity } from '../quantity.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, nameOf } from './look.ts';

/** `specRoot` is "spec" for a pod, "spec.template.spec" for a workload without pods. */
export function containersOf(look: Look, owner: KubeObject, specRoot: string, podName: string): ContainerEvidence[] {
  const spec = object(specRoot.split('.').reduce<unknown>((value, step) => at(value, step), owner));
  const label = `${owner.kind}/${nameOf(owner)}`;
  const read = (lists: 'initContainers' | 'containers', statuses: string): ContainerEvidence[] =>
    objects(spec[lists]).map((container, i) => {
      const found = objects(at(owner, 'status', statuses)).findIndex((s) => s.name === container.name);
      return containerOf({
        look,
        label,
        podName,
        spec,
        container,
        kind: lists === 'containers' ? 'main' : container.restartPolicy === 'Always' ? 'sidecar' : 'init',
        specAt: `${specRoot}.${lists}[${i}]`,
        statusAt: `status.${statuses}[${found < 0 ? i : found}]`,
        status: object(objects(at(owner, 'status', statuses))[found]),
      });
    });
  return [...read('initContainers', 'initContainerStatuses'), ...read('containers', 'containerStatuses')];
}

interface Parts {
  look: Look;
  label: string;
  podName: string;
  spec: JsonObject;
  container: JsonObject;
  kind: ContainerKind;
  specAt: string;
  statusAt: string;
  status: JsonObject;
}

function containerOf(p: Parts): ContainerEvidence {
  const { container: c, status, look, label, specAt, statusAt } = p;
  const spec = <T>(path: string, value: T | undefined): Fact<T> => look.field(label, `${specAt}.${path}`, value);
  const stat = <T>(path: string, value: T | undefined): Fact<T> => look.field(label, `${statusAt}.${path}`, value);
  const ports = objects(c.ports).map(portOf);
  const name = text(c.name) ?? '';
  const last = terminationOf(at(status, 'lastState', 'terminated'));
  return {
    name,
    kind: p.kind,
    specAt,
    statusAt,
    image: spec('image', text(c.image)),
    imagePullPolicy: spec('imagePullPolicy', text(c.imagePullPolicy)),
    command: spec('command', c.command === undefined ? undefined : strings(c.command)),
    args: spec('args', c.args === undefined ? undefined : strings(c.args)),
    workingDir: spec('workingDir', text(c.workingDir)),
    env: spec('env', c.env === undefined ? undefined : objects(c.env).map(envOf)),
    envFrom: spec('envFrom', c.envFrom === undefined ? undefined : objects(c.envFrom).map(envFromOf)),
    ports: spec('ports', c.ports === undefined ? undefined : ports),
    memoryLimit: spec('resources.limits.memory', words(at(c, 'resources', 'limits', 'memory'))),
    memoryRequest: spec('resources.requests.memory', words(at(c, 'resources', 'requests', 'memory'))),
    cpuLimit: spec('resources.limits.cpu', words(at(c, 'resources', 'limits', 'cpu'))),
    cpuRequest: spec('resources.requests.cpu', words(at(c, 'resources', 'requests', 'cpu'))),
    probes: {
      liveness: spec('livenessProbe', probeOf(c.livenessProbe, ports)),
      readiness: spec('readinessProbe', probeOf(c.readinessProbe, ports)),
      startup: spec('startupProbe', probeOf(c.startupProbe, ports)),
    },
    postStart: spec('lifecycle.postStart', handlerOf(at(c, 'lifecycle', 'postStart'), ports)),
    preStop: spec('lifecycle.preStop', handlerOf(at(c, 'lifecycle', 'preStop'), ports)),
    securityContext: spec('securityContext', mergedSecurity(p.spec.securityContext, c.securityContext)),
    mounts: spec('volumeMounts', c.volumeMounts === undefined ? undefined : objects(c.volumeMounts).map(mountOf)),
    terminationMessagePolicy: spec('terminationMessagePolicy', text(c.terminationMessagePolicy)),
    state: stat('state', stateOf(status.state)),
    lastState: look.field(label, `${statusAt}.lastState.terminated`, last),
    ready: stat('ready', flag(status.ready)),
    restartCount: stat('restartCount', number(status.restartCount)),
    logs: { previous: logOf(look, p.podName, name, 'previous'), current: logOf(look, p.podName, name, 'current') },
    memoryUse: memoryUseOf(look, p.podName, name),
  };
}

function strings(value: unknown): string[] {
  return list(value).map((v) => words(v) ?? '');
}

function portOf(port: JsonObject): Port {
  return {
    name: text(port.name) ?? '',
    containerPort: number(port.containerPort) ?? 0,
    protocol: text(port.protocol) ?? 'TCP',
  };
}

function envOf(env: JsonObject): EnvEntry {
  const from = object(env.valueFrom);
  const name = text(env.name) ?? '';
  const key = (ref: unknown, kind: 'ConfigMap' | 'Secret'): EnvEntry => ({
    name,
    from: {
      kind,
      name: text(at(ref, 'name')) ?? '',
      key: text(at(ref, 'key')) ?? '',
      optional: at(ref, 'optional') === true,
    },
  });
  if (isObject(from.configMapKeyRef)) return key(from.configMapKeyRef, 'ConfigMap');
  if (isObject(from.secretKeyRef)) return key(from.secretKeyRef, 'Secret');
  if (isObject(from.fieldRef))
    return { name, from: { kind: 'field', name: text(from.fieldRef.fieldPath) ?? '', key: '', optional: false } };
  if (isObject(from.resourceFieldRef))
    return {
      name,
      from: { kind: 'resource', name: text(from.resourceFieldRef.resource) ?? '', key: '', optional: false },
    };
  return { name, value: words(env.value) ?? '' };
}

function envFromOf(from: JsonObject): EnvFrom {
  const secret = isObject(from.secretRef);
  const ref = object(secret ? from.secretRef : from.configMapRef);
  return {
    kind: secret ? 'Secret' : 'ConfigMap',
    name: text(ref.name) ?? '',
    prefix: text(from.prefix) ?? '',
    optional: ref.optional === true,
  };
}

function mountOf(mount: JsonObject): Mount {
  return {
    volume: text(mount.name) ?? '',
    path: text(mount.mountPath) ?? '',
    subPath: text(mount.subPath) ?? text(mount.subPathExpr) ?? '',
    readOnly: mount.readOnly === true,
  };
}

function handlerOf(value: unknown, ports: Port[]): Handler | undefined {
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
function probeOf(value: unknown, ports: Port[]): Probe | undefined {
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

function mergedSecurity(pod: unknown, container: unknown): JsonObject | undefined {
  if (!isObject(pod) && !isObject(container)) return undefined;
  return { ...object(pod), ...object(container) };
}

function stateOf(value: unknown): ContainerState | undefined {
  const state = object(value);
  if (isObject(state.waiting))
    return { is: 'waiting', reason: text(state.waiting.reason) ?? '', message: text(state.waiting.message) ?? '' };
  if (isObject(state.running)) return { is: 'running', startedAt: text(state.running.startedAt) ?? '' };
  const ended = terminationOf(state.terminated);
  return ended ? { is: 'terminated', ...ended } : undefined;
}

function terminationOf(value: unknown): Termination | undefined {
  if (!isObject(value)) return undefined;
  return {
    exitCode: number(value.exitCode) ?? 0,
    signal: number(value.signal) ?? 0,
    reason: text(value.reason) ?? '',
    message: text(value.message) ?? '',
    startedAt: text(value.startedAt) ?? '',
    finishedAt: text(value.finishedAt) ?? '',
  };
}

// The log API answers 200 with this text when the container is gone: no log, not a log that says so.
const NO_LOG =
  /^(?:unable to retrieve container logs for |failed to try resolving symlinks in path|Error from server \((?:BadRequest|NotFound|InternalError|Forbidden)\): (?:previous terminated container|container |Get |pods? [^\n]{0,120}(?:not found|pods\/log)))/;

function logOf(look: Look, pod: string, container: string, run: 'previous' | 'current'): Fact<Log> {
  const at = `log.${run}`;
  const found = look.snapshot.logs.find((l) => l.pod === pod && l.container === container && l.run === run);
  if (!found) {
    const why = look.whyUnread(`log.${run}/${pod}/${container}`) ?? look.whyUnread(`log/${pod}/${container}`);
    return why === undefined ? absent('log', at) : unread('log', at, why);
  }
  if (NO_LOG.test(found.text) && found.text.length < 400) return unread('log', at, 'the runtime no longer has it');
  return seen(parseLog(found.text, found.skippedBytes), 'log', at);
}

function memoryUseOf(look: Look, pod: string, container: string): Fact<number> {
  const address = `PodMetrics/${pod}`;
  const metrics = look.find('PodMetrics', pod);
  if (!metrics) return unread('metrics', address, look.whyUnread(address) ?? 'pod metrics were not collected');
  const usage = objects(metrics.containers).find((c) => c.name === container);
  const bytes = parseQuantity(words(at(usage, 'usage', 'memory')) ?? '');
  return bytes === undefined
    ? absent('metrics', address)
    : seen(bytes, 'metrics', `${address}:containers[${container}].usage.memory`);
}
